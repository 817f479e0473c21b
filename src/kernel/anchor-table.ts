import { invariant } from '../errors.ts';
import { longestAnchor, slotCount } from './layout.ts';
import type { KernelAnchor } from './plain-prefilter.ts';
import { rarity } from './rarity.ts';

/** The prefilter's tables, as they go into the kernel's memory. */
export interface AnchorTable {
  readonly k1: number;
  readonly k2: number;
  readonly t1: Uint8Array;
  /** Four numbers a slot: the mask of 8 bytes, lower half first, then their value. */
  readonly t2: Uint32Array;
  readonly heads: Uint32Array;
  /** Two numbers an entry: the anchor's record, and the offset in it of the window that led here. */
  readonly entries: Int32Array;
  readonly records: Uint8Array;
  /** The most entries in one slot: bounds the hits of one block. */
  readonly deepest: number;
}

const fold = 0x1fdfdf1f;
// Fixed odd multipliers, so that tables are the same everywhere; well known for spreading bits, not fitted to our anchors.
const k1 = 0x9e3779b1;
const k2 = 0x85ebca6b;

/**
 * Lays out the tables for the anchors. Every anchor of at least 3 bytes gets two neighbouring 4-byte windows, so that exactly
 * one of them stands at an even offset of the text, whichever way it lies; of all pairs the one that is rarest in code.
 *
 * Every thread pays for this before its first text, so nothing is allocated for a key: 801 anchors took 62 ms of one Xeon core with
 * an object a key and 64-bit masks as BigInt, and take some 8 so (5 when warm).
 */
export const layOutAnchors = (anchors: readonly KernelAnchor[]): AnchorTable => {
  const t1 = new Uint8Array(1 << 18);
  const t2 = new Uint32Array(slotCount * 4);
  const entries = new SlotEntries();
  const demand = new Uint32Array(4);
  anchors.forEach((anchor, record) => {
    invariant(anchor.bytes.length >= 3 && anchor.bytes.length <= longestAnchor, 'an anchor has 3 to 48 bytes');
    const first = rarestWindows(anchor);
    for (const delta of [first, first + 1]) {
      writeDemand(anchor, delta, demand);
      const entry = entries.add(record, delta);
      for (const key of keysOf(anchor, delta)) {
        t1[Math.imul(key, k1) >>> 14] = 4;
        const slot = Math.imul(key, k2) >>> 16;
        narrowDown(t2, slot * 4, demand, entries.isEmpty(slot));
        entries.put(slot, entry);
      }
    }
  });
  return { k1, k2, t1, t2, ...entries.flat(), records: recordsOf(anchors) };
};

/** What all entries of a slot have in common: the bits of the mask in which they agree. */
const narrowDown = (t2: Uint32Array, at: number, demand: Uint32Array, isFirst: boolean): void => {
  if (isFirst) {
    t2.set(demand, at);
    return;
  }
  for (let half = 0; half < 2; half++) {
    const mask = at + half;
    const value = at + 2 + half;
    const agreed = ~((t2[value] ?? 0) ^ (demand[2 + half] ?? 0));
    const common = (t2[mask] ?? 0) & (demand[half] ?? 0) & agreed;
    t2[mask] = common;
    t2[value] = (demand[2 + half] ?? 0) & common;
  }
};

/** Which entries stand in which slot, in the order in which they came. */
class SlotEntries {
  readonly #entries: number[] = [];
  readonly #slots: number[] = [];
  readonly #members: number[] = [];
  readonly #counts = new Uint32Array(slotCount);
  readonly #last = new Int32Array(slotCount).fill(-1);

  add(record: number, delta: number): number {
    return this.#entries.push(record, delta) / 2 - 1;
  }

  isEmpty(slot: number): boolean {
    return this.#counts[slot] === 0;
  }

  /** Several keys of one window may share a slot: its entry stands there once. */
  put(slot: number, entry: number): void {
    if (this.#last[slot] === entry) return;
    this.#last[slot] = entry;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
    this.#slots.push(slot);
    this.#members.push(entry);
  }

  /** @returns `heads`: where the entries of each slot start, and behind the last one where they end. */
  flat(): Pick<AnchorTable, 'heads' | 'entries' | 'deepest'> {
    const heads = new Uint32Array(slotCount + 1);
    let deepest = 0;
    this.#counts.forEach((count, slot) => {
      heads[slot + 1] = (heads[slot] ?? 0) + count;
      if (count > deepest) deepest = count;
    });
    const next = heads.slice();
    const entries = new Int32Array(this.#members.length * 2);
    this.#members.forEach((entry, index) => {
      const slot = this.#slots[index] ?? 0;
      const at = next[slot] ?? 0;
      next[slot] = at + 1;
      entries[at * 2] = this.#entries[entry * 2] ?? 0;
      entries[at * 2 + 1] = this.#entries[entry * 2 + 1] ?? 0;
    });
    return { heads, entries, deepest };
  }
}

/** @returns the offset in the anchor, -1 to length - 4, of the first of the two windows. */
const rarestWindows = (anchor: KernelAnchor): number => {
  let best = -1;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let at = -1; at <= anchor.bytes.length - 4; at++) {
    const cost = windowCost(anchor, at) + windowCost(anchor, at + 1);
    if (cost < bestCost) {
      best = at;
      bestCost = cost;
    }
  }
  return best;
};

/** How often the window's bytes come by in code; a byte that the anchor does not have lets all of its kind through. */
const windowCost = ({ bytes }: KernelAnchor, at: number): number => {
  let cost = 1;
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index];
    cost *= byte === undefined ? 1 : rarity(byte, bytes[index - 1]);
  }
  return cost;
};

/** The folded keys of the window at `delta`: one, or 32 where it hangs over an end of the anchor by a byte. */
const keysOf = ({ bytes }: KernelAnchor, delta: number): number[] => {
  let key = 0;
  let free = -1;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[delta + index];
    if (byte === undefined) free = index;
    else key |= byte << (8 * index);
  }
  key = (key & fold) >>> 0;
  if (free < 0) return [key];
  invariant(free === 0 || free === 3, 'a window hangs over an end by one byte');
  return Array.from({ length: 32 }, (_, bits) => (key | (bits << (8 * free))) >>> 0);
};

/** Writes what the anchor demands of the 8 bytes from two before its window at `delta`: mask and value, as in `t2`. */
const writeDemand = ({ bytes, ignoreCase }: KernelAnchor, delta: number, demand: Uint32Array): void => {
  demand.fill(0);
  for (let index = 0; index < 8; index++) {
    const byte = bytes[delta - 2 + index];
    if (byte === undefined) continue;
    const half = index >> 2;
    const shift = 8 * (index & 3);
    const mask = maskOf(byte, ignoreCase);
    demand[half] = (demand[half] ?? 0) | (mask << shift);
    demand[2 + half] = (demand[2 + half] ?? 0) | ((byte & mask) << shift);
  }
};

const maskOf = (byte: number, ignoreCase: boolean): number => (ignoreCase && isLetter(byte) ? 0xdf : 0xff);
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

const recordsOf = (anchors: readonly KernelAnchor[]): Uint8Array => {
  const records = new Uint8Array(anchors.length * 112);
  const view = new DataView(records.buffer);
  anchors.forEach(({ bytes, ignoreCase, assigned }, index) => {
    const at = index * 112;
    view.setUint32(at, index, true);
    view.setUint32(at + 4, bytes.length, true);
    view.setUint32(at + 8, assigned ? 1 : 0, true);
    bytes.forEach((byte, offset) => {
      const part = at + 16 + (offset >> 4) * 32 + (offset & 15);
      records[part] = maskOf(byte, ignoreCase);
      records[part + 16] = byte & maskOf(byte, ignoreCase);
    });
  });
  return records;
};
