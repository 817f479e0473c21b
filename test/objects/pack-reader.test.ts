import { appendFileSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PackEntry, putPack, putPackWithHole, rawPack } from '../../fixtures-repos/hostile/raw-pack.ts';
import { type BuiltRepo, buildRepo } from '../../fixtures-repos/index.ts';
import { invariant } from '../../src/errors.ts';
import { oidFromBytes, ReadGit } from '../../src/git/index.ts';
import { KernelMemory } from '../../src/kernel/index.ts';
import { type PackForest, PackReader, readInventory, slackBytes, visitHere } from '../../src/objects/index.ts';
import { forestOf } from './forest-of.ts';

/** Bytes that do not compress. */
const noise = (length: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(length);
  let state = seed + 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
};

const blob = (number: number, length: number): PackEntry => ({
  ...{ oid: number.toString(16).padStart(40, '0'), type: 'blob', data: noise(length, number) },
});

/** Entries of all lengths, in more packs than are open at a time. */
const manyPacks = (): Promise<BuiltRepo> =>
  buildRepo((r) => {
    for (let pack = 0; pack < 20; pack++) {
      const entries = Array.from({ length: 12 }, (_, i) => blob(pack * 100 + i, (i * i * 331) % 30_000));
      putPack(r.gitDir, rawPack(entries));
    }
  });

const streamsOf = ({ packs, offsets, storedBytes, headerBytes }: PackForest): Buffer[] =>
  packs.flatMap(({ path, firstNode, endNode }) => {
    const bytes = readFileSync(path);
    return Array.from({ length: endNode - firstNode }, (_, i) => {
      const node = firstNode + i;
      const start = offsets[node] ?? 0;
      return bytes.subarray(start + (headerBytes[node] ?? 0), start + (storedBytes[node] ?? 0));
    });
  });

const copyOf = (memory: KernelMemory, reader: PackReader, node: number): Buffer | null => {
  const stream = reader.stream(node);
  if (stream === null) return null;
  expect(memory.bytes.length).toBeGreaterThanOrEqual(stream.end + slackBytes);
  return Buffer.from(memory.bytes.subarray(stream.at, stream.end));
};

test('streams are the bytes of the packs, in any order, with any budget, also after the memory has grown', async () => {
  const { forest } = await forestOf((await manyPacks()).gitDir);
  const expected = streamsOf(forest);
  expect(expected).toHaveLength(240);
  const nodes = fc.array(fc.nat(forest.count - 1), { minLength: 100, maxLength: 400 });
  fc.assert(
    fc.property(nodes, fc.constantFrom(1, 200 << 10, 1 << 20), (order, budgetBytes) => {
      const memory = new KernelMemory();
      const reader = new PackReader(memory, forest, budgetBytes);
      for (const [i, node] of order.entries()) {
        if (i === 50) memory.inputFor(1 << 20);
        if (copyOf(memory, reader, node)?.equals(expected[node] ?? Buffer.alloc(0)) !== true) {
          expect(copyOf(memory, reader, node)).toEqual(expected[node]);
        }
      }
      reader.close();
    }),
    { numRuns: 20 },
  );
});

// Files have no holes by default there.
test.skipIf(process.platform === 'win32' || process.platform === 'darwin')(
  'entries behind 4 GiB are found, and what lies between is not read',
  async () => {
    const [first, last] = [blob(1, 500), blob(2, 700)] as const;
    const repo = await buildRepo(
      (r) => void putPackWithHole(r.gitDir, [first, last], { oid: 'e'.repeat(40), sizeBytes: 5 * 2 ** 30 }),
    );
    const { forest, nodeOf, oidOf } = await forestOf(repo.gitDir);
    expect(forest.declined.map(({ reason }) => reason)).toEqual(['its entry is of no known type']);
    expect([...forest.roots].map(oidOf)).toEqual([first.oid, last.oid]);
    const node = nodeOf(last.oid);
    expect(forest.offsets[node]).toBeGreaterThan(2 ** 32);
    const memory = new KernelMemory();
    const reader = new PackReader(memory, forest, 1 << 20);
    expect(inflateSync(copyOf(memory, reader, node) ?? Buffer.alloc(0))).toEqual(last.data);
    expect(inflateSync(copyOf(memory, reader, nodeOf(first.oid)) ?? Buffer.alloc(0))).toEqual(first.data);
    reader.close();
    expect(repo.git('cat-file', '-s', last.oid)).toBe('700');
  },
);

test('where git repacks after the listing, what the reader no longer finds is still there for a sweep through git', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a' });
    r.git('repack', '-q', '-a', '-d');
    r.commit('two', { 'b.txt': 'b' });
    r.git('repack', '-q');
  });
  const objectDirectory = join(repo.gitDir, 'objects');
  await using readGit = await ReadGit.open({ objectDirectory, alternateDirectories: [], format: 'sha1' });
  const inventory = await readInventory({
    ...{ stores: [{ directory: objectDirectory, isAlternate: false }], readGit, format: 'sha1', engine: 'pack' },
  });
  repo.git('repack', '-q', '-a', '-d', '-f');
  const { forest } = inventory;
  invariant(forest !== null, 'the engine makes one');
  expect(forest.packs).toHaveLength(2);
  const reader = new PackReader(new KernelMemory(), forest, 1 << 20);
  expect(forest.roots.length).toBeGreaterThan(0);
  for (const node of forest.roots) expect(reader.stream(node)).toBeNull();
  reader.close();
  const seen: string[] = [];
  const input = new Uint8Array(1 << 10);
  const problems = await visitHere(
    { source: readGit, inventory, objects: inventory.order },
    {
      inputFor: () => input,
      visit: ({ number }) => void seen.push(oidFromBytes(inventory.oids, number * 20, 20)),
      take: () => ({ result: null, transfer: [] }),
    },
  );
  expect(problems).toEqual([]);
  expect(seen.sort()).toEqual(repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n'));
});

test('what is larger than the room for it is left to git', async () => {
  const repo = await buildRepo((r) => void putPack(r.gitDir, rawPack([blob(1, 100_000), blob(2, 60_000)])));
  const { forest } = await forestOf(repo.gitDir);
  const reader = new PackReader(new KernelMemory(), forest, 0);
  expect(reader.stream(0)).toBeNull();
  expect(reader.stream(1)).not.toBeNull();
  reader.close();
});

test('a node that is declined, or that is none, has no stream', async () => {
  const entries: PackEntry[] = [blob(1, 100), { ...blob(2, 100), type: 'ref-delta', base: 'f'.repeat(40) }];
  const repo = await buildRepo((r) => void putPack(r.gitDir, rawPack(entries)));
  const { forest } = await forestOf(repo.gitDir);
  expect(forest.declined).toHaveLength(1);
  const reader = new PackReader(new KernelMemory(), forest, 1 << 20);
  expect([0, 1, 2, -1].map((node) => reader.stream(node) !== null)).toEqual([true, false, false, false]);
  reader.close();
});

test.each<[string, (path: string) => void]>([
  ['is gone', (path) => rmSync(path)],
  [
    'has another size',
    (path) => {
      chmodSync(path, 0o644);
      appendFileSync(path, 'more');
    },
  ],
])('a pack that %s when it is opened gives nothing, and the others go on', async (_what, change) => {
  const repo = await buildRepo((r) => {
    for (const number of [1, 2]) putPack(r.gitDir, rawPack([blob(number, 500)]));
  });
  const { forest } = await forestOf(repo.gitDir);
  change(forest.packs[0]?.path ?? '');
  const reader = new PackReader(new KernelMemory(), forest, 1 << 20);
  expect(reader.stream(0)).toBeNull();
  expect(reader.stream(1)).not.toBeNull();
  expect(reader.stream(0)).toBeNull();
  reader.close();
});
