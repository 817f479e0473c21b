// The prefilter's tables, made of the anchors' records. Every thread needs them before its first text, and code that runs once runs
// slowly in JavaScript. src/kernel/plain-lay-out.ts is the specification, and says what stands in the tables and why.
import { CANDIDATES, ENTRIES, HEADS, T1, T2 } from './layout';
import { FOLD, RECORD } from './prefilter';

// @ts-ignore: decorator
@inline const SLOTS: u32 = 0x10000;

/**
 * Lays out T1, T2, HEADS and ENTRIES, all zero before, for `count` records. Of a record the host has written length, flags and bytes
 * (unmasked, where the values stand); its number, masks, folded values and window are written here.
 * @param shares 256 f64: how often a byte comes by.
 * @returns the most entries of one slot.
 */
export function layOut(records: usize, count: u32, shares: usize, k1: u32, k2: u32): u32 {
  for (let index: u32 = 0; index < count; index++) {
    const record = records + <usize>index * RECORD;
    mask(record, index);
    const at = rarestWindows(record, shares);
    store<i32>(record, at, 12);
    for (let delta = at; delta < at + 2; delta++) {
      const slots = slotsOf(record, delta, k1, k2);
      for (let i: u32 = 0; i < slots; i++) narrowDown(load<u32>(CANDIDATES + (<usize>i << 2)), record, delta);
    }
  }
  const deepest = endsOfSlots();
  // From the last to the first: each entry goes before those that came later, and a slot's end becomes its start.
  for (let index = <i32>count - 1; index >= 0; index--) {
    const record = records + <usize>index * RECORD;
    const at = load<i32>(record, 12);
    for (let delta = at + 1; delta >= at; delta--) {
      const slots = slotsOf(record, delta, k1, k2);
      for (let i: u32 = 0; i < slots; i++) {
        const head = HEADS + (<usize>load<u32>(CANDIDATES + (<usize>i << 2)) << 2);
        const entry = load<u32>(head) - 1;
        store<u32>(head, entry);
        store<u32>(ENTRIES + (<usize>entry << 3), <u32>index);
        store<i32>(ENTRIES + (<usize>entry << 3), delta, 4);
      }
    }
  }
  return deepest;
}

// @ts-ignore: decorator
@inline
function byteAt(record: usize, index: i32): usize {
  return record + ((<usize>index >> 4) << 5) + (<usize>index & 15);
}

// @ts-ignore: decorator
@inline
function has(record: usize, index: i32): bool {
  return <u32>index < load<u32>(record, 4);
}

function mask(record: usize, number: u32): void {
  const flags = load<u32>(record, 8);
  store<u32>(record, number);
  store<u32>(record, flags & 1, 8);
  const length = load<u32>(record, 4);
  for (let index: u32 = 0; index < length; index++) {
    const at = byteAt(record, index);
    const lower = load<u8>(at, 32) | 0x20;
    const bits: u8 = (flags & 2) != 0 && lower >= 0x61 && lower <= 0x7a ? 0xdf : 0xff;
    store<u8>(at, bits, 16);
    store<u8>(at, load<u8>(at, 32) & bits, 32);
  }
}

function rarestWindows(record: usize, shares: usize): i32 {
  let best = -1;
  let bestCost = f64.MAX_VALUE;
  const last = <i32>load<u32>(record, 4) - 4;
  for (let at = -1; at <= last; at++) {
    const cost = windowCost(record, at, shares) + windowCost(record, at + 1, shares);
    if (cost < bestCost) {
      best = at;
      bestCost = cost;
    }
  }
  return best;
}

function windowCost(record: usize, at: i32, shares: usize): f64 {
  let cost: f64 = 1;
  for (let index = at; index < at + 4; index++) {
    if (!has(record, index)) continue;
    const byte = load<u8>(byteAt(record, index), 32);
    const repeats = index > 0 && load<u8>(byteAt(record, index - 1), 32) == byte;
    cost *= repeats ? 0.25 : load<f64>(shares + (<usize>byte << 3));
  }
  return cost;
}

/** Marks the window's keys in T1. @returns how many slots they lead to; the slots stand at CANDIDATES, each once. */
function slotsOf(record: usize, delta: i32, k1: u32, k2: u32): u32 {
  let key: u32 = 0;
  let free: i32 = -1;
  for (let index = 0; index < 4; index++) {
    if (has(record, delta + index)) key |= <u32>load<u8>(byteAt(record, delta + index), 32) << (index << 3);
    else free = index;
  }
  key &= FOLD;
  const keys: u32 = free < 0 ? 1 : 32;
  let count: u32 = 0;
  for (let bits: u32 = 0; bits < keys; bits++) {
    const one = free < 0 ? key : key | (bits << (free << 3));
    store<u8>((one * k1) >>> 14, 4, T1);
    const slot = (one * k2) >>> 16;
    let seen: u32 = 0;
    while (seen < count && load<u32>(CANDIDATES + (<usize>seen << 2)) != slot) seen++;
    if (seen < count) continue;
    store<u32>(CANDIDATES + (<usize>count << 2), slot);
    count++;
  }
  return count;
}

/** One more entry in the slot: counted in HEADS, and T2 keeps what it has in common with the others. */
function narrowDown(slot: u32, record: usize, delta: i32): void {
  const head = HEADS + (<usize>slot << 2);
  const before = load<u32>(head);
  store<u32>(head, before + 1);
  let bits: u64 = 0;
  let value: u64 = 0;
  for (let index = 0; index < 8; index++) {
    if (!has(record, delta - 2 + index)) continue;
    const at = byteAt(record, delta - 2 + index);
    bits |= <u64>load<u8>(at, 16) << (index << 3);
    value |= <u64>load<u8>(at, 32) << (index << 3);
  }
  const common = T2 + (<usize>slot << 4);
  if (before > 0) bits &= load<u64>(common) & ~(load<u64>(common, 8) ^ value);
  store<u64>(common, bits);
  store<u64>(common, value & bits, 8);
}

/** Turns the counts in HEADS into where each slot's entries end. @returns the largest count. */
function endsOfSlots(): u32 {
  let deepest: u32 = 0;
  let end: u32 = 0;
  for (let head = HEADS; head < HEADS + (<usize>SLOTS << 2); head += 4) {
    const count = load<u32>(head);
    deepest = max(deepest, count);
    end += count;
    store<u32>(head, end);
  }
  store<u32>(HEADS + (<usize>SLOTS << 2), end);
  return deepest;
}
