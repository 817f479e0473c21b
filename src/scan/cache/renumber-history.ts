import type { TreeEntries } from '../../exposure/index.ts';
import { renumberCommits } from '../commit-rows.ts';
import type { FoundRows } from '../find-visitor.ts';
import { type Inspected, renumberInspected } from '../known-inspections.ts';
import type { HistoryEntry, KnownTrees } from './history-entry.ts';

/** What need not be read again, in the numbers of this run. */
export interface KnownHistory {
  /** By object: 1 where it is known. */
  readonly isKnown: Uint8Array;
  readonly found: FoundRows;
  readonly trees: KnownTrees;
  readonly inspected: Inspected;
}

/**
 * Old numbers → new ones, by merging the two sorted lists.
 * @returns null where an object of the old list is not in the new one.
 */
export const renumbering = (older: Uint8Array, newer: Uint8Array, oidLength: number): Uint32Array | null => {
  const [before, after] = [viewOf(older), viewOf(newer)];
  const numbers = new Uint32Array(older.length / oidLength);
  let at = 0;
  for (let object = 0; object < numbers.length; object++) {
    let order = -1;
    for (; order < 0 && at < newer.length; at += oidLength)
      order = compareOids(after, at, before, object * oidLength, oidLength);
    if (order !== 0) return null;
    numbers[object] = at / oidLength - 1;
  }
  return numbers;
};

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** Four bytes at a time: nearly always the first four tell, and oids are 20 or 32 bytes long. */
const compareOids = (a: DataView, atA: number, b: DataView, atB: number, length: number): number => {
  for (let i = 0; i < length; i += 4) {
    const difference = a.getUint32(atA + i) - b.getUint32(atB + i);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** @param numbers old number → new one. @param isKnown by object of this run; rows of others are left out. */
export const renumberHistory = (
  { found, trees, inspected }: HistoryEntry,
  numbers: Uint32Array,
  isKnown: Uint8Array,
): KnownHistory => {
  const to = (object: number): number => (object < 0 ? -1 : (numbers[object] ?? -1));
  const isKept = (object: number): boolean => isKnown[object] === 1;
  const own = <Row extends { readonly object: number }>(rows: readonly Row[]): readonly Row[] =>
    rows.map((row) => ({ ...row, object: to(row.object) })).filter(({ object }) => isKept(object));
  const bytes = (old: Uint8Array): Uint8Array => {
    const moved = new Uint8Array(isKnown.length);
    for (let object = 0; object < old.length; object++) moved[numbers[object] ?? 0] = old[object] ?? 0;
    return moved;
  };
  return {
    isKnown,
    found: {
      findings: own(found.findings),
      commits: renumberCommits(found.commits, to, isKept),
      tags: own(found.tags).map((row) => ({ ...row, target: to(row.target) })),
      missing: found.missing
        .map((row) => ({ ...row, namedBy: to(row.namedBy) }))
        .filter(({ namedBy }) => isKept(namedBy)),
    },
    trees: {
      ...trees,
      entries: renumberEntries(trees.entries, to, isKept),
      elsewhere: bytes(trees.elsewhere),
      covered: bytes(trees.covered),
      isWhole: bytes(trees.isWhole),
    },
    inspected: renumberInspected(inspected, to, isKept),
  };
};

/** Lists of known trees. Plain loops: there are millions of rows. */
export const renumberEntries = (
  entries: TreeEntries,
  to: (object: number) => number,
  isKept: (tree: number) => boolean,
): TreeEntries => {
  const trees = new Uint32Array(entries.trees.length);
  const starts = new Uint32Array(entries.starts.length);
  const rows = new Uint32Array(entries.rows.length);
  let lists = 0;
  let count = 0;
  for (let list = 0; list < entries.trees.length; list++) {
    const tree = to(entries.trees[list] ?? -1);
    if (!isKept(tree)) continue;
    for (let at = entries.starts[list] ?? 0; at < (entries.starts[list + 1] ?? 0); at++)
      rows[count++] = entries.rows[at] ?? 0;
    trees[lists++] = tree;
    starts[lists] = count;
  }
  const kept = { trees: trees.slice(0, lists), starts: starts.slice(0, lists + 1), rows: rows.slice(0, count) };
  return { ...kept, ...renumberRows(kept.rows, entries, to) };
};

/** Drops the entries that no row names. @param rows changed in place. */
const renumberRows = (
  rows: Uint32Array,
  { nameIds, children, isSubtree, names }: TreeEntries,
  to: (object: number) => number,
): Pick<TreeEntries, 'nameIds' | 'children' | 'isSubtree' | 'names'> => {
  const numbers = new Int32Array(children.length).fill(-1);
  const own = {
    nameIds: new Uint32Array(children.length),
    children: new Int32Array(children.length),
    isSubtree: new Uint8Array(children.length),
  };
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const entry = rows[at] ?? 0;
    if (numbers[entry] === -1) {
      own.nameIds[count] = nameIds[entry] ?? 0;
      own.children[count] = to(children[entry] ?? -1);
      own.isSubtree[count] = isSubtree[entry] ?? 0;
      numbers[entry] = count++;
    }
    rows[at] = numbers[entry] ?? 0;
  }
  return {
    nameIds: own.nameIds.slice(0, count),
    children: own.children.slice(0, count),
    isSubtree: own.isSubtree.slice(0, count),
    names,
  };
};
