// Inflate: zlib streams (RFC 1950, 1951), as strict as zlib itself. The design is that of libdeflate: a 64-bit buffer of bits, one look
// into a table for most symbols, subtables for long codes, and loops that write a little too far instead of asking at every byte.
// src/kernel/plain-inflate.ts is its specification.
//
// The next bit of the stream is bit 2 of the buffer, not bit 0: so a masked buffer is the byte offset of a 4-byte entry, which saves a
// shift in the longest chain of the loop. `left` counts the two bits below it too; only its low 6 bits mean anything.
import { adler32 } from './adler32';
import {
  buildTable, DIST, DIST_BITS, DIST_RESULTS, ERROR_CODE, EXCEPTIONAL, FIXED_DIST, FIXED_LITLEN, LENS, LITERAL, LITLEN, LITLEN_BITS,
  LITLEN_RESULTS, PRECODE, PRECODE_BITS, PRECODE_LENS, PRECODE_RESULTS, prepareResults, SUBTABLE, END_OF_BLOCK, FIXED_LITLEN_BITS,
  FIXED_DIST_BITS, copyTable, PATTERNS,
} from './inflate-table';

// The numbers of src/kernel/inflate.ts, `failures`.
// @ts-ignore: decorator
@inline const OK: u32 = 0;
// @ts-ignore: decorator
@inline const CUT: u32 = 1;
// @ts-ignore: decorator
@inline const BAD_HEADER: u32 = 2;
// @ts-ignore: decorator
@inline const BAD_BLOCK: u32 = 3;
// @ts-ignore: decorator
@inline const BAD_CODES: u32 = 4;
// @ts-ignore: decorator
@inline const BAD_SYMBOL: u32 = 5;
// @ts-ignore: decorator
@inline const TOO_FAR: u32 = 6;
// @ts-ignore: decorator
@inline const TOO_LONG: u32 = 7;
// @ts-ignore: decorator
@inline const TOO_SHORT: u32 = 8;
// @ts-ignore: decorator
@inline const BAD_CHECKSUM: u32 = 9;

// Where the stream stands between two functions; loops keep it in locals.
let bits: u64 = 0;
let left: u64 = 0;
let next: usize = 0;
let out: usize = 0;
/** What the tables hold: entries - 1, times 4. */
let litlenMask: usize = 0;
let distMask: usize = 0;
let holdsFixed: bool = false;

prepareResults();
prepareFixed();

/**
 * Inflates the zlib stream [from, fromEnd) to [to, toEnd), which it must fill to the byte. What stands behind the stream's checksum is
 * not looked at. Up to 32 bytes behind `fromEnd` are read (and mean nothing), up to 320 bytes behind `toEnd` are written: both exist.
 * @returns 0, or the number of a failure: then what stands in [to, toEnd + 320) is undefined.
 */
export function inflate(from: usize, fromEnd: usize, to: usize, toEnd: usize): u32 {
  if (from + 2 > fromEnd) return CUT;
  const header = <u32>load<u16>(from);
  // Method 8, a window of at most 32 KiB, no dictionary; the two bytes, read as a big-endian number, are a multiple of 31.
  if ((header & 0xf) != 8 || (header & 0xf0) > 0x70 || (header & 0x2000) != 0) return BAD_HEADER;
  if ((((header & 0xff) << 8) | (header >>> 8)) % 31 != 0) return BAD_HEADER;
  bits = 0;
  left = 2;
  next = from + 2;
  out = to;
  let isLast = false;
  while (!isLast) {
    // More than 7 bytes behind the end, and bits from there have been used for certain.
    if (next > fromEnd + 7) return CUT;
    refill();
    isLast = (bits & 4) != 0;
    const kind = <u32>((bits >>> 3) & 3);
    bits >>= 3;
    left -= 3;
    let failure: u32 = BAD_BLOCK;
    if (kind == 0) failure = copyStored(fromEnd, toEnd);
    else if (kind == 1) {
      if (!holdsFixed) useFixed();
      failure = inflateBlock(fromEnd, to, toEnd);
    } else if (kind == 2) {
      holdsFixed = false;
      failure = readCodes(fromEnd);
      if (failure == OK) failure = inflateBlock(fromEnd, to, toEnd);
    }
    if (failure != OK) return failure;
  }
  const checksumAt = nextByte();
  if (checksumAt + 4 > fromEnd) return CUT;
  if (out != toEnd) return out < toEnd ? TOO_SHORT : TOO_LONG;
  return bswap<u32>(load<u32>(checksumAt)) == adler32(to, toEnd) ? OK : BAD_CHECKSUM;
}

// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= load<u64>(next) << left;
  next += <usize>((~left >>> 3) & 7);
  left |= 56;
}

/** The address of the first byte of which no bit has been used. */
function nextByte(): usize {
  return next - <usize>(((left & 63) - 2) >>> 3);
}

function copyStored(fromEnd: usize, toEnd: usize): u32 {
  const at = nextByte();
  if (at + 4 > fromEnd) return CUT;
  const size = <usize>load<u16>(at);
  if (size != (<usize>load<u16>(at, 2) ^ 0xffff)) return BAD_BLOCK;
  if (size > fromEnd - (at + 4)) return CUT;
  if (out > toEnd || size > toEnd - out) return TOO_LONG;
  memory.copy(out, at + 4, size);
  out += size;
  bits = 0;
  left = 2;
  next = at + 4 + size;
  return OK;
}

/** Reads the lengths of a dynamic block's codes and builds their tables. */
function readCodes(fromEnd: usize): u32 {
  refill();
  const litlenCount: usize = 257 + <usize>((bits >>> 2) & 31);
  const distCount: usize = 1 + <usize>((bits >>> 7) & 31);
  const precodeCount: u32 = 4 + <u32>((bits >>> 12) & 15);
  if (litlenCount > 286 || distCount > 30) return BAD_CODES;
  bits >>= 14;
  left -= 14;
  v128.store(PRECODE_LENS, i8x16.splat(0));
  v128.store(PRECODE_LENS, i8x16.splat(0), 16);
  for (let index: u32 = 0; index < precodeCount; index++) {
    if ((left & 63) < 5) refill();
    store<u8>(PRECODE_LENS + orderOf(index), <u8>((bits >>> 2) & 7));
    bits >>= 3;
    left -= 3;
  }
  const precodeBits = buildTable(PRECODE_LENS, 19, PRECODE, PRECODE_BITS, PRECODE_RESULTS);
  // Only the other two codes may be incomplete.
  if (precodeBits == ERROR_CODE || (load<u32>(PRECODE + ((<usize>1 << precodeBits) - 1) * 4) & <u32>EXCEPTIONAL) != 0) return BAD_CODES;
  const failure = readLens(fromEnd, litlenCount + distCount, ((<usize>1 << precodeBits) - 1) << 2);
  if (failure != OK) return failure;
  // Without an end there is no block.
  if (load<u8>(LENS, 256) == 0) return BAD_CODES;
  const distBits = buildTable(LENS + litlenCount, distCount, DIST, DIST_BITS, DIST_RESULTS);
  if (distBits == ERROR_CODE) return BAD_CODES;
  const litlenBits = buildTable(LENS, litlenCount, LITLEN, LITLEN_BITS, LITLEN_RESULTS);
  if (litlenBits == ERROR_CODE) return BAD_CODES;
  litlenMask = ((<usize>1 << litlenBits) - 1) << 2;
  distMask = ((<usize>1 << distBits) - 1) << 2;
  return OK;
}

const PRECODE_ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

// @ts-ignore: decorator
@inline
function orderOf(index: u32): usize {
  return <usize>load<u8>(PRECODE_ORDER + <usize>index);
}

/**
 * Reads `count` lengths. Each symbol is a repetition, of one length or more: a branch for each kind would be guessed wrong too often.
 */
function readLens(fromEnd: usize, count: usize, mask: usize): u32 {
  let b = bits;
  let n = left;
  let p = next;
  let at = LENS;
  const end = LENS + count;
  // No length: a repetition of it is seen below.
  let length: u32 = 0x80;
  while (at < end) {
    // A symbol and its extra bits are at most 14.
    if ((n & 63) < 16) {
      if (p > fromEnd + 7) return CUT;
      b |= load<u64>(p) << n;
      p += <usize>((~n >>> 3) & 7);
      n |= 56;
    }
    const e = <u64>load<u32>(<usize>b & mask, PRECODE);
    const repeats = <usize>((e >>> 16) & 0xff) + <usize>((b & ((<u64>4 << e) - 1)) >>> (e >>> 8));
    b >>= e;
    n -= e;
    const value = <u32>(e >>> 24);
    length = value == 0xff ? length : value;
    const splat = i8x16.splat(<i8>length);
    // LENS has room for a last repetition that is too long.
    v128.store(at, splat);
    for (let offset: usize = 16; offset < repeats; offset += 16) v128.store(at + offset, splat);
    at += repeats;
  }
  if (at > end || load<u8>(LENS) > 15) return BAD_CODES;
  bits = b;
  left = n;
  next = p;
  return OK;
}

/** Inflates the symbols of a block with the tables as they are, to the block's end. */
function inflateBlock(fromEnd: usize, to: usize, toEnd: usize): u32 {
  const pLimit = fromEnd + 7;
  const mask = litlenMask;
  const maskOfDist = distMask;
  let b = bits;
  let n = left;
  let p = next;
  let o = out;
  b |= load<u64>(p) << n;
  p += <usize>((~n >>> 3) & 7);
  n |= 56;
  let e = <u64>load<u32>(<usize>b & mask, LITLEN);
  // At the head of the loop the buffer holds 54 bits or more, and e is the entry of the next symbol.
  for (;;) {
    if (p > pLimit) return CUT;
    if (o > toEnd) return TOO_LONG;
    let before = b;
    b >>= e;
    n -= e;
    if (e & LITERAL) {
      store<u8>(o, <u8>(e >>> 16));
      o++;
      e = <u64>load<u32>(<usize>b & mask, LITLEN);
      before = b;
      b >>= e;
      n -= e;
      if (e & LITERAL) {
        store<u8>(o, <u8>(e >>> 16));
        o++;
        e = <u64>load<u32>(<usize>b & mask, LITLEN);
        before = b;
        b >>= e;
        n -= e;
        if (e & LITERAL) {
          store<u8>(o, <u8>(e >>> 16));
          o++;
          e = <u64>load<u32>(<usize>b & mask, LITLEN);
          b |= load<u64>(p) << n;
          p += <usize>((~n >>> 3) & 7);
          n |= 56;
          continue;
        }
      }
    }
    if (e & EXCEPTIONAL) {
      if (e & SUBTABLE) {
        e = <u64>load<u32>(<usize>(e >>> 16) + <usize>(b & ((<u64>4 << (e >>> 8)) - 4)), LITLEN);
        before = b;
        b >>= e;
        n -= e;
        if (e & LITERAL) {
          store<u8>(o, <u8>(e >>> 16));
          o++;
          b |= load<u64>(p) << n;
          p += <usize>((~n >>> 3) & 7);
          n |= 56;
          e = <u64>load<u32>(<usize>b & mask, LITLEN);
          continue;
        }
      }
      if (e & END_OF_BLOCK) break;
      if (e & EXCEPTIONAL) return BAD_SYMBOL;
    }
    const length = <usize>((e >>> 16) & 0x1ff) + <usize>((before >>> (e >>> 8)) & (e >>> 25));

    let d = <u64>load<u32>(<usize>b & maskOfDist, DIST);
    if ((n & 63) < 41) {
      b |= load<u64>(p) << n;
      p += <usize>((~n >>> 3) & 7);
      n |= 56;
    }
    if (d & EXCEPTIONAL) {
      if (!(d & SUBTABLE)) return BAD_SYMBOL;
      b >>= d;
      n -= d;
      d = <u64>load<u32>(<usize>(d >>> 16) + <usize>(b & ((<u64>4 << (d >>> 8)) - 4)), DIST);
      if (d & EXCEPTIONAL) return BAD_SYMBOL;
    }
    const dist = <usize>(d >>> 16) + <usize>((b & ((<u64>4 << d) - 1)) >>> (d >>> 8));
    if (dist > o - to) return TOO_FAR;
    b >>= d;
    n -= d;
    e = <u64>load<u32>(<usize>b & mask, LITLEN);
    b |= load<u64>(p) << n;
    p += <usize>((~n >>> 3) & 7);
    n |= 56;

    const end = o + length;
    let source = o - dist;
    if (dist >= 16) {
      v128.store(o, v128.load(source));
      o += 16;
      while (o < end) {
        source += 16;
        v128.store(o, v128.load(source));
        o += 16;
      }
    } else {
      // As many whole repetitions as 16 bytes hold, again and again.
      const pattern = PATTERNS + (dist << 4);
      const repeated = i8x16.swizzle(v128.load(source), v128.load(pattern));
      const step: usize = 16 - <usize>load<u8>(pattern, 256);
      do {
        v128.store(o, repeated);
        o += step;
      } while (o < end);
    }
    o = end;
  }
  bits = b;
  left = n;
  next = p;
  out = o;
  return o > toEnd ? TOO_LONG : OK;
}

/** The fixed code of RFC 1951, 3.2.6; its symbols 286, 287 and distances 30, 31 have codes, and no meaning. */
function prepareFixed(): void {
  memory.fill(LENS, 8, 144);
  memory.fill(LENS + 144, 9, 112);
  memory.fill(LENS + 256, 7, 24);
  memory.fill(LENS + 280, 8, 8);
  buildTable(LENS, 288, FIXED_LITLEN, FIXED_LITLEN_BITS, LITLEN_RESULTS);
  memory.fill(LENS, 5, 32);
  buildTable(LENS, 32, FIXED_DIST, FIXED_DIST_BITS, DIST_RESULTS);
}

function useFixed(): void {
  copyTable(LITLEN, FIXED_LITLEN, 4 << FIXED_LITLEN_BITS);
  copyTable(DIST, FIXED_DIST, 4 << FIXED_DIST_BITS);
  litlenMask = ((<usize>1 << FIXED_LITLEN_BITS) - 1) << 2;
  distMask = ((<usize>1 << FIXED_DIST_BITS) - 1) << 2;
  holdsFixed = true;
}
