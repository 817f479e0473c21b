import type { TreeEntries } from '../exposure/index.ts';
import { createPathMatcher, pathRules } from '../rules/index.ts';

/** The entries and lists of several, each name once. */
export const joinEntries = (parts: readonly TreeEntries[]): TreeEntries => {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const sum = (length: (part: TreeEntries) => number): number => parts.reduce((all, part) => all + length(part), 0);
  const entryCount = sum(({ children }) => children.length);
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const joined = {
    trees: new Uint32Array(sum(({ trees }) => trees.length)),
    starts: new Uint32Array(sum(({ trees }) => trees.length) + 1),
    rows: new Uint32Array(sum(({ rows }) => rows.length)),
    nameIds: new Uint32Array(entryCount),
    children: new Int32Array(entryCount),
    isSubtree: new Uint8Array(entryCount),
  };
  let list = 0;
  let row = 0;
  let entry = 0;
  for (const part of parts) {
    const renumbered = part.names.map((name) => {
      const number = numbers.get(name) ?? names.push(name) - 1;
      numbers.set(name, number);
      return number;
    });
    joined.trees.set(part.trees, list);
    for (let at = 1; at < part.starts.length; at++) joined.starts[list + at] = row + (part.starts[at] ?? 0);
    for (let at = 0; at < part.rows.length; at++) joined.rows[row + at] = entry + (part.rows[at] ?? 0);
    joined.children.set(part.children, entry);
    joined.isSubtree.set(part.isSubtree, entry);
    for (let at = 0; at < part.nameIds.length; at++)
      joined.nameIds[entry + at] = renumbered[part.nameIds[at] ?? 0] ?? 0;
    list += part.trees.length;
    row += part.rows.length;
    entry += part.children.length;
  }
  return { ...joined, names };
};

/** All trees that stand in a folder of such a name, at any depth, and the folder's own; ascending. */
export const treesBelowSensitiveFolders = (entries: TreeEntries): readonly number[] => {
  const matcher = createPathMatcher(pathRules);
  const { trees, starts, rows, nameIds, children, isSubtree } = entries;
  const isFolder = entries.names.map((name) => matcher.maybeFolder(name));
  if (!isFolder.includes(true)) return [];
  const open: number[] = [];
  for (let entry = 0; entry < children.length; entry++) {
    if (isSubtree[entry] === 1 && isFolder[nameIds[entry] ?? 0] === true) open.push(children[entry] ?? -1);
  }
  const { lastList, listBefore } = listsByTree(trees);
  const found = new Set<number>();
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    if (tree < 0 || found.has(tree)) continue;
    found.add(tree);
    for (let list = lastList[tree] ?? -1; list >= 0; list = listBefore[list] ?? -1) {
      for (let at = starts[list] ?? 0; at < (starts[list + 1] ?? 0); at++) {
        const entry = rows[at] ?? 0;
        if (isSubtree[entry] === 1) open.push(children[entry] ?? -1);
      }
    }
  }
  return [...found].sort((a, b) => a - b);
};

/** By tree its last list, and by list the one before it of the same tree; -1: none. */
const listsByTree = (trees: Uint32Array) => {
  let limit = 0;
  for (const tree of trees) if (tree >= limit) limit = tree + 1;
  const lastList = new Int32Array(limit).fill(-1);
  const listBefore = new Int32Array(trees.length);
  for (let list = 0; list < trees.length; list++) {
    const tree = trees[list] ?? 0;
    listBefore[list] = lastList[tree] ?? -1;
    lastList[tree] = list;
  }
  return { lastList, listBefore };
};
