import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putLoose } from '../../fixtures-repos/hostile/raw-objects.ts';
import { type PackEntry, putPack, rawDelta, rawIdx, rawPack } from '../../fixtures-repos/hostile/raw-pack.ts';
import { type BuiltRepo, buildRepo, type RepoBuilder } from '../../fixtures-repos/index.ts';
import { deltaKinds, EntryHead } from '../../src/objects/entry-head.ts';
import { type PackForest, parseBaseDistance, parseEntryHeader, typeCodes } from '../../src/objects/index.ts';
import { type BuiltForest, forestOf } from './forest-of.ts';

/** Files that change a little, many times over: git finds deltas of blobs and of trees. */
const history = (r: RepoBuilder, versions = 30, name = 'text'): void => {
  const commits = Array.from({ length: versions }, (_, version) => {
    const lines = Array.from(
      { length: 60 },
      (_line, at) => `${name} ${at} ${(at * 7 + version) % 11 === 0 ? version : at}\n`,
    );
    return [
      'commit refs/heads/main',
      `committer Ada Example <ada@example.com> ${1704067260 + version * 60} +0000`,
      ...data(`${name} ${version}`),
      ...(version === 0 ? ['deleteall'] : []),
      `M 100644 inline ${name}.txt`,
      ...data(lines.join('')),
      `M 100644 inline sub/${name}/${version}.txt`,
      ...data(`${name} ${version}`),
    ];
  });
  r.gitWith({ input: `${commits.flat().join('\n')}\n` }, 'fast-import', '--quiet', '--force');
};

const data = (text: string): string[] => [`data ${text.length}`, text];

const packPaths = (gitDir: string): string[] =>
  readdirSync(join(gitDir, 'objects/pack'))
    .filter((name) => name.endsWith('.pack'))
    .sort()
    .map((name) => join(gitDir, 'objects/pack', name));

const idxOf = (pack: string): string => pack.replace(/pack$/, 'idx');

/** What `git verify-pack -v` says: one line an entry, in the order of the pack. */
const gitLines = (repo: BuiltRepo): string[] =>
  packPaths(repo.gitDir).flatMap((path) =>
    repo
      .git('verify-pack', '-v', idxOf(path))
      .split('\n')
      .filter((line) => /^[0-9a-f]{40}/.test(line))
      .map((line) => line.split(/ +/))
      .sort((a, b) => Number(a[4]) - Number(b[4]))
      .map((fields) => fields.join(' ')),
  );

const typeNames = Object.fromEntries(Object.entries(typeCodes).map(([name, code]) => [code, name]));

const forestLines = ({ forest, oidOf, chainOf }: BuiltForest): string[] =>
  Array.from({ length: forest.count }, (_, node) => {
    const { types, streamSizes, storedBytes, offsets, bases } = forest;
    const base = bases[node] ?? -1;
    const delta = base === -1 ? [] : [chainOf(node).length - 1, oidOf(base)];
    return [
      oidOf(node),
      typeNames[types[node] ?? 0],
      streamSizes[node],
      storedBytes[node],
      offsets[node],
      ...delta,
    ].join(' ');
  });

/** Every node that is not declined stands in one family, behind its base, and the heaviest child comes last. */
const expectFamilies = ({ forest }: BuiltForest): void => {
  const seen = new Set<number>();
  const weigh = (node: number): number => {
    expect(seen.has(node)).toBe(false);
    seen.add(node);
    const weights = childrenOf(forest, node).map((child) => {
      expect(forest.bases[child]).toBe(node);
      return weigh(child);
    });
    expect(weights.at(-1) ?? 0).toBe(Math.max(0, ...weights));
    const weight = weights.reduce((sum, one) => sum + one, forest.storedBytes[node] ?? 0);
    expect(forest.weights[node]).toBe(weight);
    return weight;
  };
  for (const root of forest.roots) {
    expect(forest.bases[root]).toBe(-1);
    weigh(root);
  }
  expect([...forest.types].filter((type) => type !== typeCodes.unknown)).toHaveLength(seen.size);
};

const childrenOf = ({ firstChild, nextSibling }: PackForest, node: number): number[] => {
  const children: number[] = [];
  for (let child = firstChild[node] ?? -1; child !== -1; child = nextSibling[child] ?? -1) children.push(child);
  return children;
};

const repack = (r: RepoBuilder, ...settings: string[]): void =>
  void r.git(
    ...settings.flatMap((setting) => ['-c', setting]),
    'repack',
    '-q',
    '-a',
    '-d',
    '-f',
    '--depth=30',
    '--window=20',
  );

test.each<[string, 'sha1' | 'sha256', (r: RepoBuilder) => void]>([
  ['bases named by their distance', 'sha1', (r) => repack(r)],
  ['bases named by their oid', 'sha1', (r) => repack(r, 'repack.useDeltaBaseOffset=false')],
  ['an index of version 1', 'sha1', (r) => repack(r, 'pack.indexVersion=1')],
  ['oids of 32 bytes', 'sha256', (r) => repack(r)],
  ['oids of 32 bytes that name bases', 'sha256', (r) => repack(r, 'repack.useDeltaBaseOffset=false')],
])('entries are as git verify-pack lists them: %s', async (_what, objectFormat, pack) => {
  const repo = await buildRepo(
    (r) => {
      history(r);
      r.tag('v1', 'one');
      pack(r);
    },
    { objectFormat },
  );
  const built = await forestOf(repo.gitDir, objectFormat);
  const expected = gitLines(repo);
  expect(expected.filter((line) => line.split(' ').length === 7).length).toBeGreaterThan(20);
  expect(forestLines(built)).toEqual(expected);
  expect(built.forest.declined).toEqual([]);
  expectFamilies(built);
});

test('offsets that go through the 64-bit table of an index are read as any other', async () => {
  const repo = await buildRepo((r) => {
    history(r, 10);
    repack(r);
    const [pack = ''] = packPaths(r.gitDir);
    const idx = idxOf(pack);
    rmSync(idx);
    r.git('index-pack', '--index-version=2,0x100', '-o', idx, pack);
  });
  const built = await forestOf(repo.gitDir);
  expect(built.packs[0]?.bytes.length).toBeGreaterThan(1072 + built.forest.count * 28);
  expect(forestLines(built)).toEqual(gitLines(repo));
});

test('an object in several packs has a node in each, and one of them is its first', async () => {
  const repo = await buildRepo((r) => {
    history(r, 8);
    r.git('repack', '-q');
    history(r, 8, 'more');
    r.git('repack', '-q', '-a');
    r.git('repack', '-q', '-a', '-f', '--depth=0');
  });
  const built = await forestOf(repo.gitDir);
  const { forest } = built;
  expect(forest.packs.length).toBeGreaterThan(1);
  expect(forestLines(built)).toEqual(gitLines(repo));
  const firsts = [...forest.isPrimary.keys()].filter((node) => forest.isPrimary[node] === 1).map(built.oidOf);
  const listed = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n');
  expect(firsts.sort()).toEqual(listed);
  expect(firsts.length).toBeLessThan(forest.count);
  expectFamilies(built);
});

const text = Buffer.from('the base of a delta\n'.repeat(8));
const copyAll = rawDelta(text.length, text.length, [{ copy: [0, text.length] }]);
const whole = (digit: string): PackEntry => ({
  ...{ oid: digit.repeat(40), type: 'blob', data: Buffer.concat([text, Buffer.from(digit)]) },
});
const refDelta = (digit: string, base: string): PackEntry => ({
  ...{ oid: digit.repeat(40), type: 'ref-delta', base: base.repeat(40), data: copyAll },
});
const ofsDelta = (digit: string, base: { readonly distance: number } | { readonly entry: number }): PackEntry => ({
  ...{ oid: digit.repeat(40), type: 'ofs-delta', base, data: copyAll },
});

const handMade = async (...packs: readonly (readonly PackEntry[])[]): Promise<BuiltRepo> =>
  await buildRepo((r) => {
    for (const entries of packs) putPack(r.gitDir, rawPack(entries));
  });

/** The first digit of every declined object's oid, and why. */
const declinedOf = ({ forest, nodeOf, oidOf }: BuiltForest): string[] => {
  const oids = [...forest.objects.keys()].map(oidOf);
  for (const { object } of forest.declined) {
    const node = nodeOf(oids[forest.objects.indexOf(object)] ?? '');
    expect(forest.types[node]).toBe(typeCodes.unknown);
    expect(forest.bases[node]).toBe(-1);
  }
  return forest.declined.map(({ object, reason }) => `${oids[forest.objects.indexOf(object)]?.[0]} ${reason}`);
};

test('a base may stand behind its delta, in another pack, or in that of an alternate', async () => {
  const repo = await handMade([refDelta('1', '2'), whole('2')], [refDelta('3', '1'), refDelta('4', '5')]);
  const lender = await handMade([whole('5')]);
  const built = await forestOf([repo.gitDir, lender.gitDir]);
  const chain = (digit: string): string =>
    built
      .chainOf(built.nodeOf(digit.repeat(40)))
      .map((node) => built.oidOf(node)[0])
      .join('');
  expect(['1', '2', '3', '4', '5'].map(chain)).toEqual(['12', '2', '312', '45', '5']);
  expect(built.forest.declined).toEqual([]);
  expectFamilies(built);
});

test('a delta takes the base of its own pack where two packs have it', async () => {
  const repo = await handMade([whole('1'), refDelta('2', '1')], [whole('1'), refDelta('3', '1')]);
  const { forest } = await forestOf(repo.gitDir);
  for (const { firstNode, endNode } of forest.packs) {
    expect(forest.bases.subarray(firstNode, endNode)).toEqual(Int32Array.of(-1, firstNode));
  }
});

test('what does not hold is declined with a reason, and nothing else is', async () => {
  const repo = await handMade([
    whole('1'),
    refDelta('2', '2'),
    refDelta('3', '4'),
    refDelta('4', '5'),
    refDelta('5', '3'),
    refDelta('6', '5'),
    refDelta('7', '0'),
    ofsDelta('8', { distance: 3 }),
    ofsDelta('9', { distance: 1 << 20 }),
    ofsDelta('a', { entry: 8 }),
    ofsDelta('b', { distance: 0 }),
    { oid: 'c'.repeat(40), type: 'blob', data: text, size: 2 ** 60 },
    ofsDelta('d', { entry: 0 }),
  ]);
  const built = await forestOf(repo.gitDir);
  expect(declinedOf(built)).toEqual([
    '2 its chain of deltas has no end',
    '3 its chain of deltas has no end',
    '4 its chain of deltas has no end',
    '5 its chain of deltas has no end',
    '6 its chain of deltas has no end',
    '7 its base is in no pack',
    '8 no entry starts where its base should',
    '9 no entry starts where its base should',
    'a its base cannot be read',
    'b it is a delta of itself',
    'c its entry claims 2^53 bytes or more',
  ]);
  expect([...built.forest.roots].map((node) => built.oidOf(node)[0])).toEqual(['1']);
  expectFamilies(built);
});

test('a thin pack whose base is loose is left to git', async () => {
  const repo = await buildRepo((r) => {
    const base = putLoose(r.gitDir, 'blob', text);
    putPack(r.gitDir, rawPack([{ oid: '1'.repeat(40), type: 'ref-delta', base, data: copyAll }]));
  });
  expect(declinedOf(await forestOf(repo.gitDir))).toEqual(['1 its base is in no pack']);
});

test.each([
  ['outside the pack', [12, 5000], ['2 its index points outside the pack']],
  ['into the head of the pack', [12, 3], ['2 its index points outside the pack']],
  ['beyond 2^32', [12, 0x8000_0000], ['2 its index points outside the pack']],
  ['at one entry twice', [12, 12], []],
  [
    'into the middle of an entry',
    [12, 13],
    ['1 the head of its entry is cut short', '2 its entry is of no known type'],
  ],
])('an index that points %s declines what cannot be so', async (_what, offsets, reasons) => {
  const entries = [whole('1'), whole('2')];
  const repo = await buildRepo((r) => {
    const { pack } = rawPack(entries);
    const rows = entries.map(({ oid }, at) => ({ oid, offset: offsets[at] ?? 0, crc: 0 }));
    putPack(r.gitDir, { pack, idx: rawIdx(rows, pack.subarray(-20)) });
  });
  const built = await forestOf(repo.gitDir);
  expect(declinedOf(built)).toEqual(reasons);
  if (offsets[0] === offsets[1]) {
    const { storedBytes, types } = built.forest;
    expect(storedBytes[0]).toBe(storedBytes[1]);
    expect([...types]).toEqual([typeCodes.blob, typeCodes.blob]);
  }
  expectFamilies(built);
});

test('a pack that is gone, was cut short or is not that of its index declines its objects, and only those', async () => {
  const repo = await handMade([whole('1'), whole('2')], [whole('3')], [whole('4')]);
  const before = await forestOf(repo.gitDir);
  const pathOf = (digit: string): string => {
    const node = before.nodeOf(digit.repeat(40));
    return before.forest.packs.find(({ firstNode, endNode }) => node >= firstNode && node < endNode)?.path ?? '';
  };
  const gone = await forestOf(repo.gitDir, 'sha1', () => renameSync(pathOf('1'), `${pathOf('1')}.away`));
  expect(declinedOf(gone)).toEqual(['1 its pack could not be read', '2 its pack could not be read']);
  expect(gone.forest.roots).toHaveLength(2);
  renameSync(`${pathOf('1')}.away`, pathOf('1'));
  chmodSync(pathOf('3'), 0o644);
  const cut = await forestOf(repo.gitDir, 'sha1', () => truncateSync(pathOf('3'), 20));
  expect(declinedOf(cut)).toEqual(['3 its index points outside the pack']);
  expect(declinedOf(await forestOf(repo.gitDir))).toEqual(['3 its pack could not be read']);
});

test('a chain of 5000 deltas and a ring of 1000 are followed without recursion', async () => {
  const names = Array.from({ length: 5000 }, (_, i) => i.toString(16).padStart(40, '0'));
  const chain = names.map((oid, i): PackEntry => {
    const base = names[i + 1];
    return base === undefined ? { oid, type: 'blob', data: text } : { oid, type: 'ref-delta', base, data: copyAll };
  });
  const { forest } = await forestOf((await handMade(chain)).gitDir);
  expect(forest.declined).toEqual([]);
  expect([...forest.types].every((type) => type === typeCodes.blob)).toBe(true);
  expect([...forest.roots]).toEqual([4999]);
  expect(forest.weights[4999]).toBe(forest.storedBytes.reduce((sum, bytes) => sum + bytes, 0));
  const ring = chain
    .slice(0, 1000)
    .map((entry, i): PackEntry => (i === 999 ? { ...entry, type: 'ref-delta', base: names[0] ?? '' } : entry));
  const endless = await forestOf((await handMade(ring)).gitDir);
  expect(endless.forest.declined).toHaveLength(1000);
  expect(endless.forest.roots).toHaveLength(0);
});

test('whatever a pack and its index say, every node stands in one family or is declined', async () => {
  const repo = await buildRepo((r) => {
    history(r, 12);
    repack(r, 'repack.useDeltaBaseOffset=false');
    history(r, 12, 'more');
    r.git('repack', '-q', '--window=20');
  });
  const files = packPaths(repo.gitDir).map((path) => ({
    path,
    pack: readFileSync(path),
    idx: readFileSync(idxOf(path)),
  }));
  for (const { path } of files) for (const one of [path, idxOf(path)]) chmodSync(one, 0o644);
  const places = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.boolean()), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(places, async (changes) => {
      for (const { path, pack, idx } of files) {
        const [badPack, badIdx] = [Buffer.from(pack), Buffer.from(idx)];
        for (const [place, byte, isInIndex] of changes) {
          // What stands before and behind would hide the pack as a whole: its count, its checksum, the fan-out.
          if (isInIndex) badIdx[1032 + (place % (idx.length - 1032 - 40))] = byte;
          else badPack[12 + (place % (pack.length - 32))] = byte;
        }
        writeFileSync(path, badPack);
        writeFileSync(idxOf(path), badIdx);
      }
      const built = await forestOf(repo.gitDir);
      expect(built.forest.count).toBe(files.reduce((sum, { pack }) => sum + pack.readUInt32BE(8), 0));
      expectFamilies(built);
    }),
    { numRuns: 60 },
  );
});

test('heads of entries are read as the plain parsers read them', () => {
  const head = new EntryHead();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(3), fc.constantFrom(20, 32), (bytes, at, oidLength) => {
      const plain = plainHead(bytes, at, oidLength);
      const reason = head.parse(bytes, at, bytes.length, oidLength);
      expect(reason === null).toBe(plain !== null);
      if (plain === null) return;
      expect({ sizeBytes: head.sizeBytes, next: head.next }).toEqual({ sizeBytes: plain.sizeBytes, next: plain.next });
      if (plain.distance !== null) expect([head.kind, head.distance]).toEqual([deltaKinds.ofs, plain.distance]);
    }),
    { numRuns: 3000 },
  );
});

const plainHead = (
  bytes: Uint8Array,
  at: number,
  oidLength: number,
): { sizeBytes: number; next: number; distance: number | null } | null => {
  try {
    const { type, sizeBytes, next } = parseEntryHeader(bytes, at);
    if (type === 'ofs-delta') return { sizeBytes, ...parseBaseDistance(bytes, next) };
    if (type !== 'ref-delta') return { sizeBytes, next, distance: null };
    return next + oidLength > bytes.length ? null : { sizeBytes, next: next + oidLength, distance: null };
  } catch {
    return null;
  }
};
