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
  readonly #rows: Int32Array;

  constructor(entries: TreeEntries, markedSubtreeNames: ReadonlySet<number>) {
    this.#entries = entries;
    this.limit = limitOf(entries);
    ({ ranks: this.ranks, nameIdOfRank: this.nameIdOfRank } = rankNames(entries.names));
    const isMarked = markRows(entries, markedSubtreeNames);
    this.#isTainted = taintUp(entries, this.limit, isMarked);
    const kept = keptRows(entries, isMarked, this.#isTainted);
    ({ starts: this.#starts, rows: this.#rows } = groupRows(kept, entries.trees, this.limit));
  }

  isTainted(tree: number): boolean {
    return tree >= 0 && this.#isTainted[tree] === 1;
  }

  /** @returns row numbers of the tree's entries that count, in no promised order. */
  rowsOf(tree: number): Int32Array {
    if (tree < 0 || tree >= this.limit) return this.#rows.subarray(0, 0);
    return this.#rows.subarray(this.#starts[tree] ?? 0, this.#starts[tree + 1] ?? 0);
  }

  /** @returns the same by name, then blobs first, then child. */
  sortedRowsOf(tree: number): Int32Array {
    const rows = this.rowsOf(tree);
    // Rows mostly arrive in git's order, which is nearly this one.
    for (let i = 1; i < rows.length; i++) {
      if (this.compareRows(rows[i - 1] ?? 0, rows[i] ?? 0) > 0) return rows.sort((a, b) => this.compareRows(a, b));
    }
    return rows;
  }

  compareRows(a: number, b: number): number {
    const { nameIds, isSubtree, children } = this.#entries;
    return (
      (this.ranks[nameIds[a] ?? 0] ?? 0) - (this.ranks[nameIds[b] ?? 0] ?? 0) ||
      (isSubtree[a] ?? 0) - (isSubtree[b] ?? 0) ||
      (children[a] ?? 0) - (children[b] ?? 0)
    );
  }
}

const limitOf = ({ count, trees, children }: TreeEntries): number => {
  let limit = 0;
  for (let row = 0; row < count; row++) {
    const last = Math.max(trees[row] ?? 0, children[row] ?? 0);
    if (last >= limit) limit = last + 1;
  }
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

const markRows = ({ count, isSubtree, nameIds }: TreeEntries, markedSubtreeNames: ReadonlySet<number>): Uint8Array => {
  const isMarked = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    if (isSubtree[row] === 0 || markedSubtreeNames.has(nameIds[row] ?? -1)) isMarked[row] = 1;
  }
  return isMarked;
};

// Plain loops over typed arrays: there are millions of rows, and a call for each costs more than all the rest.

const taintUp = (entries: TreeEntries, limit: number, isMarked: Uint8Array): Uint8Array => {
  const { count, isSubtree, children, trees } = entries;
  const isTainted = new Uint8Array(limit);
  /** Edges from a tree that is not tainted so far. */
  const edges = new Int32Array(count);
  let left = 0;
  for (let row = 0; row < count; row++) {
    if (isMarked[row] === 1) isTainted[trees[row] ?? 0] = 1;
    else if (isSubtree[row] === 1 && (children[row] ?? -1) >= 0) edges[left++] = row;
  }
  for (let pass = 0; pass < maxPasses; pass++) {
    const before = left;
    left = 0;
    for (let at = 0; at < before; at++) {
      const row = edges[at] ?? 0;
      const tree = trees[row] ?? 0;
      if (isTainted[tree] === 1) continue;
      if (isTainted[children[row] ?? 0] === 1) isTainted[tree] = 1;
      else edges[left++] = row;
    }
    if (left === before) return isTainted;
  }
  return taintAbove(entries, limit, edges.subarray(0, left), isTainted);
};

/** More than real directories are deep. */
const maxPasses = 24;

/** The same for any depth: each edge once, but first sorted by what it leads to. */
const taintAbove = ({ children, trees }: TreeEntries, limit: number, edges: Int32Array, isTainted: Uint8Array) => {
  const holders = groupRows(edges, children, limit);
  const open: number[] = [];
  for (let tree = 0; tree < limit; tree++) if (isTainted[tree] === 1) open.push(tree);
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    for (let at = holders.starts[tree] ?? 0; at < (holders.starts[tree + 1] ?? 0); at++) {
      const holder = trees[holders.rows[at] ?? 0] ?? 0;
      if (isTainted[holder] === 1) continue;
      isTainted[holder] = 1;
      open.push(holder);
    }
  }
  return isTainted;
};

/** Rows that are marked, or lead to what is tainted. */
const keptRows = ({ count, children }: TreeEntries, isMarked: Uint8Array, isTainted: Uint8Array): Int32Array => {
  const rows = new Int32Array(count);
  let kept = 0;
  for (let row = 0; row < count; row++) {
    const child = children[row] ?? -1;
    if (isMarked[row] === 1 || (child >= 0 && isTainted[child] === 1)) rows[kept++] = row;
  }
  return rows.subarray(0, kept);
};

/** Rows by group, in compressed rows: those of group g are `rows[starts[g] … starts[g + 1])`. */
const groupRows = (rows: Int32Array, groups: ArrayLike<number>, limit: number) => {
  const starts = new Uint32Array(limit + 1);
  for (const row of rows) {
    const after = (groups[row] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let group = 0; group < limit; group++) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const fill = starts.slice();
  const grouped = new Int32Array(rows.length);
  for (const row of rows) {
    const group = groups[row] ?? 0;
    const at = fill[group] ?? 0;
    grouped[at] = row;
    fill[group] = at + 1;
  }
  return { starts, rows: grouped };
};
