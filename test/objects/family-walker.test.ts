import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { KernelMemory } from '../../src/kernel/index.ts';
import { FamilyWalker, type WalkLimits } from '../../src/objects/family-walker.ts';
import type { PackForest } from '../../src/objects/pack-forest.ts';
import { planPackWalk } from '../../src/objects/pack-shards.ts';
import { forestOf } from './forest-of.ts';

/** Versions of one file that go different ways, so that its family branches. */
const branching = buildRepo((r) => {
  const lines = Array.from({ length: 900 }, (_, line) => `line ${line} of a text that is long enough\n`);
  for (let version = 0; version < 40; version++) {
    for (let line = 0; line < 30; line++) lines[(version * 211 + line * 7) % 900] = `changed in ${version}, ${line}\n`;
    r.commit(`version ${version}`, { 'text.txt': lines.join('') });
  }
  r.git('repack', '-q', '-a', '-d', '-f', '--window=40', '--depth=6');
});

const walkAll = (forest: PackForest, limits?: WalkLimits) => {
  const objects = forest.objects.slice();
  const sizes = new Float64Array(new SharedArrayBuffer(objects.length * 8));
  const { task } = planPackWalk(forest, objects, sizes, Number.POSITIVE_INFINITY);
  const seen = new Map<number, string>();
  let input = new Uint8Array(0);
  const visitor = {
    inputFor: (sizeBytes: number) => {
      input = new Uint8Array(sizeBytes);
      return input;
    },
    visit: ({ number }: { number: number }) => void seen.set(number, Buffer.from(input).toString('latin1')),
    take: () => ({ result: null, transfer: [] }),
  };
  using walker = new FamilyWalker(new KernelMemory(), task, visitor, limits);
  for (const root of task.roots) walker.walk(root);
  return { seen, ...walker.take() };
};

test('where there is no room for all branches of a family their bases are made anew, and the texts are the same', async () => {
  const { forest } = await forestOf((await branching).gitDir);
  const roomy = walkAll(forest);
  const tight = walkAll(forest, { arenaBytes: 96 << 10, mostRemadeBytes: 1 << 30 });
  expect(roomy.declined).toEqual([]);
  expect(tight).toMatchObject({ declined: [], endless: [] });
  expect(tight.bytesInflated).toBeGreaterThan(roomy.bytesInflated);
  expect([...tight.seen].sort()).toEqual([...roomy.seen].sort());
});

test('work that grows with the square of a family ends, and what it left out is named', async () => {
  const { forest } = await forestOf((await branching).gitDir);
  const { seen } = walkAll(forest);
  const ended = walkAll(forest, { arenaBytes: 96 << 10, mostRemadeBytes: 100_000 });
  expect(ended.endless.length).toBeGreaterThan(0);
  expect(ended.declined).toEqual([]);
  expect([...ended.seen.keys(), ...ended.endless].sort()).toEqual([...seen.keys()].sort());
});
