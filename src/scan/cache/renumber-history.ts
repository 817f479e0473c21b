import type { TreeEntries } from '../../exposure/index.ts';
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
      commits: own(found.commits).map((row) => ({ ...row, tree: to(row.tree), parents: row.parents.map(to) })),
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

/** Rows of known trees. Plain loops: there are millions. */
export const renumberEntries = (
  entries: TreeEntries,
  to: (object: number) => number,
  isKept: (tree: number) => boolean,
): TreeEntries => {
  const trees = new Uint32Array(entries.count);
  const nameIds = new Uint32Array(entries.count);
  const children = new Int32Array(entries.count);
  const isSubtree = new Uint8Array(entries.count);
  let count = 0;
  for (let row = 0; row < entries.count; row++) {
    const tree = to(entries.trees[row] ?? -1);
    if (!isKept(tree)) continue;
    trees[count] = tree;
    nameIds[count] = entries.nameIds[row] ?? 0;
    children[count] = to(entries.children[row] ?? -1);
    isSubtree[count++] = entries.isSubtree[row] ?? 0;
  }
  return {
    count,
    trees: trees.slice(0, count),
    nameIds: nameIds.slice(0, count),
    children: children.slice(0, count),
    isSubtree: isSubtree.slice(0, count),
    names: entries.names,
  };
};
