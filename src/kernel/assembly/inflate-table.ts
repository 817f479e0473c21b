// Tables that decode a canonical Huffman code of DEFLATE: one entry of 32 bits for every value of the next bits.
//
//   bits 0-5    how many bits to take: of the code, and the extra bits behind it
//   bit 6       LITERAL: bits 16-23 are the byte
//   bit 7       EXCEPTIONAL: with SUBTABLE (bit 14), bits 16-31 are its byte offset in the table and bits 8-13 the bits that it is asked with;
//               with END_OF_BLOCK (bit 15) the end; with neither, a code that nothing was given
//   bits 8-13   where the extra bits begin, in the buffer: two behind the code's
//   bits 16-    what the extra bits are added to; of a length bits 25-29 are their mask, of the precode bits 24-31 the length,
//               0xff for the one before
import { INFLATE } from './layout';

// @ts-ignore: decorator
@inline export const LITERAL: u64 = 1 << 6;
// @ts-ignore: decorator
@inline export const EXCEPTIONAL: u64 = 1 << 7;
// @ts-ignore: decorator
@inline export const SUBTABLE: u64 = 1 << 14;
// @ts-ignore: decorator
@inline export const END_OF_BLOCK: u64 = 1 << 15;

// The most bits that the tables themselves are asked with; with subtables 2,342, 402 and 128 entries at most (zlib's enough.c counts them).
// @ts-ignore: decorator
@inline export const LITLEN_BITS: u32 = 11;
// @ts-ignore: decorator
@inline export const DIST_BITS: u32 = 8;
// @ts-ignore: decorator
@inline export const PRECODE_BITS: u32 = 7;
// @ts-ignore: decorator
@inline export const FIXED_LITLEN_BITS: u32 = 9;
// @ts-ignore: decorator
@inline export const FIXED_DIST_BITS: u32 = 5;
// @ts-ignore: decorator
@inline export const ERROR_CODE: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline export const LITLEN: usize = INFLATE;
// @ts-ignore: decorator
@inline export const DIST: usize = INFLATE + 0x2500;
// @ts-ignore: decorator
@inline export const PRECODE: usize = INFLATE + 0x2c00;
// @ts-ignore: decorator
@inline export const LENS: usize = INFLATE + 0x2e00;
// @ts-ignore: decorator
@inline export const PRECODE_LENS: usize = INFLATE + 0x3000;
// @ts-ignore: decorator
@inline const COUNTS: usize = INFLATE + 0x3040;
// @ts-ignore: decorator
@inline const PLACES: usize = INFLATE + 0x3080;
// @ts-ignore: decorator
@inline const SORTED: usize = INFLATE + 0x3100;
// @ts-ignore: decorator
@inline const LIST: usize = INFLATE + 0x4500;
// @ts-ignore: decorator
@inline export const LITLEN_RESULTS: usize = INFLATE + 0x3400;
// @ts-ignore: decorator
@inline export const DIST_RESULTS: usize = INFLATE + 0x3880;
// @ts-ignore: decorator
@inline export const PRECODE_RESULTS: usize = INFLATE + 0x3900;
// @ts-ignore: decorator
@inline export const PATTERNS: usize = INFLATE + 0x3980;
// @ts-ignore: decorator
@inline export const FIXED_LITLEN: usize = INFLATE + 0x3c00;
// @ts-ignore: decorator
@inline export const FIXED_DIST: usize = INFLATE + 0x4400;

/**
 * Builds the table of the code whose lengths, 0 to 15, are the `count` bytes at `lens`. As zlib, it takes a code that is incomplete
 * only if it has one symbol, of one bit, or none.
 * @returns with how many bits the table is asked, at most `mostBits`; ERROR_CODE for a set of lengths that is no code.
 */
export function buildTable(lens: usize, count: usize, table: usize, mostBits: u32, results: usize): u32 {
  const listEnd = listSymbols(lens, count);
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(COUNTS + (<usize>longest << 2)) == 0) longest--;
  let space: i32 = 1;
  let place: u32 = 0;
  for (let length: usize = 1; length <= <usize>longest; length++) {
    const symbols = load<u32>(COUNTS + (length << 2));
    store<u32>(PLACES + (length << 2), SORTED + (place << 1));
    place += symbols;
    space = (space << 1) - symbols;
    if (space < 0) return ERROR_CODE;
  }
  if (space > 0) {
    if (longest > 1) return ERROR_CODE;
    store<u32>(table, <u32>EXCEPTIONAL | 1);
    store<u32>(table, <u32>EXCEPTIONAL | 1, 4);
    if (longest == 0) return 1;
  }
  for (let at = LIST; at < listEnd; at += 2) {
    const symbol = load<u16>(at);
    const placeAt = PLACES + (<usize>load<u8>(lens + <usize>symbol) << 2);
    const to = load<u32>(placeAt);
    store<u16>(to, symbol);
    store<u32>(placeAt, to + 2);
  }
  if (space > 0) {
    store<u32>(table, entryOf(results, load<u16>(SORTED), 1));
    return 1;
  }
  return fillTable(table, min(longest, mostBits), results, SORTED + (<usize>place << 1));
}

/** Lists the symbols that have a code, and counts the codes of each length. @returns the end of the list. */
function listSymbols(lens: usize, count: usize): usize {
  const zero = i8x16.splat(0);
  for (let offset: usize = 0; offset < 64; offset += 16) v128.store(COUNTS + offset, zero);
  let to = LIST;
  for (let start: usize = 0; start < count; start += 16) {
    let used = i8x16.bitmask(i8x16.ne(v128.load(lens + start), zero));
    if (count - start < 16) used &= (1 << <i32>(count - start)) - 1;
    while (used != 0) {
      const symbol = start + <usize>ctz<i32>(used);
      used &= used - 1;
      store<u16>(to, <u16>symbol);
      to += 2;
      const counter = COUNTS + (<usize>load<u8>(lens + symbol) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
  }
  return to;
}

// @ts-ignore: decorator
@inline
function entryOf(results: usize, symbol: u32, length: u32): u32 {
  return load<u32>(results + (<usize>symbol << 2)) + length * 0x101;
}

/**
 * Codes in their order, from the shortest. The stream has them backwards: what a step from one to the next changes in `index`, a code's
 * place in the table, are so many bits at its top as it changes at the bottom of `code`.
 */
function fillTable(table: usize, tableBits: u32, results: usize, sortedEnd: usize): u32 {
  let length: u32 = 0;
  let size: u32 = 1;
  let code: u32 = 0;
  let index: u32 = 0;
  let sorted = SORTED;
  while (length < tableBits) {
    // The table of one bit less, twice; of what is new in it then, the codes of this length take their places.
    if (sorted != SORTED) copyTable(table + (<usize>size << 2), table, <usize>size << 2);
    length++;
    size <<= 1;
    code <<= 1;
    const ones = size - 1;
    const lengthTwice = length * 0x101;
    for (const groupEnd = sorted + (<usize>load<u32>(COUNTS + (<usize>length << 2)) << 1); sorted < groupEnd; sorted += 2) {
      store<u32>(table + (<usize>index << 2), load<u32>(results + (<usize>load<u16>(sorted) << 2)) + lengthTwice);
      index ^= ones ^ (ones >>> (ctz<u32>(~code) + 1));
      code++;
    }
  }
  if (sorted < sortedEnd) fillSubtables(table, tableBits, results, sorted, sortedEnd, index);
  return tableBits;
}

/** The codes longer than `tableBits`, of which `code` is the first, as the stream has it. */
function fillSubtables(
  table: usize, tableBits: u32, results: usize, sorted: usize, sortedEnd: usize, code: u32,
): void {
  const tableMask: u32 = (1 << tableBits) - 1;
  let prefix: u32 = 0xffffffff;
  let start: u32 = 0;
  let end: u32 = 1 << tableBits;
  let length = tableBits;
  let count: u32 = 0;
  for (; sorted < sortedEnd; sorted += 2, count--) {
    while (count == 0) count = load<u32>(COUNTS + (<usize>++length << 2));
    if ((code & tableMask) != prefix) {
      prefix = code & tableMask;
      start = end;
      // As many bits as the longest code with this prefix has: until the codes to come fill it.
      let subtableBits = length - tableBits;
      let used = count;
      while (used < <u32>(1 << subtableBits)) {
        subtableBits++;
        used = (used << 1) + load<u32>(COUNTS + (<usize>(tableBits + subtableBits) << 2));
      }
      end = start + (1 << subtableBits);
      const pointer = <u32>(EXCEPTIONAL | SUBTABLE) | (start << 18) | (subtableBits << 8) | tableBits;
      store<u32>(table + (<usize>prefix << 2), pointer);
    }
    const entry = entryOf(results, load<u16>(sorted), length - tableBits);
    const stride: u32 = 1 << (length - tableBits);
    for (let index = start + (code >>> tableBits); index < end; index += stride) store<u32>(table + (<usize>index << 2), entry);
    // The highest bit that is 0 becomes 1, those above it 0; behind the very last code it does not matter.
    const bit: u32 = 0x80000000 >>> clz<u32>(code ^ ((1 << length) - 1));
    code = (code & (bit - 1)) | bit;
  }
}

/** In steps of 16 bytes: up to 12 more than `sizeBytes` are written, where the table goes on or has room. */
export function copyTable(to: usize, from: usize, sizeBytes: usize): void {
  for (let offset: usize = 0; offset < sizeBytes; offset += 16) v128.store(to + offset, v128.load(from + offset));
}

/** What a symbol's entry is but for the length of its code. */
export function prepareResults(): void {
  for (let symbol: u32 = 0; symbol < 256; symbol++) put(LITLEN_RESULTS, symbol, <u32>LITERAL | (symbol << 16));
  put(LITLEN_RESULTS, 256, <u32>(EXCEPTIONAL | END_OF_BLOCK));
  let base: u32 = 3;
  for (let symbol: u32 = 257; symbol < 285; symbol++) {
    const extra: u32 = symbol < 265 ? 0 : (symbol - 261) >>> 2;
    put(LITLEN_RESULTS, symbol, (((1 << extra) - 1) << 25) | (base << 16) | 0x200 | extra);
    base += 1 << extra;
  }
  put(LITLEN_RESULTS, 285, (258 << 16) | 0x200);
  put(LITLEN_RESULTS, 286, <u32>EXCEPTIONAL);
  put(LITLEN_RESULTS, 287, <u32>EXCEPTIONAL);
  base = 1;
  for (let symbol: u32 = 0; symbol < 30; symbol++) {
    const extra: u32 = symbol < 4 ? 0 : (symbol - 2) >>> 1;
    put(DIST_RESULTS, symbol, (base << 16) | 0x200 | extra);
    base += 1 << extra;
  }
  put(DIST_RESULTS, 30, <u32>EXCEPTIONAL);
  put(DIST_RESULTS, 31, <u32>EXCEPTIONAL);
  for (let symbol: u32 = 0; symbol < 16; symbol++) put(PRECODE_RESULTS, symbol, (symbol << 24) | (1 << 16) | 0x200);
  put(PRECODE_RESULTS, 16, (0xff << 24) | (3 << 16) | 0x202);
  put(PRECODE_RESULTS, 17, (3 << 16) | 0x203);
  put(PRECODE_RESULTS, 18, (11 << 16) | 0x207);
  // Of 16 bytes the index of each in a repetition of `dist`, and how many at the end begin a repetition that is not whole.
  for (let dist: u32 = 1; dist < 16; dist++) {
    for (let index: u32 = 0; index < 16; index++) store<u8>(PATTERNS + <usize>((dist << 4) + index), <u8>(index % dist));
    store<u8>(PATTERNS + 256 + <usize>(dist << 4), <u8>(16 % dist));
  }
}

function put(results: usize, symbol: u32, result: u32): void {
  store<u32>(results + (<usize>symbol << 2), result);
}
