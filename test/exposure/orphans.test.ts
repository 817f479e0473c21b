import { expect, test } from 'vitest';
import { type OrphanInput, orphans } from '../../src/exposure/index.ts';
import { commitTable, type Row, treeEntries } from './histories.ts';

const blob = (tree: number, name: string, child: number): Row => ({ tree, name, child, isSubtree: false });
const subtree = (tree: number, name: string, child: number): Row => ({ tree, name, child, isSubtree: true });

const committed = [blob(100, 'kept', 1)];
const input = (rows: readonly Row[], more: Partial<OrphanInput> = {}): OrphanInput => ({
  commits: commitTable([{ parents: [], tree: 100, date: 1 }]),
  trees: treeEntries([...committed, ...rows]),
  subjectsAt: (_, child) => [child],
  subjectsOf: (child) => [child],
  markedSubtreeNames: new Set(),
  blobs: [1, 2, 3],
  objectTips: [],
  ...more,
});

test('a blob that no tree names has no path, and is in no tip', () => {
  expect(orphans(input([], { blobs: [1, 2] }))).toEqual([
    {
      subject: 2,
      path: null,
      origins: [],
      introduced: -1,
      removed: -1,
      last: -1,
      firstBlob: 2,
      lastBlob: 2,
      blobs: 1,
      refs: [],
      inTips: false,
      reachable: false,
      tree: -1,
    },
  ]);
});

test('a blob below dangling trees has its path from the top-most of them; what a commit shows is left out', () => {
  const rows = [subtree(102, 'deep', 101), blob(101, 'secret', 2), blob(101, 'copy', 1), blob(103, 'other', 3)];
  expect(orphans(input(rows))).toMatchObject([
    { subject: 2, path: 'deep/secret', tree: 102, firstBlob: 2 },
    { subject: 3, path: 'other', tree: 103, firstBlob: 3 },
  ]);
});

test('many dangling trees that show the same at one path are one exposure', () => {
  const rows = [blob(101, 'secret', 2), blob(102, 'secret', 3)];
  const found = orphans(input(rows, { subjectsAt: () => [7] }));
  expect(found).toMatchObject([{ subject: 7, path: 'secret', tree: 101, firstBlob: 2, lastBlob: 3, blobs: 2 }]);
});

test('a tag of a blob makes it reachable, committed or not; a tag of a tree all below it', () => {
  const tips = [
    { object: 1, ref: 5 },
    { object: 1, ref: 4 },
    { object: 101, ref: 6 },
  ];
  expect(orphans(input([blob(101, 'secret', 2)], { blobs: [1, 2], objectTips: tips }))).toMatchObject([
    { subject: 1, path: null, refs: [4, 5], reachable: true, inTips: true },
    { subject: 2, path: 'secret', tree: 101, refs: [6], reachable: true, inTips: true },
  ]);
});

test('dangling trees that hold each other are still looked into', () => {
  const rows = [subtree(101, 'a', 102), subtree(102, 'b', 101), blob(102, 'secret', 2)];
  expect(orphans(input(rows, { blobs: [1, 2] }))).toMatchObject([{ path: 'a/secret', tree: 101 }]);
});
