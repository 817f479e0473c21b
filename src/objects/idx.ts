import { type ObjectFormat, oidBytes } from '../git/index.ts';
import type { ParseFailure } from '../text/index.ts';

/**
 * Parses a pack's index, version 1 or 2: checks its shape (fan-out never falls, the count fits the file's size), as git does
 * before it uses one. Nothing is copied; what single entries say is checked when they are asked for.
 * @returns a failure for every other input; never throws.
 * @see gitformat-pack(5), "pack-*.idx files have the following format"
 */
export const parsePackIndex = (bytes: Uint8Array, format: ObjectFormat): PackIndex | ParseFailure => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = versionOf(view);
  const fanOut = version === 1 ? 0 : 8;
  if (version !== 1 && version !== 2) return { failure: `index version ${version} is unknown`, at: 4 };
  const oidLength = oidBytes(format);
  if (bytes.length < fanOut + fanOutBytes + 2 * oidLength)
    return { failure: 'the index is cut short', at: bytes.length };
  const fall = firstFall(view, fanOut);
  if (fall !== -1) return { failure: 'the fan-out table falls', at: fall };
  const count = view.getUint32(fanOut + 255 * 4);
  const { least, most } = sizesFor(version, count, oidLength);
  if (bytes.length < least || bytes.length > most) {
    return { failure: `an index of ${count} objects does not have ${bytes.length} bytes`, at: bytes.length };
  }
  return new PackIndex(view, version, count, oidLength);
};

/** What an idx file says: which oids its pack holds, and where. */
export class PackIndex {
  readonly version: 1 | 2;
  readonly count: number;
  readonly oidLength: number;
  /** Index of the first oid's first byte, and the distance from each oid to the next. */
  readonly oidStart: number;
  readonly oidStride: number;
  readonly #view: DataView;
  readonly #offsets: number;
  readonly #largeOffsets: number;
  readonly #largeCount: number;

  constructor(view: DataView, version: 1 | 2, count: number, oidLength: number) {
    this.#view = view;
    this.version = version;
    this.count = count;
    this.oidLength = oidLength;
    this.oidStart = version === 1 ? fanOutBytes + 4 : 8 + fanOutBytes;
    this.oidStride = version === 1 ? oidLength + 4 : oidLength;
    this.#offsets = version === 1 ? fanOutBytes : this.oidStart + count * (oidLength + 4);
    this.#largeOffsets = this.#offsets + count * 4;
    this.#largeCount = version === 1 ? 0 : (view.byteLength - 2 * oidLength - this.#largeOffsets) / 8;
  }

  /** Where the pack holds entry `i`, in bytes from its start, or -1 where the index points outside its own tables. */
  offset(i: number): number {
    if (this.version === 1) return this.#view.getUint32(this.#offsets + i * this.oidStride);
    const offset = this.#view.getUint32(this.#offsets + i * 4);
    if (offset < largeOffsetMark) return offset;
    const large = offset - largeOffsetMark;
    if (large + 1 > this.#largeCount) return -1;
    const at = this.#largeOffsets + large * 8;
    const value = this.#view.getUint32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4);
    return Number.isSafeInteger(value) ? value : -1;
  }

  /** The checksum of the pack that this index was made for. */
  get packChecksum(): Uint8Array {
    const { buffer, byteOffset, byteLength } = this.#view;
    return new Uint8Array(buffer, byteOffset + byteLength - 2 * this.oidLength, this.oidLength);
  }
}

const fanOutBytes = 256 * 4;
const magic = 0xff74_4f63;
/** An offset from here on is a number into the table of 64-bit offsets. */
const largeOffsetMark = 0x8000_0000;

/** Version 1 has no header: its first four bytes are a count, and no pack has 4,285 million objects under `00`. */
const versionOf = (view: DataView): number => {
  if (view.byteLength < 8 || view.getUint32(0) !== magic) return 1;
  return view.getUint32(4);
};

/** Index of the first entry that is lower than the one before it, or -1. */
const firstFall = (view: DataView, fanOut: number): number => {
  let before = 0;
  for (let at = fanOut; at < fanOut + fanOutBytes; at += 4) {
    const count = view.getUint32(at);
    if (count < before) return at;
    before = count;
  }
  return -1;
};

/** Bytes of an index of `count` objects; version 2 may have one 64-bit offset for every object but one. */
const sizesFor = (version: 1 | 2, count: number, oidLength: number): { least: number; most: number } => {
  if (version === 1) {
    const size = fanOutBytes + count * (oidLength + 4) + 2 * oidLength;
    return { least: size, most: size };
  }
  const least = 8 + fanOutBytes + count * (oidLength + 8) + 2 * oidLength;
  return { least, most: least + Math.max(0, count - 1) * 8 };
};
