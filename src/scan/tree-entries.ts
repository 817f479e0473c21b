import type { TreeEntries } from '../exposure/index.ts';
import { createPathMatcher, pathRules } from '../rules/index.ts';

/** One list of several, each name once. */
export const joinEntries = (parts: readonly TreeEntries[]): TreeEntries => {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const joined = {
    trees: new Uint32Array(count),
    nameIds: new Uint32Array(count),
    children: new Int32Array(count),
    isSubtree: new Uint8Array(count),
  };
  let at = 0;
  for (const part of parts) {
    const renumbered = part.names.map((name) => {
      const number = numbers.get(name) ?? names.push(name) - 1;
      numbers.set(name, number);
      return number;
    });
    joined.trees.set(part.trees, at);
    joined.children.set(part.children, at);
    joined.isSubtree.set(part.isSubtree, at);
    for (let row = 0; row < part.count; row++) joined.nameIds[at + row] = renumbered[part.nameIds[row] ?? 0] ?? 0;
    at += part.count;
  }
  return { count, ...joined, names };
};

/** All trees that stand in a folder of such a name, at any depth, and the folder's own; ascending. */
export const treesBelowSensitiveFolders = (entries: TreeEntries): readonly number[] => {
  const matcher = createPathMatcher(pathRules);
  const isFolder = entries.names.map((name) => matcher.maybeFolder(name));
  if (!isFolder.includes(true)) return [];
  const open: number[] = [];
  for (let row = 0; row < entries.count; row++) {
    if (entries.isSubtree[row] === 1 && isFolder[entries.nameIds[row] ?? 0] === true)
      open.push(entries.children[row] ?? -1);
  }
  const subtrees = subtreesByTree(entries);
  const found = new Set<number>();
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    if (tree < 0 || found.has(tree)) continue;
    found.add(tree);
    for (let at = subtrees.starts[tree] ?? 0; at < (subtrees.starts[tree + 1] ?? 0); at++)
      open.push(subtrees.children[at] ?? -1);
  }
  return [...found].sort((a, b) => a - b);
};

/** The subtrees of tree t are `children[starts[t] … starts[t + 1])`; plain loops, since there are millions. */
const subtreesByTree = ({ count, trees, children, isSubtree }: TreeEntries) => {
  let limit = 0;
  for (let row = 0; row < count; row++) limit = Math.max(limit, (trees[row] ?? 0) + 1);
  const starts = new Uint32Array(limit + 1);
  for (let row = 0; row < count; row++) {
    if (isSubtree[row] === 1) starts[(trees[row] ?? 0) + 1] = (starts[(trees[row] ?? 0) + 1] ?? 0) + 1;
  }
  for (let tree = 0; tree < limit; tree++) starts[tree + 1] = (starts[tree + 1] ?? 0) + (starts[tree] ?? 0);
  const fill = starts.slice();
  const grouped = new Int32Array(starts[limit] ?? 0);
  for (let row = 0; row < count; row++) {
    if (isSubtree[row] !== 1) continue;
    const tree = trees[row] ?? 0;
    const at = fill[tree] ?? 0;
    grouped[at] = children[row] ?? -1;
    fill[tree] = at + 1;
  }
  return { starts, children: grouped };
};
