import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const typeCodes = { commit: 1, tree: 2, blob: 3, tag: 4, 'ofs-delta': 6, 'ref-delta': 7 } as const;

export interface PackEntry {
  /** What the index calls it. */
  readonly oid: string;
  readonly type: keyof typeof typeCodes;
  /** The body, or the delta. */
  readonly data: Uint8Array;
  /** Of a ref-delta: the base's oid. Of an ofs-delta: how many bytes back it starts, or the number of an earlier entry. */
  readonly base?: string | { readonly distance: number } | { readonly entry: number };
  /** Said instead of the true one. */
  readonly size?: number;
}

export interface RawPack {
  readonly pack: Buffer;
  readonly idx: Buffer;
  readonly offsets: readonly number[];
}

/** A pack by hand and its index (version 2): both well-formed around whatever the entries say. */
export const rawPack = (entries: readonly PackEntry[]): RawPack => {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(entries.length, 8);
  const parts: Buffer[] = [head];
  const offsets: number[] = [];
  let at = head.length;
  for (const entry of entries) {
    offsets.push(at);
    const bytes = Buffer.concat([entryHeader(entry), baseOf(entry, at, offsets), deflateSync(entry.data)]);
    parts.push(bytes);
    at += bytes.length;
  }
  const body = Buffer.concat(parts);
  const pack = withTrailer(body);
  const rows = entries.map(({ oid }, index) => ({
    oid,
    offset: offsets[index] ?? 0,
    crc: crc32(parts[index + 1] ?? head),
  }));
  return { pack, idx: rawIdx(rows, pack.subarray(-20)), offsets };
};

export interface IdxRow {
  readonly oid: string;
  readonly offset: number;
  readonly crc: number;
}

/** Offsets from 2^31 on stand in the table of 64-bit ones. */
export const rawIdx = (rows: readonly IdxRow[], packTrailer: Uint8Array): Buffer => {
  const sorted = rows.toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  const fanout = Array.from(
    { length: 256 },
    (_, first) => sorted.filter(({ oid }) => Number.parseInt(oid.slice(0, 2), 16) <= first).length,
  );
  const large = sorted.filter(({ offset }) => offset >= 2 ** 31);
  return withTrailer(
    Buffer.concat([
      Buffer.from('\xfftOc\0\0\0\x02', 'latin1'),
      words(fanout),
      ...sorted.map(({ oid }) => Buffer.from(oid, 'hex')),
      words(sorted.map(({ crc }) => crc)),
      words(sorted.map((row) => (row.offset < 2 ** 31 ? row.offset : 2 ** 31 + large.indexOf(row)))),
      words(large.flatMap(({ offset }) => [Math.floor(offset / 2 ** 32), offset % 2 ** 32])),
      packTrailer,
    ]),
  );
};

/** The bytes with their own SHA-1 behind them, as packs and indexes end. */
export const withTrailer = (body: Uint8Array): Buffer =>
  Buffer.concat([body, createHash('sha1').update(body).digest()]);

/** Again with a right trailer, after somebody changed the bytes before it. */
export const resealed = (file: Uint8Array): Buffer => withTrailer(file.subarray(0, -20));

export const putPack = (
  gitDir: string,
  { pack, idx }: { readonly pack: Uint8Array; readonly idx: Uint8Array | null },
): string => {
  const name = `pack-${createHash('sha1').update(pack).digest('hex')}`;
  const folder = join(gitDir, 'objects', 'pack');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.pack`), pack);
  if (idx) writeFileSync(join(folder, `${name}.idx`), idx);
  return name;
};

/**
 * A pack with a hole of `holeBytes` before its last entry: larger than memory where files may have holes, and small on disk. An index
 * calls the hole an object of its own, of type 0.
 */
export const putPackWithHole = (
  gitDir: string,
  [first, last]: readonly [PackEntry, PackEntry],
  hole: { readonly oid: string; readonly sizeBytes: number },
): string => {
  const head = Buffer.from('PACK\0\0\0\x02\0\0\0\x03', 'latin1');
  const entries = [first, last].map((entry) => Buffer.concat([entryHeader(entry), deflateSync(entry.data)]));
  const [before = head, behind = head] = entries;
  const holeAt = head.length + before.length;
  const lastAt = holeAt + hole.sizeBytes;
  // No reader can afford to check it on the way.
  const trailer = createHash('sha1').update(`${lastAt}`).digest();
  const folder = join(gitDir, 'objects', 'pack');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `pack-${trailer.toString('hex')}.pack`);
  writeFileSync(path, Buffer.concat([head, before]));
  truncateSync(path, lastAt);
  appendFileSync(path, Buffer.concat([behind, trailer]));
  const rows = [
    { oid: first.oid, offset: head.length, crc: 0 },
    { oid: hole.oid, offset: holeAt, crc: 0 },
    { oid: last.oid, offset: lastAt, crc: 0 },
  ];
  writeFileSync(path.replace(/pack$/, 'idx'), rawIdx(rows, trailer));
  return path;
};

const words = (numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => void bytes.writeUInt32BE(number, index * 4));
  return bytes;
};

const entryHeader = ({ type, data, size = data.length }: PackEntry): Buffer => {
  const bytes = [(typeCodes[type] << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(((bytes.pop() ?? 0) | 0x80) & 0xff, rest % 128);
  }
  return Buffer.from(bytes);
};

const baseOf = ({ base }: PackEntry, at: number, offsets: readonly number[]): Buffer => {
  if (base === undefined) return Buffer.alloc(0);
  if (typeof base === 'string') return Buffer.from(base, 'hex');
  return distanceBytes('distance' in base ? base.distance : at - (offsets[base.entry] ?? 0));
};

const distanceBytes = (distance: number): Buffer => {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift(0x80 | (rest % 128));
  }
  return Buffer.from(bytes);
};

export type DeltaStep =
  | { readonly copy: readonly [offset: number, size: number] }
  | { readonly insert: string | Uint8Array };

/** A delta of any steps; the two sizes are as said, true or not. */
export const rawDelta = (baseSize: number, resultSize: number, steps: readonly DeltaStep[]): Buffer =>
  Buffer.concat([varint(baseSize), varint(resultSize), ...steps.map(stepBytes)]);

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(0x80 | (rest % 128));
  return Buffer.from([...bytes, rest]);
};

/** Inserts are at most 127 bytes, copies at most 0xffffff. */
const stepBytes = (step: DeltaStep): Buffer => {
  if ('insert' in step) return Buffer.concat([Buffer.of(step.insert.length), Buffer.from(step.insert)]);
  const [offset, size] = step.copy;
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(0xff);
  bytes.writeUInt32LE(offset, 1);
  bytes.writeUIntLE(size, 5, 3);
  return bytes;
};
