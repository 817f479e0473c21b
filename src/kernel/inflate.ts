import type { KernelMemory } from './memory.ts';

/** How many bytes behind a stream the kernel may read; they mean nothing, but exist. */
export const inflateReadsBehind = 32;
/** How many bytes behind the room for what comes out the kernel may write. */
export const inflateWritesBehind = 320;

/** What is wrong with a stream; the index is the kernel's number, 0 is none. */
export const inflateFailures = [
  'none',
  'cut-short',
  'bad-header',
  'bad-block',
  'bad-codes',
  'bad-symbol',
  'distance-too-far',
  'longer-than-stated',
  'shorter-than-stated',
  'bad-checksum',
] as const;
export type InflateFailure = (typeof inflateFailures)[number];

/** A zlib stream in the kernel's memory, and where its bytes go: addresses and a size, in bytes. */
export interface StreamAt {
  readonly from: number;
  /** Behind the last byte that may belong to the stream; what stands behind the stream's end is not looked at. */
  readonly fromEnd: number;
  readonly to: number;
  /** Exactly as many bytes must come out. */
  readonly sizeBytes: number;
}

/**
 * Inflates zlib streams from one place of the kernel's memory to another; takes and refuses what zlib does. Both places are the caller's,
 * with `inflateReadsBehind` bytes of memory behind the stream and `inflateWritesBehind` behind what comes out; they do not overlap.
 */
export const inflate = ({ kernel }: KernelMemory, { from, fromEnd, to, sizeBytes }: StreamAt): InflateFailure =>
  inflateFailures[kernel.inflate(from, fromEnd, to, to + sizeBytes)] ?? 'bad-block';
