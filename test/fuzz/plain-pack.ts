import { inflateSync } from 'node:zlib';
import { plainApplyDelta } from '../../src/kernel/index.ts';
import {
  endOfBaseOid,
  type PackEntryType,
  type PackIndex,
  parseBaseDistance,
  parseEntryHeader,
} from '../../src/objects/index.ts';
import { isFailure } from '../../src/text/index.ts';

/** An object of a pack as the plain parsers read it. */
export interface PlainObject {
  readonly type: PackEntryType;
  readonly bytes: Uint8Array;
}

/**
 * Reads one object of a pack by the plain parsers alone, as slowly and as plainly as can be.
 * @returns null where any of them refuses; every other error is a mistake of ours and gets out.
 */
export const readPlainly = (
  pack: Uint8Array,
  index: PackIndex,
  offsets: Offsets,
  offset: number,
): PlainObject | null => {
  const end = pack.length - index.oidLength;
  const deltas: Uint8Array[] = [];
  const seen = new Set<number>();
  let at = offset;
  for (;;) {
    if (at < 12 || at >= end || seen.has(at)) return null;
    seen.add(at);
    const entry = refusing(() => readEntry(pack.subarray(0, end), at, index.oidLength));
    if (entry === null) return null;
    if (entry.base === null) return followed(entry, deltas);
    deltas.push(entry.bytes);
    at = typeof entry.base === 'number' ? entry.base : (offsets.get(entry.base) ?? -1);
  }
};

/** Where the objects of a pack start, by their oids' hex digits. */
export type Offsets = ReadonlyMap<string, number>;

export const offsetsOf = (bytes: Uint8Array, index: PackIndex): Offsets =>
  new Map(
    Array.from({ length: index.count }, (_, i) => {
      const start = index.oidStart + i * index.oidStride;
      return [Buffer.from(bytes).toString('hex', start, start + index.oidLength), index.offset(i)];
    }),
  );

const largest = 10_000_000;

const followed = (base: PlainObject, deltas: readonly Uint8Array[]): PlainObject | null => {
  let { bytes } = base;
  for (const delta of deltas.toReversed()) {
    const made = plainApplyDelta(bytes, delta, largest);
    if (isFailure(made)) return null;
    bytes = made;
  }
  return { type: base.type, bytes };
};

/** `base`: where it starts, or the hex digits of its oid. */
type Entry = PlainObject & { readonly base: number | string | null };

const readEntry = (pack: Uint8Array, at: number, oidLength: number): Entry | null => {
  const { type, sizeBytes, next } = parseEntryHeader(pack, at);
  if (type === 'ofs-delta') {
    const { distance, next: start } = parseBaseDistance(pack, next);
    return entryOf(pack, type, sizeBytes, start, at - distance);
  }
  if (type === 'ref-delta') {
    const start = endOfBaseOid(pack, next, oidLength);
    return entryOf(pack, type, sizeBytes, start, Buffer.from(pack).toString('hex', next, start));
  }
  return entryOf(pack, type, sizeBytes, next, null);
};

const entryOf = (
  pack: Uint8Array,
  type: PackEntryType,
  sizeBytes: number,
  start: number,
  base: number | string | null,
): Entry | null => {
  if (sizeBytes > largest) return null;
  const bytes = inflated(pack.subarray(start), sizeBytes);
  return bytes === null ? null : { type, bytes, base };
};

/** Exactly `sizeBytes` of inflated bytes, or null. */
const inflated = (bytes: Uint8Array, sizeBytes: number): Uint8Array | null => {
  try {
    const whole = inflateSync(bytes, { maxOutputLength: Math.max(1, sizeBytes) });
    return whole.length === sizeBytes ? whole : null;
  } catch {
    return null;
  }
};

const refusing = <T>(parse: () => T): T | null => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};
