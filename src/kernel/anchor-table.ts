import { invariant } from '../errors.ts';
import { longestAnchor, slotCount } from './layout.ts';
import type { KernelAnchor } from './plain-prefilter.ts';
import { rarity } from './rarity.ts';

/** The prefilter's tables, as they go into the kernel's memory. */
export interface AnchorTable {
  readonly k1: number;
  readonly k2: number;
  readonly t1: Uint8Array;
  readonly t2: BigUint64Array;
  readonly heads: Uint32Array;
  readonly entries: Int32Array;
  readonly records: Uint8Array;
  /** The most entries in one slot: bounds the hits of one block. */
  readonly deepest: number;
}

const fold = 0x1fdfdf1f;

/**
 * Lays out the tables for the anchors. Every anchor of at least 3 bytes gets two neighbouring 4-byte windows, so that exactly
 * one of them stands at an even offset of the text, whichever way it lies; of all pairs the one that is rarest in code.
 */
export const layOutAnchors = (anchors: readonly KernelAnchor[]): AnchorTable => {
  // Fixed odd multipliers, so that tables are the same everywhere; well known for spreading bits, not fitted to our anchors.
  const k1 = 0x9e3779b1;
  const k2 = 0x85ebca6b;
  const rows = anchors.flatMap((anchor, record) => {
    invariant(anchor.bytes.length >= 3 && anchor.bytes.length <= longestAnchor, 'an anchor has 3 to 48 bytes');
    const at = rarestWindows(anchor);
    return [at, at + 1].flatMap((delta) => keysOf(anchor, delta).map((key) => ({ anchor, record, delta, key })));
  });
  const t1 = new Uint8Array(1 << 18);
  const t2 = new BigUint64Array(slotCount * 2);
  const slots = new Map<number, Map<string, { record: number; delta: number }>>();
  for (const { anchor, record, delta, key } of rows) {
    t1[Math.imul(key, k1) >>> 14] = 4;
    const slot = Math.imul(key, k2) >>> 16;
    const entries = slots.get(slot);
    const { mask, value } = around(anchor, delta);
    if (entries === undefined) {
      t2[slot * 2] = mask;
      t2[slot * 2 + 1] = value;
      slots.set(slot, new Map([[`${record} ${delta}`, { record, delta }]]));
    } else {
      const common = (t2[slot * 2] ?? 0n) & mask & ~((t2[slot * 2 + 1] ?? 0n) ^ value);
      t2[slot * 2] = common;
      t2[slot * 2 + 1] = value & common;
      entries.set(`${record} ${delta}`, { record, delta });
    }
  }
  const heads = new Uint32Array(slotCount + 1);
  const flat: number[] = [];
  let deepest = 0;
  for (let slot = 0; slot < slotCount; slot++) {
    heads[slot] = flat.length / 2;
    const entries = slots.get(slot);
    if (entries === undefined) continue;
    deepest = Math.max(deepest, entries.size);
    for (const { record, delta } of entries.values()) flat.push(record, delta);
  }
  heads[slotCount] = flat.length / 2;
  return { k1, k2, t1, t2, heads, entries: Int32Array.from(flat), records: recordsOf(anchors), deepest };
};

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

/** What the anchor demands of the 8 bytes from two before its window at `delta`. */
const around = (anchor: KernelAnchor, delta: number): { mask: bigint; value: bigint } => {
  let mask = 0n;
  let value = 0n;
  for (let index = 0; index < 8; index++) {
    const byte = anchor.bytes[delta - 2 + index];
    if (byte === undefined) continue;
    const bits = BigInt(maskOf(byte, anchor.ignoreCase)) << BigInt(8 * index);
    mask |= bits;
    value |= (BigInt(byte) << BigInt(8 * index)) & bits;
  }
  return { mask, value };
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
