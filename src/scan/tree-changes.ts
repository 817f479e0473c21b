import { type ObjectFormat, type Oid, oidBytes, oidFromBytes } from '../git/index.ts';
import { entryKinds, readTreeEntries } from '../objects/index.ts';
import { latin1 } from '../text/index.ts';

/** An entry of a tree that none of the other trees has. */
export interface ChangedEntry {
  readonly name: string;
  readonly kind: 'blob' | 'tree';
  readonly oid: Oid;
  /** What has its name in the others, where it is of the same kind; distinct. */
  readonly before: readonly Oid[];
}

/**
 * The entries that the tree has and none of the others does: same name, kind and object. What a merge took from one parent is so
 * no change, what it holds by itself is one. Submodules are nobody's change.
 */
export const changedEntries = (
  tree: Uint8Array,
  others: readonly Uint8Array[],
  format: ObjectFormat,
): readonly ChangedEntry[] => {
  const own = entriesOf(tree, format);
  let changed: readonly number[] = [...own.keys()];
  const before: ReadonlyMap<string, Oid>[] = [];
  for (const other of others) {
    const theirs = entriesOf(other, format);
    const { start, ownEnd, theirEnd } = differing(tree, own, other, theirs);
    changed = changed.filter((index) => index >= start && index < ownEnd);
    const byName = new Map<string, Oid>();
    for (const entry of theirs.slice(start, theirEnd)) byName.set(keyOf(other, entry), oidOf(other, entry, format));
    changed = changed.filter((index) => {
      const entry = own[index];
      return entry !== undefined && byName.get(keyOf(tree, entry)) !== oidOf(tree, entry, format);
    });
    before.push(byName);
  }
  return changed.flatMap((index): ChangedEntry[] => {
    const entry = own[index];
    if (entry === undefined || entry.kind === entryKinds.gitlink) return [];
    const key = keyOf(tree, entry);
    return [
      {
        name: latin1(tree, entry.nameStart, entry.nameEnd),
        kind: entry.kind === entryKinds.tree ? 'tree' : 'blob',
        oid: oidOf(tree, entry, format),
        before: [...new Set(before.flatMap((byName) => byName.get(key) ?? []))],
      },
    ];
  });
};

/** Shows every blob and subtree of a tree. */
export const eachEntry = (
  tree: Uint8Array,
  format: ObjectFormat,
  see: (name: string, kind: 'blob' | 'tree', oid: Oid) => void,
): void => {
  for (const entry of entriesOf(tree, format)) {
    if (entry.kind === entryKinds.gitlink) continue;
    const name = latin1(tree, entry.nameStart, entry.nameEnd);
    see(name, entry.kind === entryKinds.tree ? 'tree' : 'blob', oidOf(tree, entry, format));
  }
};

interface Entry {
  readonly kind: number;
  readonly start: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly end: number;
}

const entriesOf = (tree: Uint8Array, format: ObjectFormat): readonly Entry[] => {
  const entries: Entry[] = [];
  const length = oidBytes(format);
  let start = 0;
  readTreeEntries(tree, 0, tree.length, length, (kind, nameStart, nameEnd, oidAt) => {
    const end = oidAt + length;
    entries.push({ kind, start, nameStart, nameEnd, end });
    start = end;
  });
  return entries;
};

/** Two versions of a folder share nearly all of their entries: only what lies between the first and the last difference is looked up. */
const differing = (
  tree: Uint8Array,
  own: readonly Entry[],
  other: Uint8Array,
  theirs: readonly Entry[],
): { readonly start: number; readonly ownEnd: number; readonly theirEnd: number } => {
  const isSame = (a: Entry | undefined, b: Entry | undefined): boolean =>
    a !== undefined && b !== undefined && areEqual(tree.subarray(a.start, a.end), other.subarray(b.start, b.end));
  let start = 0;
  while (isSame(own[start], theirs[start])) start += 1;
  let ownEnd = own.length;
  let theirEnd = theirs.length;
  while (ownEnd > start && theirEnd > start && isSame(own[ownEnd - 1], theirs[theirEnd - 1])) {
    ownEnd -= 1;
    theirEnd -= 1;
  }
  return { start, ownEnd, theirEnd };
};

const areEqual = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

const keyOf = (tree: Uint8Array, { kind, nameStart, nameEnd }: Entry): string =>
  `${kind} ${latin1(tree, nameStart, nameEnd)}`;

const oidOf = (tree: Uint8Array, { end }: Entry, format: ObjectFormat): Oid =>
  oidFromBytes(tree, end - oidBytes(format), oidBytes(format));
