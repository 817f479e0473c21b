import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AttributionInput, attribute, type Run, reachersOf } from '../../src/exposure/index.ts';
import {
  blobChoices,
  commitTable,
  type Draw,
  drawnHistory,
  flattener,
  inMemory,
  plan,
  type Row,
  treeEntries,
} from './histories.ts';
import { naiveRuns } from './naive-runs.ts';

const withoutTree = ({ tree, ...run }: Run) => {
  expect(tree).toBe(-1);
  return run;
};

interface World {
  readonly draws: readonly Draw[];
  /** Which subjects each blob shows. */
  readonly subjects: readonly (readonly number[])[];
  readonly tips: readonly { readonly commit: number; readonly ref: number }[];
  readonly order: readonly number[];
}

const world: fc.Arbitrary<World> = fc.record({
  draws: drawnHistory(30),
  subjects: fc.array(fc.subarray([0, 1, 2]), { minLength: blobChoices, maxLength: blobChoices }),
  tips: fc.array(fc.record({ commit: fc.nat(29), ref: fc.integer({ min: -1, max: 70 }) }), { maxLength: 5 }),
  order: fc.array(fc.nat(), { minLength: 64, maxLength: 64 }),
});

const build = ({ draws, subjects, tips, order }: World) => {
  const history = inMemory(plan(draws));
  const isMarked = ({ isSubtree, child }: Row) => isSubtree || (subjects[child]?.length ?? 0) > 0;
  const rows = history.rows.filter(isMarked);
  const shuffled = rows
    .map((row, index) => ({ row, key: order[index % order.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
  // The same blob shows less at one of the paths: what shows depends on the path too.
  const subjectsAt = (path: string, blob: number) =>
    path === 'e/f' ? (subjects[blob] ?? []).slice(1) : (subjects[blob] ?? []);
  const input = (entries: readonly Row[]): AttributionInput => ({
    commits: history.commits,
    trees: treeEntries(entries),
    subjectsAt,
    markedSubtreeNames: new Set(),
    tips: tips.filter(({ commit }) => commit < draws.length),
  });
  return { history, subjectsAt, sorted: input(rows), shuffled: input(shuffled) };
};

test('runs are what the contract says, on random histories, whatever order the rows come in', () => {
  fc.assert(
    fc.property(world, (drawn) => {
      const { history, subjectsAt, sorted, shuffled } = build(drawn);
      const expected = naiveRuns({
        commits: history.commits,
        filesOf: flattener(history.rows),
        subjectsAt,
        tips: sorted.tips,
      });
      expect(attribute(sorted).runs.map(withoutTree)).toEqual(expected);
      expect(attribute(shuffled).runs.map(withoutTree)).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

const everything = (path: string, blob: number) => (path !== '' && blob >= 0 ? [0] : []);
const attributeAll = (rows: readonly Row[], commits: AttributionInput['commits'], tip: number) =>
  attribute({
    commits,
    trees: treeEntries(rows),
    subjectsAt: everything,
    markedSubtreeNames: new Set(),
    tips: [{ commit: tip, ref: 0 }],
  });
const blob = (tree: number, name: string, child: number): Row => ({ tree, name, child, isSubtree: false });
const subtree = (tree: number, name: string, child: number): Row => ({ tree, name, child, isSubtree: true });

describe('a store that git would not write', () => {
  test('two subtrees of one name are seen as one directory', () => {
    const rows = [
      subtree(100, 'd', 101),
      subtree(100, 'd', 102),
      blob(101, 'x', 1),
      blob(102, 'x', 2),
      blob(102, 'y', 3),
      subtree(103, 'd', 102),
    ];
    const commits = commitTable([
      { parents: [], tree: 100, date: 1 },
      { parents: [0], tree: 103, date: 2 },
    ]);
    expect(attributeAll(rows, commits, 1).runs).toMatchObject([
      { path: 'd/x', introduced: 0, removed: -1, firstBlob: 1, lastBlob: 2, blobs: 2 },
      { path: 'd/y', introduced: 0, removed: -1, firstBlob: 3, lastBlob: 3, blobs: 1 },
    ]);
  });

  test('two blobs of one name both count', () => {
    const rows = [blob(100, 'x', 1), blob(100, 'x', 2)];
    const { runs } = attribute({
      commits: commitTable([{ parents: [], tree: 100, date: 1 }]),
      trees: treeEntries(rows),
      subjectsAt: (_, child) => [child],
      markedSubtreeNames: new Set(),
      tips: [],
    });
    expect(runs).toMatchObject([
      { subject: 1, path: 'x' },
      { subject: 2, path: 'x' },
    ]);
  });

  test('a tree that holds itself ends', () => {
    const rows = [subtree(100, 'again', 101), subtree(101, 'again', 100), blob(101, 'x', 1)];
    const { runs } = attributeAll(rows, commitTable([{ parents: [], tree: 100, date: 1 }]), 0);
    expect(runs.map(({ path }) => path)).toEqual(['again/x']);
  });

  test('a commit that is its own ancestor ends', () => {
    const commits = commitTable([
      { parents: [2], tree: 100, date: 1 },
      { parents: [0], tree: 100, date: 2 },
      { parents: [1, 2], tree: 100, date: 3 },
    ]);
    expect(attributeAll([blob(100, 'x', 1)], commits, 2).runs).toMatchObject([{ path: 'x', inTips: true, refs: [0] }]);
  });

  test('ten trees that unfold to ten billion paths are cut, and named', () => {
    const rows = Array.from({ length: 10 }, (_, level) =>
      Array.from({ length: 10 }, (_, name) =>
        level === 9 ? blob(109, `${name}`, 1) : subtree(100 + level, `${name}`, 101 + level),
      ),
    ).flat();
    const { runs, cut } = attribute({
      commits: commitTable([{ parents: [], tree: 100, date: 1 }]),
      trees: treeEntries(rows),
      // Only one place is asked for, so that the test is quick; all that are left unfold all the same.
      subjectsAt: (path) => (/^\d\/0\/0\/0\/0\/0$/.test(path) ? [0] : []),
      markedSubtreeNames: new Set(),
      tips: [],
    });
    expect(cut.length).toBeGreaterThan(0);
    expect(runs.length).toBeLessThanOrEqual(10);
  });

  test('a path thirty thousand directories deep is cut, and no stack overflows', () => {
    const depth = 30_000;
    const rows = Array.from({ length: depth }, (_, level) =>
      level === depth - 1 ? blob(100 + level, 'x', 1) : subtree(100 + level, 'd', 101 + level),
    );
    const { runs, cut } = attributeAll(rows, commitTable([{ parents: [], tree: 100, date: 1 }]), 0);
    expect(runs).toEqual([]);
    expect(cut).toHaveLength(1);
  });
});

test('thirty thousand commits in a row overflow no stack', () => {
  const commits = commitTable(
    Array.from({ length: 30_000 }, (_, c) => ({ parents: c === 0 ? [] : [c - 1], tree: c % 2 ? 100 : 101, date: c })),
  );
  const { runs } = attributeAll([blob(100, 'x', 1), blob(101, 'x', 2)], commits, 29_999);
  expect(runs).toMatchObject([{ introduced: 0, last: 29_999, removed: -1, blobs: 2, refs: [0] }]);
});

test('a commit whose tree is not there removes nothing', () => {
  const commits = commitTable([
    { parents: [], tree: 100, date: 1 },
    { parents: [0], tree: -1, date: 2 },
  ]);
  expect(attributeAll([blob(100, 'x', 1)], commits, 1).runs).toMatchObject([
    { introduced: 0, removed: -1, inTips: false },
  ]);
});

test('a parent that is not there is no parent: the commit behind the gap introduces', () => {
  const commits = commitTable([{ parents: [-1], tree: 100, date: 1 }]);
  expect(attributeAll([blob(100, 'x', 1)], commits, 0).runs).toMatchObject([{ introduced: 0, inTips: true }]);
});

test('a commit without a date is never the first where another one has a date', () => {
  const commits = commitTable([
    { parents: [], tree: 100, date: Number.NaN },
    { parents: [], tree: 100, date: 7 },
    { parents: [0, 1], tree: 100, date: 9 },
  ]);
  expect(attributeAll([blob(100, 'x', 1)], commits, 2).runs).toMatchObject([{ introduced: 1, last: 2 }]);
});

test('a directory whose name matters shows what its name shows', () => {
  const rows = [subtree(100, 'marked', 101), subtree(102, 'plain', 101)];
  const trees = treeEntries(rows);
  const { runs } = attribute({
    commits: commitTable([
      { parents: [], tree: 100, date: 1 },
      { parents: [0], tree: 102, date: 2 },
    ]),
    trees,
    subjectsAt: (path, child, nameId, isSubtree) => {
      expect([path, child, trees.names[nameId], isSubtree]).toEqual(['marked', 101, 'marked', true]);
      return [4];
    },
    markedSubtreeNames: new Set([trees.names.indexOf('marked')]),
    tips: [{ commit: 1, ref: 0 }],
  });
  expect(runs).toMatchObject([{ subject: 4, path: 'marked', introduced: 0, removed: 1, firstBlob: 101 }]);
});

test('other things than refs are asked what they reach', () => {
  const commits = commitTable([
    { parents: [], tree: -1, date: 1 },
    { parents: [0], tree: -1, date: 2 },
    { parents: [0], tree: -1, date: 3 },
  ]);
  const tips = [
    { commit: 1, ref: 7 },
    { commit: 2, ref: 40 },
  ];
  expect(reachersOf(commits, tips, [[0], [1], [1, 2], []])).toEqual([[7, 40], [7], [7, 40], []]);
});
