// The prefilter: probe every second byte with a 4-byte window, branchless; confirm with an 8-byte mask, branchless; compare whole
// records. An automaton takes a table look-up for every byte; here most bytes end at half of one.
// src/kernel/plain-prefilter.ts is its specification.
import { CANDIDATES, ENTRIES, HEADS, T1, T2 } from './layout';

/** Case bit off everywhere, 5 bits of the outer bytes: so a byte that an anchor does not have is 32 keys, not 256. */
// @ts-ignore: decorator
@inline export const FOLD: u32 = 0x1fdfdf1f;
/** Bytes of a record: u32 anchor, length, assigned, unused; then 3 x (mask16, value16). */
// @ts-ignore: decorator
@inline export const RECORD: usize = 112;

/**
 * Finds the anchors whose window stands in the block [block, blockEnd) of the text [textAt, textEnd): addresses, the block's a
 * multiple of 64 bytes long. At least 64 zero bytes stand before the text, 128 behind it. Hits are written as pairs of u32
 * (anchor, start) to `hitsAt`, where the host keeps room for as many as one block can have.
 * @returns the number of hits.
 */
export function findInBlock(
  block: usize, blockEnd: usize, textAt: usize, textEnd: usize, k1: u32, k2: u32, recordsAt: usize, hitsAt: usize,
): u32 {
  const kept = confirm(probe(block, blockEnd, k1), k2);
  let out = hitsAt;
  for (let c = CANDIDATES; c < kept; c += 4) {
    const p = <usize>load<u32>(c);
    const slot = <usize>(((load<u32>(p) & FOLD) * k2) >>> 16);
    const last = ENTRIES + (<usize>load<u32>(HEADS + (slot << 2), 4) << 3);
    for (let e = ENTRIES + (<usize>load<u32>(HEADS + (slot << 2)) << 3); e < last; e += 8) {
      const start = p - <usize>load<i32>(e, 4);
      if (start < textAt) continue;
      const record = recordsAt + <usize>load<u32>(e) * RECORD;
      const size = <usize>load<u32>(record, 4);
      if (start + size > textEnd) continue;
      if (differs(start, record)) continue;
      if (size > 16 && differs(start + 16, record + 32)) continue;
      if (size > 32 && differs(start + 32, record + 64)) continue;
      if (load<u32>(record, 8) != 0 && !followsAssignment(start + size, textEnd)) continue;
      store<u32>(out, load<u32>(record));
      store<u32>(out, <u32>(start - textAt), 4);
      out += 8;
    }
  }
  return <u32>((out - hitsAt) >>> 3);
}

// @ts-ignore: decorator
@inline
function differs(text: usize, record: usize): bool {
  return v128.any_true(v128.xor(v128.and(v128.load(text), v128.load(record, 16)), v128.load(record, 32)));
}

/** Stage 1. Unrolled with literal offsets: neither the compiler nor binaryen does it, and computed offsets cost a tenth. */
function probe(block: usize, blockEnd: usize, k1: u32): usize {
  let cand = CANDIDATES;
  for (let p = block; p < blockEnd; p += 64) {
    store<u32>(cand, <u32>(p + 0)); cand += <usize>load<u8>((((load<u32>(p, 0) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 2)); cand += <usize>load<u8>((((load<u32>(p, 2) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 4)); cand += <usize>load<u8>((((load<u32>(p, 4) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 6)); cand += <usize>load<u8>((((load<u32>(p, 6) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 8)); cand += <usize>load<u8>((((load<u32>(p, 8) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 10)); cand += <usize>load<u8>((((load<u32>(p, 10) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 12)); cand += <usize>load<u8>((((load<u32>(p, 12) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 14)); cand += <usize>load<u8>((((load<u32>(p, 14) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 16)); cand += <usize>load<u8>((((load<u32>(p, 16) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 18)); cand += <usize>load<u8>((((load<u32>(p, 18) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 20)); cand += <usize>load<u8>((((load<u32>(p, 20) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 22)); cand += <usize>load<u8>((((load<u32>(p, 22) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 24)); cand += <usize>load<u8>((((load<u32>(p, 24) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 26)); cand += <usize>load<u8>((((load<u32>(p, 26) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 28)); cand += <usize>load<u8>((((load<u32>(p, 28) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 30)); cand += <usize>load<u8>((((load<u32>(p, 30) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 32)); cand += <usize>load<u8>((((load<u32>(p, 32) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 34)); cand += <usize>load<u8>((((load<u32>(p, 34) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 36)); cand += <usize>load<u8>((((load<u32>(p, 36) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 38)); cand += <usize>load<u8>((((load<u32>(p, 38) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 40)); cand += <usize>load<u8>((((load<u32>(p, 40) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 42)); cand += <usize>load<u8>((((load<u32>(p, 42) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 44)); cand += <usize>load<u8>((((load<u32>(p, 44) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 46)); cand += <usize>load<u8>((((load<u32>(p, 46) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 48)); cand += <usize>load<u8>((((load<u32>(p, 48) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 50)); cand += <usize>load<u8>((((load<u32>(p, 50) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 52)); cand += <usize>load<u8>((((load<u32>(p, 52) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 54)); cand += <usize>load<u8>((((load<u32>(p, 54) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 56)); cand += <usize>load<u8>((((load<u32>(p, 56) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 58)); cand += <usize>load<u8>((((load<u32>(p, 58) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 60)); cand += <usize>load<u8>((((load<u32>(p, 60) & FOLD) * k1) >>> 14), T1);
    store<u32>(cand, <u32>(p + 62)); cand += <usize>load<u8>((((load<u32>(p, 62) & FOLD) * k1) >>> 14), T1);
  }
  return cand;
}

/** Stage 2, in place: keeps the candidates around which stands what all anchors of their slot have in common. */
function confirm(end: usize, k2: u32): usize {
  let out = CANDIDATES;
  for (let c = CANDIDATES; c < end; c += 4) {
    const p = load<u32>(c);
    const slot = T2 + (<usize>(((load<u32>(<usize>p) & FOLD) * k2) >>> 16) << 4);
    store<u32>(out, p);
    out += <usize>((load<u64>(<usize>p - 2) & load<u64>(slot)) == load<u64>(slot, 8)) << 2;
  }
  return out;
}

/** Whether an assignment goes on at `at`, the byte behind an anchor. */
function followsAssignment(at: usize, end: usize): bool {
  const nameEnd = skip(at, min(end, at + 32), NAME);
  const operatorAt = skip(nameEnd, min(end, nameEnd + 4), BEFORE);
  const operatorEnd = skip(operatorAt, min(end, operatorAt + 3), OPERATOR);
  if (operatorEnd == operatorAt) return false;
  const valueAt = skip(operatorEnd, min(end, operatorEnd + 4), AFTER);
  return valueAt < end && isIn(load<u8>(valueAt), VALUE);
}

// @ts-ignore: decorator
@inline const NAME: u32 = 1;
// @ts-ignore: decorator
@inline const BEFORE: u32 = 2;
// @ts-ignore: decorator
@inline const OPERATOR: u32 = 4;
// @ts-ignore: decorator
@inline const AFTER: u32 = 8;
// @ts-ignore: decorator
@inline const VALUE: u32 = 16;

function skip(from: usize, end: usize, set: u32): usize {
  while (from < end && isIn(load<u8>(from), set)) from++;
  return from;
}

function isIn(byte: u32, set: u32): bool {
  if (set == NAME) {
    const letter = byte | 0x20;
    return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f || byte == 0x2e || byte == 0x2d;
  }
  if (set == OPERATOR) return byte == 0x3d || byte == 0x3a || byte == 0x3e;
  const isQuoteOrBlank = byte == 0x20 || byte == 0x09 || byte == 0x22 || byte == 0x27 || byte == 0x60;
  if (set == BEFORE) return isQuoteOrBlank || byte == 0x5d || byte == 0x29;
  if (set == AFTER) return isQuoteOrBlank || byte == 0x28 || byte == 0x5b || byte == 0x7b;
  return (
    byte > 0x20 && byte != 0x7f && byte != 0x2c && byte != 0x3b && byte != 0x29 && byte != 0x7d && byte != 0x5d && byte != 0x3c
  );
}
