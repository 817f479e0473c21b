// Makes a text of its base and a delta, and writes down which runs of it are copies: what is not in them is new.
// src/kernel/plain-delta.ts is its specification.

// @ts-ignore: decorator
@inline const RESERVED: i32 = -1;
// @ts-ignore: decorator
@inline const CUT_SHORT: i32 = -2;
// @ts-ignore: decorator
@inline const PAST_THE_BASE: i32 = -3;
// @ts-ignore: decorator
@inline const TOO_LONG: i32 = -4;
// @ts-ignore: decorator
@inline const TOO_SHORT: i32 = -5;
/** Written by the last call: the runs did not fit, what is new holds a zero byte. */
let overflowed: u32 = 0;
let zeros: u32 = 0;

/**
 * Follows the instructions in [delta, deltaEnd), which stand behind the delta's two sizes. The result has exactly `length` bytes. Up to 16
 * bytes may be read behind base and delta, and up to 16 written behind the text. Runs are three u32 each: start in the text, start in the
 * base, length; those that go on in both are one.
 * @returns the number of runs; below 0: what is wrong, and the text is not to be used.
 */
export function applyDelta(
  base: usize, baseLength: u32, delta: usize, deltaEnd: usize, text: usize, length: u32, runs: usize, runsEnd: usize,
): i32 {
  overflowed = 0;
  let zeroBits: u32 = 0;
  let made: u32 = 0;
  let run = runs;
  // Where the last run ends, in text and base; of the first none goes on.
  let runText: u32 = 0xffffffff;
  let runBase: u32 = 0;
  let at = delta;
  while (at < deltaEnd) {
    const opcode = <u32>load<u8>(at++);
    if (opcode & 0x80) {
      let start: u32 = 0;
      let size: u32 = 0;
      const bytes = <u32>popcnt<u32>(opcode & 0x7f);
      if (<usize>bytes > deltaEnd - at) return CUT_SHORT;
      if (opcode & 0x01) start = <u32>load<u8>(at++);
      if (opcode & 0x02) start |= <u32>load<u8>(at++) << 8;
      if (opcode & 0x04) start |= <u32>load<u8>(at++) << 16;
      if (opcode & 0x08) start |= <u32>load<u8>(at++) << 24;
      if (opcode & 0x10) size = <u32>load<u8>(at++);
      if (opcode & 0x20) size |= <u32>load<u8>(at++) << 8;
      if (opcode & 0x40) size |= <u32>load<u8>(at++) << 16;
      if (size == 0) size = 0x10000;
      if (start > baseLength || size > baseLength - start) return PAST_THE_BASE;
      if (size > length - made) return TOO_LONG;
      copy(text + made, base + start, size);
      if (made == runText && start == runBase) {
        store<u32>(run - 12, load<u32>(run - 12, 8) + size, 8);
      } else if (run + 12 <= runsEnd) {
        store<u32>(run, made);
        store<u32>(run, start, 4);
        store<u32>(run, size, 8);
        run += 12;
      } else overflowed = 1;
      made += size;
      runText = made;
      runBase = start + size;
    } else {
      if (opcode == 0) return RESERVED;
      if (<usize>opcode > deltaEnd - at) return CUT_SHORT;
      if (opcode > length - made) return TOO_LONG;
      copy(text + made, at, opcode);
      zeroBits |= hasZero(at, opcode);
      at += opcode;
      made += opcode;
    }
  }
  zeros = zeroBits;
  return made == length ? <i32>((run - runs) / 12) : TOO_SHORT;
}

export function deltaOverflowed(): u32 {
  return overflowed;
}

export function deltaHasZeros(): u32 {
  return zeros;
}

/** Writes up to 15 bytes more than `size`: they are overwritten by what follows, or are padding. */
// @ts-ignore: decorator
@inline
function copy(to: usize, from: usize, size: u32): void {
  if (size > 512) {
    memory.copy(to, from, size);
    return;
  }
  const end = to + size;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < end);
}

// @ts-ignore: decorator
@inline
function hasZero(at: usize, size: u32): u32 {
  const end = at + size;
  while (at + 16 <= end) {
    if (i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0)))) return 1;
    at += 16;
  }
  const rest = <i32>(end - at);
  return <u32>(i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0))) & ((1 << rest) - 1)) != 0 ? 1 : 0;
}

/**
 * Where an anchor may start whose window is not copied whole: the places outside the runs, widened. Pairs of u32 [from, to), ascending,
 * apart from each other, to `spans`, where there is room for one more than there are runs.
 * @param before so far a window reaches before its anchor's start. @param behind so far behind its start, the anchor included.
 * @returns the number of spans.
 */
export function spansOf(
  runs: usize, count: u32, baseLength: u32, length: u32, before: u32, behind: u32, spans: usize,
): u32 {
  let out = spans;
  let from: u32 = 0;
  for (let run = runs, end = runs + <usize>count * 12; run < end; run += 12) {
    const start = load<u32>(run);
    const baseStart = load<u32>(run, 4);
    const size = load<u32>(run, 8);
    const isHead = start == 0 && baseStart == 0;
    const isTail = start + size == length && baseStart + size == baseLength;
    const safeFrom: u32 = isHead ? 0 : start + before;
    const safeTo: u32 = isTail ? length : size < behind ? start : start + size - behind;
    // A hole that saves less than what it costs to begin anew is none.
    if (safeTo < safeFrom + 64) continue;
    if (safeFrom > from) {
      store<u32>(out, from);
      store<u32>(out, safeFrom, 4);
      out += 8;
    }
    from = safeTo;
  }
  if (from < length) {
    store<u32>(out, from);
    store<u32>(out, length, 4);
    out += 8;
  }
  return <u32>((out - spans) >>> 3);
}
