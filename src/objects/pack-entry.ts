import type { ObjectType } from '../git/index.ts';

export type PackEntryType = ObjectType | 'ofs-delta' | 'ref-delta';

/** What stands before the compressed bytes of a pack's entry. */
export interface PackEntryHeader {
  readonly type: PackEntryType;
  /** What the entry claims to inflate to: a claim, never a reason to allocate. */
  readonly sizeBytes: number;
  /** Index of the byte after the header, where the base (of deltas) or the compressed bytes start. */
  readonly next: number;
}

/**
 * Parses type and unpacked size of a pack's entry.
 * @throws RangeError when the header runs past the end of `bytes`, names no type of object, or a size from 2^53 on.
 * @see gitformat-pack(5), "object entries"
 */
export const parseEntryHeader = (bytes: Uint8Array, at: number): PackEntryHeader => {
  let byte = byteAt(bytes, at++);
  const type = entryTypes[(byte >> 4) & 7];
  if (type === undefined) throw new RangeError(`entry of type ${(byte >> 4) & 7} in a pack`);
  let sizeBytes = byte & 15;
  // Multiplied, not shifted: shifts wrap at 2 GiB.
  for (let factor = 16; byte & 0x80; factor *= 128) {
    byte = byteAt(bytes, at++);
    sizeBytes += (byte & 0x7f) * factor;
    if (factor > largestFactor || sizeBytes > Number.MAX_SAFE_INTEGER) throw new RangeError('size of 2^53 or more');
  }
  return { type, sizeBytes, next: at };
};

/**
 * Parses how far back the base of an ofs-delta starts, in bytes before the delta's own header.
 * @param at index of the first byte after the entry's header.
 * @returns the distance, at least 1, not yet checked against the pack's bounds, and the index of the byte after it.
 * @throws RangeError when the number runs past the end of `bytes`, is 0 (an entry is not its own base) or from 2^53 on.
 * @see gitformat-pack(5), "offset encoding"
 */
export const parseBaseDistance = (bytes: Uint8Array, at: number): { distance: number; next: number } => {
  let byte = byteAt(bytes, at++);
  let distance = byte & 0x7f;
  while (byte & 0x80) {
    byte = byteAt(bytes, at++);
    // "+ 1": a longer spelling starts where the shorter ones end, so every distance has one spelling.
    distance = (distance + 1) * 128 + (byte & 0x7f);
    if (distance > Number.MAX_SAFE_INTEGER) throw new RangeError('distance of 2^53 or more');
  }
  if (distance === 0) throw new RangeError('delta of itself');
  return { distance, next: at };
};

/**
 * Where the raw oid of a ref-delta's base ends; it starts at `at`.
 * @throws RangeError when it runs past the end of `bytes`.
 */
export const endOfBaseOid = (bytes: Uint8Array, at: number, oidLength: number): number => {
  if (at < 0 || at + oidLength > bytes.length) throw new RangeError('oid of a base past the end');
  return at + oidLength;
};

/** By git's numbers; 0 and 5 are none. */
const entryTypes: readonly (PackEntryType | undefined)[] = [
  undefined,
  'commit',
  'tree',
  'blob',
  'tag',
  undefined,
  'ofs-delta',
  'ref-delta',
];

/** 4 bits and seven times 7 of them: the byte after these would add from 2^53 on. Padding with zeros ends here too. */
const largestFactor = 2 ** 53;

const byteAt = (bytes: Uint8Array, at: number): number => {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError('number past the end');
  return byte;
};
