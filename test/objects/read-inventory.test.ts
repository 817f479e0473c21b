import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { putPack, rawDelta, rawPack } from '../../fixtures-repos/hostile/raw-pack.ts';
import { type BuiltRepo, buildRepo } from '../../fixtures-repos/index.ts';
import { type ObjectFormat, type Oid, oidFromBytes, ReadGit } from '../../src/git/index.ts';
import { findObject, type Inventory, noObject, readInventory, typeCodes } from '../../src/objects/index.ts';

const typeNames = Object.fromEntries(Object.entries(typeCodes).map(([name, code]) => [code, name]));

const lineOf = (inventory: Inventory, number: number): string => {
  const length = inventory.format === 'sha1' ? 20 : 32;
  const oid = oidFromBytes(inventory.oids, number * length, length);
  return `${oid} ${typeNames[inventory.types[number] ?? 0]} ${inventory.sizes[number]}`;
};

const linesOf = (inventory: Inventory): string[] =>
  Array.from({ length: inventory.count }, (_, number) => lineOf(inventory, number));

const gitLines = (repo: BuiltRepo): string[] => {
  const text = repo.git('cat-file', '--batch-all-objects', '--batch-check');
  return text === '' ? [] : text.split('\n');
};

interface Options {
  readonly format?: ObjectFormat;
  readonly alternates?: readonly string[];
  readonly reachableFrom?: readonly Oid[];
  readonly silenceMs?: number;
  readonly engine?: 'pack' | 'cat-file';
}

const inventoryOf = async (repo: BuiltRepo, options: Options = {}): Promise<Inventory> => {
  const { format = 'sha1', alternates = [], reachableFrom, silenceMs, engine } = options;
  const objectDirectory = join(repo.gitDir, 'objects');
  await using readGit = await ReadGit.open({
    objectDirectory,
    alternateDirectories: alternates,
    format,
    ...(silenceMs === undefined ? {} : { limits: { silenceMs } }),
  });
  return await readInventory({
    stores: [
      { directory: objectDirectory, isAlternate: false },
      ...alternates.map((directory) => ({ directory, isAlternate: true })),
    ],
    readGit,
    format,
    ...(reachableFrom === undefined ? {} : { reachableFrom }),
    ...(engine === undefined ? {} : { engine }),
  });
};

const packFiles = (repo: BuiltRepo, ending: string): string[] =>
  readdirSync(join(repo.gitDir, 'objects/pack'))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(repo.gitDir, 'objects/pack', name))
    .sort();

/** Files of the store are read-only; a copy takes their place. */
const rewrite = (path: string, change: (bytes: Buffer) => Uint8Array): void => {
  const bytes = change(readFileSync(path));
  rmSync(path);
  writeFileSync(path, bytes);
};

const loosePath = (repo: BuiltRepo, oid: string): string => join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}`).join('\n');

test('packs, loose objects, annotated tags and what no ref reaches are listed as git lists them', async () => {
  const repo = await buildRepo((r) => {
    for (let i = 1; i < 8; i++) r.commit(`commit ${i}`, { 'a.txt': numbered(100 + i), 'sub/b.txt': `b${i}` });
    r.tag('v1', 'first');
    r.git('repack', '-q', '-d');
    r.commit('second pack', { 'a.txt': numbered(200) });
    r.git('repack', '-q', '-d');
    r.commit('loose', { 'c.txt': 'c' });
    r.hashObject('nobody reaches me');
  });
  const inventory = await inventoryOf(repo);
  expect(linesOf(inventory)).toEqual(gitLines(repo));
  expect(inventory.problems).toEqual([]);
  expect([...inventory.order].sort((a, b) => a - b)).toEqual([...Array(inventory.count).keys()]);
  for (let number = 0; number < inventory.count; number++) {
    expect(findObject(inventory, inventory.oids, number * 20)).toBe(number);
  }
  expect(findObject(inventory, new Uint8Array(20), 0)).toBe(-1);
  expect(findObject(inventory, inventory.oids.subarray(0, 19), 0)).toBe(-1);
});

test('the order is that of storage: by offset in a pack, loose objects last', async () => {
  const repo = await buildRepo((r) => {
    for (let i = 1; i < 5; i++) r.commit(`commit ${i}`, { 'a.txt': numbered(50 + i) });
    r.git('repack', '-q', '-a', '-d');
    r.hashObject('loose');
  });
  const inventory = await inventoryOf(repo);
  const [index = ''] = packFiles(repo, '.idx');
  const byOffset = repo
    .gitWith({ input: readFileSync(index) }, 'show-index')
    .split('\n')
    .map((line) => line.split(' '))
    .sort((a, b) => Number(a[0]) - Number(b[0]))
    .map((fields) => fields[1]);
  const stored = [...inventory.order].map((number) => oidFromBytes(inventory.oids, number * 20, 20));
  expect(stored.slice(0, -1)).toEqual(byOffset);
  expect(stored.at(-1)).toBe(repo.gitWith({ input: 'loose' }, 'hash-object', '--stdin'));
});

test('an object in two packs and loose is listed once', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q');
    r.commit('two', { 'b.txt': 'b' });
    r.git('repack', '-q', '-a');
  });
  expect(packFiles(repo, '.idx')).toHaveLength(2);
  const inventory = await inventoryOf(repo);
  expect(linesOf(inventory)).toEqual(gitLines(repo));
  expect(inventory.count).toBe(6);
});

test('SHA-256 repositories have oids of 32 bytes', async () => {
  const repo = await buildRepo(
    (r) => {
      r.commit('one', { 'a.txt': 'a' });
      r.git('repack', '-q', '-d');
      r.commit('two', { 'b.txt': 'b' });
    },
    { objectFormat: 'sha256' },
  );
  const inventory = await inventoryOf(repo, { format: 'sha256' });
  expect(linesOf(inventory)).toEqual(gitLines(repo));
  expect(findObject(inventory, inventory.oids, 32)).toBe(1);
});

test('an empty store has no objects and no problems', async () => {
  const repo = await buildRepo(() => {});
  const inventory = await inventoryOf(repo);
  expect(inventory).toMatchObject({ count: 0, problems: [], leftovers: [], passedOver: 0 });
});

/** Both engines list the same, but for the sizes of deltas, which only who unpacks them knows. @returns the one with the forest. */
const expectSameFromPacks = async (repo: BuiltRepo, options: Options = {}): Promise<Inventory> => {
  const byGit = await inventoryOf(repo, options);
  const byPacks = await inventoryOf(repo, { ...options, engine: 'pack' });
  expect(byGit.forest).toBeNull();
  const { forest } = byPacks;
  const isDelta = new Uint8Array(byPacks.count);
  for (let node = 0; node < (forest?.count ?? 0); node++) {
    if (forest?.isPrimary[node] === 1 && forest.bases[node] !== -1) isDelta[forest.objects[node] ?? 0] = 1;
  }
  const withoutDeltas = (sizes: Float64Array): Float64Array =>
    sizes.map((size, number) => (isDelta[number] === 1 ? 0 : size));
  expect({ ...byPacks, forest: null }).toEqual({ ...byGit, sizes: withoutDeltas(byGit.sizes) });
  return byPacks;
};

test('types come from the packs with the engine for packs, and git is asked for what is loose', async () => {
  const repo = await buildRepo((r) => {
    for (let i = 1; i < 8; i++) r.commit(`commit ${i}`, { 'a.txt': numbered(100 + i), 'sub/b.txt': `b${i}` });
    r.tag('v1', 'first');
    r.git('repack', '-q', '-a', '-d');
    r.commit('second pack', { 'a.txt': numbered(200) });
    r.git('repack', '-q');
    r.commit('loose', { 'c.txt': 'c' });
  });
  const inventory = await expectSameFromPacks(repo);
  expect(inventory.forest?.count).toBeGreaterThan(20);
  expect([...inventory.sizes].filter((size) => size === 0).length).toBeGreaterThan(4);
});

test('with the engine for packs, what a foreign alternate holds is not counted, and is a base all the same', async () => {
  const lender = await buildRepo((r) => {
    r.commit('not ours', { 'b.txt': numbered(301) });
    r.git('repack', '-q', '-a', '-d');
  });
  const theirs = lender.git('rev-parse', 'HEAD:b.txt');
  const borrower = await buildRepo((r) => {
    const ours = numbered(300);
    const oid = r.gitWith({ input: ours }, 'hash-object', '--stdin');
    const delta = rawDelta(numbered(301).length + 1, ours.length, [{ copy: [0, ours.length] }]);
    putPack(r.gitDir, rawPack([{ oid, type: 'ref-delta', base: theirs, data: delta }]));
  });
  const inventory = await inventoryOf(borrower, {
    alternates: [join(lender.gitDir, 'objects')],
    reachableFrom: [],
    engine: 'pack',
  });
  expect(inventory).toMatchObject({ count: 1, passedOver: 3, problems: [] });
  expect([...inventory.types]).toEqual([typeCodes.blob]);
  const { forest } = inventory;
  const base = forest?.bases.find((node) => node !== -1) ?? -1;
  expect(forest?.objects[base]).toBe(noObject);
  expect([...(forest?.objects ?? [])].filter((object) => object !== noObject)).toEqual([0]);
});

test('what the packs do not tell is asked of git, or named', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-d');
    r.commit('two', { 'b.txt': 'b' });
    r.git('repack', '-q', '-d');
    r.commit('three', { 'c.txt': 'c' });
  });
  const [first = '', second = ''] = packFiles(repo, '.pack');
  rewrite(first, (bytes) => bytes.subarray(0, 40));
  rewrite(second.replace(/pack$/, 'idx'), (bytes) => bytes.subarray(0, bytes.length - 30));
  const inventory = await expectSameFromPacks(repo);
  expect(inventory.salvaged).toHaveLength(1);
  expect(inventory.problems).toHaveLength(4);
});

test('index version 1 is read', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('-c', 'pack.indexVersion=1', 'repack', '-q', '-a', '-d');
  });
  const inventory = await inventoryOf(repo);
  expect(linesOf(inventory)).toEqual(gitLines(repo));
  expect(inventory.count).toBe(3);
});

test('a pack whose index is damaged is read through a new one, and that is said', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-d');
    r.commit('two', { 'b.txt': 'b' });
  });
  const lines = gitLines(repo);
  const [index = ''] = packFiles(repo, '.idx');
  rewrite(index, (bytes) => bytes.subarray(0, bytes.length - 30));
  const inventory = await inventoryOf(repo);
  expect(linesOf(inventory)).toEqual(lines);
  expect(inventory.problems).toEqual([]);
  expect(inventory.salvaged).toEqual([
    { oid: null, where: index.slice(index.indexOf('pack/')), reason: expect.stringContaining('does not have') },
  ]);
});

test('a pack with no index at all, or with that of another, is read through a new one', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-d');
    r.commit('two', { 'b.txt': 'b', 'c.txt': 'c' });
    r.git('repack', '-q', '-d');
  });
  const lines = gitLines(repo);
  const [first = '', second = ''] = packFiles(repo, '.idx');
  rmSync(first);
  expect(await inventoryOf(repo)).toMatchObject({ count: lines.length, problems: [] });
  const other = readFileSync(second);
  writeFileSync(first, other);
  const inventory = await inventoryOf(repo);
  expect(linesOf(inventory)).toEqual(lines);
  expect(inventory.problems).toEqual([]);
  expect(inventory.salvaged).toHaveLength(1);
});

test('packs that only a multi-pack-index lists, which git itself cannot read, are read through new indexes', async () => {
  const repo = await buildRepo((r) => {
    for (const name of ['a', 'b', 'c']) {
      r.commit(name, { [`${name}.txt`]: name });
      r.git('repack', '-q');
      r.git('prune-packed', '-q');
    }
  });
  const lines = gitLines(repo);
  repo.git('multi-pack-index', 'write', '--no-progress');
  for (const path of packFiles(repo, '.idx')) rmSync(path);
  const inventory = await expectSameFromPacks(repo);
  expect(linesOf(await inventoryOf(repo))).toEqual(lines);
  expect(inventory.problems).toEqual([]);
  expect(inventory.salvaged).toHaveLength(3);
});

test('where pack and index are both damaged, nothing is made up', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-d');
  });
  rewrite(packFiles(repo, '.idx')[0] ?? '', (bytes) => bytes.subarray(0, 500));
  rewrite(packFiles(repo, '.pack')[0] ?? '', (bytes) => bytes.subarray(0, bytes.length - 30));
  const inventory = await inventoryOf(repo);
  expect(inventory).toMatchObject({ count: 0, salvaged: [] });
  expect(inventory.problems).toMatchObject([{ where: expect.stringMatching(/^pack\/.*\.idx$/) }]);
});

test('an index with a wrong checksum is used, and named', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-d');
  });
  const [index = ''] = packFiles(repo, '.idx');
  rewrite(index, (bytes) => {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    return bytes;
  });
  const inventory = await inventoryOf(repo);
  expect(inventory.count).toBe(3);
  expect(inventory.problems).toMatchObject([{ reason: 'its checksum is wrong' }]);
});

test('a pack that is cut short is named, and so is every object that git cannot read', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': numbered(3000) });
    r.git('repack', '-q', '-d');
    r.commit('two', { 'b.txt': 'b' });
  });
  const [pack = ''] = packFiles(repo, '.pack');
  rewrite(pack, (bytes) => bytes.subarray(0, 40));
  const inventory = await inventoryOf(repo);
  expect(inventory.count).toBe(6);
  expect(inventory.problems[0]).toMatchObject({ oid: null, reason: expect.stringContaining('its end is not') });
  const unread = inventory.problems.slice(1).map(({ oid }) => oid);
  expect(unread).toHaveLength(3);
  expect([...inventory.types].filter((type) => type === typeCodes.unknown)).toHaveLength(3);
});

test('a damaged pack without an index, an index without a pack and leftovers are named', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-d');
    r.commit('two', { 'b.txt': 'b' });
    r.git('repack', '-q', '-d');
  });
  const [first = ''] = packFiles(repo, '.idx');
  rmSync(first);
  rewrite(first.replace(/idx$/, 'pack'), (bytes) => bytes.subarray(1));
  const second = packFiles(repo, '.pack').find((name) => !name.startsWith(first.replace(/idx$/, ''))) ?? '';
  rmSync(second);
  writeFileSync(join(repo.gitDir, 'objects/pack/tmp_pack_x1y2z3'), 'PACK');
  mkdirSync(join(repo.gitDir, 'objects/aa'), { recursive: true });
  writeFileSync(join(repo.gitDir, 'objects/aa/tmp_obj_q1w2e3'), '');
  const inventory = await inventoryOf(repo);
  expect(inventory.count).toBe(0);
  expect(inventory.problems.map(({ reason }) => reason).sort()).toEqual([
    'it has no index: git does not see its objects',
    'its pack is not there',
  ]);
  expect(inventory.leftovers).toEqual(['aa/tmp_obj_q1w2e3', 'pack/tmp_pack_x1y2z3']);
});

test('damaged loose objects are named, and hide no other', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    for (let i = 0; i < 30; i++) r.hashObject(`blob ${i}`);
  });
  const good = gitLines(repo);
  const damaged = [3, 9, 20].map((i) => repo.gitWith({ input: `blob ${i}` }, 'hash-object', '--stdin'));
  rewrite(loosePath(repo, damaged[0] ?? ''), () => Buffer.alloc(0));
  rewrite(loosePath(repo, damaged[1] ?? ''), () => Buffer.from('no zlib stream at all'));
  // A zlib stream that wants a preset dictionary: git calls it a bug of its own and aborts.
  rewrite(loosePath(repo, damaged[2] ?? ''), () => Buffer.from('78f9000000010000', 'hex'));
  const inventory = await inventoryOf(repo);
  expect(inventory.count).toBe(good.length);
  expect(inventory.problems.map(({ oid }) => oid).sort()).toEqual([...damaged].sort());
  expect(linesOf(inventory).filter((line) => !line.includes('unknown'))).toEqual(
    good.filter((line) => !damaged.includes(line.slice(0, 40))),
  );
});

test.skipIf(process.platform === 'win32')(
  'a pipe or a folder where an object should be is named, not opened',
  async () => {
    const repo = await buildRepo((r) => void r.commit('one', { 'a.txt': 'a' }));
    const folder = join(repo.gitDir, 'objects/ee');
    mkdirSync(folder, { recursive: true });
    execFileSync('mkfifo', [join(folder, 'a'.repeat(38))]);
    mkdirSync(join(folder, 'b'.repeat(38)));
    const stem = join(repo.gitDir, 'objects/pack/pack-0123');
    mkdirSync(join(repo.gitDir, 'objects/pack'), { recursive: true });
    execFileSync('mkfifo', [`${stem}.idx`, `${stem}.pack`]);
    const inventory = await inventoryOf(repo, { silenceMs: 5000 });
    expect(inventory.count).toBe(3);
    expect(inventory.problems).toEqual([
      { oid: `ee${'a'.repeat(38)}`, where: `ee/${'a'.repeat(38)}`, reason: 'it is not a regular file' },
      { oid: `ee${'b'.repeat(38)}`, where: `ee/${'b'.repeat(38)}`, reason: 'it is not a regular file' },
      { oid: null, where: 'pack/pack-0123.idx', reason: 'it is not a regular file' },
    ]);
  },
);

test('objects that only an alternate holds count where our refs reach them', async () => {
  const lender = await buildRepo((r) => {
    r.commit('shared', { 'a.txt': 'a' });
    r.commit('not ours', { 'b.txt': 'b' });
  });
  const shared = lender.git('rev-parse', 'HEAD^') as Oid;
  const borrower = await buildRepo((r) => {
    writeFileSync(join(r.gitDir, 'objects/info/alternates'), `${join(lender.gitDir, 'objects')}\n`);
    r.git('reset', '-q', '--hard', shared);
    r.commit('ours', { 'c.txt': 'c' });
  });
  const alternates = [join(lender.gitDir, 'objects')];
  const tip = borrower.git('rev-parse', 'HEAD') as Oid;
  const ours = await inventoryOf(borrower, { alternates, reachableFrom: [tip] });
  const reachable = borrower.git('rev-list', '--objects', '--no-object-names', 'HEAD').split('\n').sort();
  expect(linesOf(ours).map((line) => line.slice(0, 40))).toEqual(reachable);
  expect(ours).toMatchObject({ count: 6, passedOver: 3, problems: [] });
  const all = await inventoryOf(borrower, { alternates });
  expect(linesOf(all)).toEqual(gitLines(borrower));
  expect(all).toMatchObject({ count: 9, passedOver: 0 });
});

test('where reachability cannot be told, it says so', async () => {
  const lender = await buildRepo((r) => {
    r.commit('first', { 'a.txt': 'a' });
    r.commit('second', { 'b.txt': 'b' });
  });
  const tip = lender.git('rev-parse', 'HEAD') as Oid;
  rmSync(loosePath(lender, lender.git('rev-parse', 'HEAD^')));
  const borrower = await buildRepo((r) => void r.hashObject('ours'));
  const inventory = await inventoryOf(borrower, {
    alternates: [join(lender.gitDir, 'objects')],
    reachableFrom: [tip],
  });
  expect(inventory.problems).toMatchObject([{ where: 'alternates', reason: expect.stringContaining('missing') }]);
});

test('deltas that are each other’s base, over which git never ends, are named, and the rest is read', async () => {
  const repo = await buildRepo((r) => void r.commit('one', { 'a.txt': 'a' }));
  const good = gitLines(repo);
  const [a, b] = [Buffer.alloc(20, 0x11), Buffer.alloc(20, 0xee)];
  const delta = deflateSync(Buffer.of(4, 4, 0x90, 4));
  const entry = (base: Buffer): Buffer => Buffer.concat([Buffer.of(0x74), base, delta]);
  const body = Buffer.concat([Buffer.from('5041434b0000000200000002', 'hex'), entry(b), entry(a)]);
  const checksum = createHash('sha1').update(body).digest();
  const index = Buffer.alloc(8 + 1024 + 2 * 28);
  index.write('ff744f6300000002', 'hex');
  for (let first = 0; first < 256; first++) index.writeUInt32BE(first < 0x11 ? 0 : first < 0xee ? 1 : 2, 8 + first * 4);
  index.set(a, 1032);
  index.set(b, 1052);
  index.writeUInt32BE(12, 1032 + 48);
  index.writeUInt32BE(12 + entry(b).length, 1032 + 52);
  const summed = Buffer.concat([index, checksum]);
  mkdirSync(join(repo.gitDir, 'objects/pack'), { recursive: true });
  writeFileSync(join(repo.gitDir, 'objects/pack/pack-1.pack'), Buffer.concat([body, checksum]));
  writeFileSync(
    join(repo.gitDir, 'objects/pack/pack-1.idx'),
    Buffer.concat([summed, createHash('sha1').update(summed).digest()]),
  );
  // With the forest no git is asked for them at all, so none falls silent.
  for (const inventory of [
    await inventoryOf(repo, { silenceMs: 1000 }),
    await inventoryOf(repo, { silenceMs: 50_000, engine: 'pack' }),
  ]) {
    expect(inventory.problems.map(({ oid }) => oid)).toEqual([a.toString('hex'), b.toString('hex')]);
    expect(linesOf(inventory).filter((line) => !line.includes('unknown'))).toEqual(good);
  }
});
