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
    const groups = new Int32Array(entries.count).fill(-1);
    for (let row = 0; row < entries.count; row++) {
      const isKept = isMarked[row] === 1 || this.isTainted(entries.children[row] ?? -1);
      if (isKept) groups[row] = entries.trees[row] ?? -1;
    }
    ({ starts: this.#starts, rows: this.#rows } = groupRows(groups, this.limit));
  }

  isTainted(tree: number): boolean {
    return tree >= 0 && this.#isTainted[tree] === 1;
  }

  /** @returns row numbers of the tree's entries that count, by name, then blobs first, then child. */
  rowsOf(tree: number): Int32Array {
    if (tree < 0 || tree >= this.limit) return this.#rows.subarray(0, 0);
    const rows = this.#rows.subarray(this.#starts[tree] ?? 0, this.#starts[tree + 1] ?? 0);
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
  for (let row = 0; row < count; row++) limit = Math.max(limit, (trees[row] ?? 0) + 1, (children[row] ?? 0) + 1);
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

const taintUp = (entries: TreeEntries, limit: number, isMarked: Uint8Array): Uint8Array => {
  const { count, isSubtree, children, trees } = entries;
  const groups = new Int32Array(count).fill(-1);
  for (let row = 0; row < count; row++) if (isSubtree[row] === 1) groups[row] = children[row] ?? -1;
  const holders = groupRows(groups, limit);
  const isTainted = new Uint8Array(limit);
  const open: number[] = [];
  const taint = (tree: number): void => {
    if (isTainted[tree]) return;
    isTainted[tree] = 1;
    open.push(tree);
  };
  for (let row = 0; row < count; row++) if (isMarked[row] === 1) taint(trees[row] ?? 0);
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    for (let at = holders.starts[tree] ?? 0; at < (holders.starts[tree + 1] ?? 0); at++) {
      taint(trees[holders.rows[at] ?? 0] ?? 0);
    }
  }
  return isTainted;
};

/**
 * Row numbers by group, in compressed rows: group g is `rows[starts[g] … starts[g + 1])`. A row of group -1 is left out. Plain
 * loops over typed arrays: there are millions of rows, and a call for each costs more than all the rest.
 */
const groupRows = (groups: Int32Array, limit: number): { readonly starts: Uint32Array; readonly rows: Int32Array } => {
  const starts = new Uint32Array(limit + 1);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] ?? -1;
    if (group >= 0) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let group = 0; group < limit; group++) starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const fill = starts.slice();
  const rows = new Int32Array(starts[limit] ?? 0);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] ?? -1;
    if (group < 0) continue;
    const at = fill[group] ?? 0;
    rows[at] = row;
    fill[group] = at + 1;
  }
  return { starts, rows };
};
