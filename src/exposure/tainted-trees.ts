import type { TreeEntries } from './history.ts';

/**
 * The entries that lead to something marked, by tree: a blob entry is marked, a subtree entry if its own name is or if
 * anything below it is. Taint goes up from the marked entries over the edges, each edge once.
 */
export class TaintedTrees {
  /** Above every object number that occurs. */
  readonly limit: number;
  /** By name id: the place of the name among all distinct names, in byte order. Two ids of one name share it. */
  readonly ranks: Int32Array;
  /** By rank: one of the name's ids. */
  readonly nameIdOfRank: Int32Array;
  readonly #entries: TreeEntries;
  readonly #isTainted: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #kept: Int32Array;

  constructor(entries: TreeEntries, markedSubtreeNames: ReadonlySet<number>) {
    this.#entries = entries;
    this.limit = limitOf(entries);
    ({ ranks: this.ranks, nameIdOfRank: this.nameIdOfRank } = rankNames(entries.names));
    const counts = markEntries(entries, markedSubtreeNames);
    this.#isTainted = taintUp(entries, this.limit, counts);
    const kept = keptRows(entries, counts, this.#isTainted);
    ({ starts: this.#starts, values: this.#kept } = grouped(kept.entries, kept.trees, this.limit));
  }

  isTainted(tree: number): boolean {
    return tree >= 0 && this.#isTainted[tree] === 1;
  }

  /** @returns the numbers of the tree's entries that count, in no promised order. */
  entriesOf(tree: number): Int32Array {
    if (tree < 0 || tree >= this.limit) return this.#kept.subarray(0, 0);
    return this.#kept.subarray(this.#starts[tree] ?? 0, this.#starts[tree + 1] ?? 0);
  }

  /** @returns the same by name, then blobs first, then child. */
  sortedEntriesOf(tree: number): Int32Array {
    const own = this.entriesOf(tree);
    // They mostly arrive in git's order, which is nearly this one.
    for (let i = 1; i < own.length; i++) {
      if (this.compareEntries(own[i - 1] ?? 0, own[i] ?? 0) > 0) return own.sort((a, b) => this.compareEntries(a, b));
    }
    return own;
  }

  compareEntries(a: number, b: number): number {
    const { nameIds, isSubtree, children } = this.#entries;
    return (
      (this.ranks[nameIds[a] ?? 0] ?? 0) - (this.ranks[nameIds[b] ?? 0] ?? 0) ||
      (isSubtree[a] ?? 0) - (isSubtree[b] ?? 0) ||
      (children[a] ?? 0) - (children[b] ?? 0)
    );
  }
}

const limitOf = ({ trees, children }: TreeEntries): number => {
  let limit = 0;
  for (const tree of trees) if (tree >= limit) limit = tree + 1;
  for (const child of children) if (child >= limit) limit = child + 1;
  return limit;
};

const rankNames = (names: readonly string[]) => {
  const ranks = new Int32Array(names.length);
  const sorted = names.map((_, id) => id).sort((a, b) => compareText(names[a] ?? '', names[b] ?? '') || a - b);
  const nameIdOfRank: number[] = [];
  for (const id of sorted) {
    const last = nameIdOfRank.at(-1);
    if (last === undefined || names[last] !== names[id]) nameIdOfRank.push(id);
    ranks[id] = nameIdOfRank.length - 1;
  }
  return { ranks, nameIdOfRank: Int32Array.from(nameIdOfRank) };
};

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By entry: 1 for those that count whatever is below them. */
const markEntries = (
  { isSubtree, nameIds }: TreeEntries,
  markedSubtreeNames: ReadonlySet<number>,
): Uint8Array<ArrayBuffer> => {
  const counts = new Uint8Array(isSubtree.length);
  for (let entry = 0; entry < counts.length; entry++) {
    if (isSubtree[entry] === 0 || markedSubtreeNames.has(nameIds[entry] ?? -1)) counts[entry] = 1;
  }
  return counts;
};

// Plain loops over typed arrays: there are millions of rows, and a call for each costs more than all the rest.

/** @param counts by entry; set for those that lead to what is tainted. @returns by tree: 1 where an entry of it counts. */
const taintUp = (entries: TreeEntries, limit: number, counts: Uint8Array): Uint8Array => {
  const { trees, starts, rows } = entries;
  const isTainted = new Uint8Array(limit);
  /** Lists of trees that are not tainted so far. */
  const open = Int32Array.from(trees.keys());
  let left = open.length;
  for (let pass = 0; pass < maxPasses; pass++) {
    const before = left;
    left = 0;
    for (let at = 0; at < before; at++) {
      const list = open[at] ?? 0;
      const end = starts[list + 1] ?? 0;
      let row = starts[list] ?? 0;
      while (row < end && counts[rows[row] ?? 0] === 0) row++;
      if (row < end) isTainted[trees[list] ?? 0] = 1;
      else open[left++] = list;
    }
    if (left === before) return isTainted;
    countTainted(entries, isTainted, counts);
  }
  taintAbove(entries, limit, open.subarray(0, left), isTainted);
  countTainted(entries, isTainted, counts);
  return isTainted;
};

/** More than real directories are deep. */
const maxPasses = 24;

const countTainted = ({ children }: TreeEntries, isTainted: Uint8Array, counts: Uint8Array): void => {
  for (let entry = 0; entry < counts.length; entry++) {
    const child = children[entry] ?? -1;
    if (child >= 0 && isTainted[child] === 1) counts[entry] = 1;
  }
};

/** The same for any depth: each row once, but first sorted by what it leads to. */
const taintAbove = (entries: TreeEntries, limit: number, lists: Int32Array, isTainted: Uint8Array): void => {
  const edges = edgesOf(entries, lists);
  const holders = grouped(edges.trees, edges.children, limit);
  const open: number[] = [];
  for (let tree = 0; tree < limit; tree++) if (isTainted[tree] === 1) open.push(tree);
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    for (let at = holders.starts[tree] ?? 0; at < (holders.starts[tree + 1] ?? 0); at++) {
      const holder = holders.values[at] ?? 0;
      if (isTainted[holder] === 1) continue;
      isTainted[holder] = 1;
      open.push(holder);
    }
  }
};

/** From each tree of these lists to what its entries lead to. */
const edgesOf = ({ trees, starts, rows, children }: TreeEntries, lists: Int32Array) => {
  const count = lists.reduce((sum, list) => sum + (starts[list + 1] ?? 0) - (starts[list] ?? 0), 0);
  const edges = { trees: new Int32Array(count), children: new Int32Array(count) };
  let edge = 0;
  for (const list of lists) {
    for (let row = starts[list] ?? 0; row < (starts[list + 1] ?? 0); row++) {
      const child = children[rows[row] ?? 0] ?? -1;
      if (child < 0) continue;
      edges.trees[edge] = trees[list] ?? 0;
      edges.children[edge++] = child;
    }
  }
  return { trees: edges.trees.subarray(0, edge), children: edges.children.subarray(0, edge) };
};

/** Of the rows those whose entries count, and their trees. */
const keptRows = ({ trees, starts, rows }: TreeEntries, counts: Uint8Array, isTainted: Uint8Array) => {
  let most = 0;
  for (let row = 0; row < rows.length; row++) most += counts[rows[row] ?? 0] ?? 0;
  const kept = { entries: new Int32Array(most), trees: new Int32Array(most) };
  let count = 0;
  for (let list = 0; list < trees.length; list++) {
    const tree = trees[list] ?? 0;
    if (isTainted[tree] !== 1) continue;
    for (let row = starts[list] ?? 0; row < (starts[list + 1] ?? 0); row++) {
      const entry = rows[row] ?? 0;
      if (counts[entry] !== 1) continue;
      kept.entries[count] = entry;
      kept.trees[count++] = tree;
    }
  }
  return kept;
};

/** Values by group, in compressed rows: those of group g are `values[starts[g] … starts[g + 1])`. */
const grouped = (given: Int32Array, groups: Int32Array, limit: number) => {
  const starts = new Uint32Array(limit + 1);
  for (let at = 0; at < groups.length; at++) {
    const after = (groups[at] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let group = 0; group < limit; group++) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const fill = starts.slice();
  const values = new Int32Array(given.length);
  for (let at = 0; at < groups.length; at++) {
    const group = groups[at] ?? 0;
    const to = fill[group] ?? 0;
    values[to] = given[at] ?? 0;
    fill[group] = to + 1;
  }
  return { starts, values };
};
