/** Kinds of tree entries. Unknown types count as blobs: git takes them for gitlinks, but reading once too much is safer. */
export const entryKinds = { tree: 0, blob: 1, gitlink: 2 } as const;
export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds];

/**
 * Reads the entries of raw trees one by one, each into its own fields: nothing is allocated for an entry. Order, duplicates,
 * padded modes and empty names are taken as they are: real histories have them all.
 */
export class TreeEntryReader {
  kind: EntryKind = entryKinds.blob;
  /** The name is `[nameStart, nameEnd)`, the raw oid `[oidAt, end)`; the next entry starts at `end`. */
  nameStart = 0;
  nameEnd = 0;
  oidAt = 0;
  end = 0;
  readonly #oidLength: number;

  constructor(oidLength: number) {
    this.#oidLength = oidLength;
  }

  /**
   * Reads the entry that starts at `entry`; `last` is where the tree ends, at most `bytes.length`.
   * @returns false where no well-formed one does (the end, a mode that is not octal, no name's end, an oid that is cut off).
   */
  read(bytes: Uint8Array, entry: number, last: number): boolean {
    let at = entry;
    let mode = 0;
    for (; at < last; at++) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 7) break;
      // Kept in 16 bits, as git keeps a mode: only the file type in it counts.
      mode = (mode * 8 + digit) & 0xffff;
    }
    if (at === entry || at >= last || bytes[at] !== space) return false;
    const nameStart = at + 1;
    // Not `indexOf`: it would search on behind a cut tree, through all that follows it in the same memory.
    let nameEnd = nameStart;
    while (nameEnd < last && bytes[nameEnd] !== 0) nameEnd += 1;
    if (nameEnd + 1 + this.#oidLength > last) return false;
    this.kind = kindOf(mode);
    this.nameStart = nameStart;
    this.nameEnd = nameEnd;
    this.oidAt = nameEnd + 1;
    this.end = nameEnd + 1 + this.#oidLength;
    return true;
  }
}

/** Shown one entry: its kind, its name in `bytes` (half-open), and where its raw oid starts. */
export type VisitEntry = (kind: EntryKind, nameStart: number, nameEnd: number, oidAt: number) => void;

/**
 * Shows every entry of the raw tree `bytes[start, end)` in the order in which it is stored.
 * @returns `end` where the whole tree was well-formed, else the start of the first entry that is not; entries before it were shown.
 */
export const readTreeEntries = (
  bytes: Uint8Array,
  start: number,
  end: number,
  oidLength: number,
  visit: VisitEntry,
): number => {
  const last = Math.min(end, bytes.length);
  const entry = new TreeEntryReader(oidLength);
  let at = start;
  for (; entry.read(bytes, at, last); at = entry.end) visit(entry.kind, entry.nameStart, entry.nameEnd, entry.oidAt);
  return at;
};

const zero = 0x30;
const space = 0x20;
const fileType = 0o170000;

const kindOf = (mode: number): EntryKind => {
  switch (mode & fileType) {
    case 0o040000:
      return entryKinds.tree;
    case 0o160000:
      return entryKinds.gitlink;
    default:
      return entryKinds.blob;
  }
};
