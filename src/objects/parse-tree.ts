/** Kinds of tree entries. Unknown types count as blobs: git takes them for gitlinks, but reading once too much is safer. */
export const entryKinds = { tree: 0, blob: 1, gitlink: 2 } as const;
export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds];

/** Shown one entry: its kind, its name in `bytes` (half-open), and where its raw oid starts. */
export type VisitEntry = (kind: EntryKind, nameStart: number, nameEnd: number, oidAt: number) => void;

/**
 * Shows every entry of the raw tree `bytes[start, end)` in the order in which it is stored; nothing is allocated. Order,
 * duplicates, padded modes and empty names are taken as they are: real histories have them all.
 * @returns `end` where the whole tree was well-formed, else the start of the first entry that is not (a mode that is not
 * octal, no name's end, an oid that is cut off); entries before it were shown.
 */
export const readTreeEntries = (
  bytes: Uint8Array,
  start: number,
  end: number,
  oidLength: number,
  visit: VisitEntry,
): number => {
  const last = Math.min(end, bytes.length);
  let entry = start;
  while (entry < last) {
    let at = entry;
    let mode = 0;
    for (; at < last; at++) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 7) break;
      // Kept in 16 bits, as git keeps a mode: only the file type in it counts.
      mode = (mode * 8 + digit) & 0xffff;
    }
    if (at === entry || at >= last || bytes[at] !== space) return entry;
    const nameStart = at + 1;
    // Not `indexOf`: it would search on behind a cut tree, through all that follows it in the same memory.
    let nameEnd = nameStart;
    while (nameEnd < last && bytes[nameEnd] !== 0) nameEnd += 1;
    if (nameEnd + 1 + oidLength > last) return entry;
    visit(kindOf(mode), nameStart, nameEnd, nameEnd + 1);
    entry = nameEnd + 1 + oidLength;
  }
  return entry;
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
