import { invariant } from '../errors.ts';
import { longestAnchor, recordBytes, slotCount, spread } from './layout.ts';
import type { KernelAnchor } from './plain-prefilter.ts';
import { shares } from './rarity.ts';

/** The prefilter's tables, as they stand in the kernel's memory. */
export interface AnchorTables {
  /** For every hash of a folded 4-byte window 4 (some anchor has it) or 0. */
  readonly t1: Uint8Array;
  /** Mask and value a slot: what all anchors of the slot have in common in the 8 bytes from two before the window. */
  readonly t2: BigUint64Array;
  /** Where each slot's entries start, and behind the last slot where they end. */
  readonly heads: Uint32Array;
  /** Two numbers an entry: the anchor, and the offset in it of the window that led here. */
  readonly entries: Int32Array;
  /** Of each anchor number, length, whether an assignment must follow, first window; then 3 x (16 masks, 16 values). */
  readonly records: Uint8Array;
  /** The most entries in one slot: bounds the hits of one block. */
  readonly deepest: number;
}

const fold = 0x1fdfdf1f;

/**
 * The specification of the kernel's `layOut`. Every anchor, of 3 to 48 bytes, gets two neighbouring 4-byte windows, so that exactly
 * one of them stands at an even offset of the text, whichever way it lies; of all pairs the one that is rarest in code.
 */
export const plainLayOut = (anchors: readonly KernelAnchor[]): AnchorTables => {
  const folded = anchors.map(foldedAnchor);
  const windows = folded.map(rarestWindows);
  const entries = folded.flatMap((anchor, index) =>
    [0, 1].flatMap((next) => {
      const delta = (windows[index] ?? 0) + next;
      const slots = new Set(keysOf(anchor, delta).map((key) => Math.imul(key, spread.k2) >>> 16));
      return [...slots].map((slot) => ({ slot, index, delta, ...demandOf(anchor, delta) }));
    }),
  );
  const t1 = new Uint8Array(1 << 18);
  folded.forEach((anchor, index) => {
    for (const delta of [windows[index] ?? 0, (windows[index] ?? 0) + 1])
      for (const key of keysOf(anchor, delta)) t1[Math.imul(key, spread.k1) >>> 14] = 4;
  });
  const t2 = new BigUint64Array(slotCount * 2);
  const heads = new Uint32Array(slotCount + 1);
  // Stable: in a slot the entries keep the order of their anchors.
  const bySlot = entries.sort((a, b) => a.slot - b.slot);
  const counts = new Uint32Array(slotCount);
  for (const { slot, mask, value } of bySlot) {
    const isFirst = counts[slot] === 0;
    const common = isFirst ? mask : (t2[slot * 2] ?? 0n) & mask & ~((t2[slot * 2 + 1] ?? 0n) ^ value);
    t2[slot * 2] = common;
    t2[slot * 2 + 1] = value & common;
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  counts.forEach((count, slot) => {
    heads[slot + 1] = (heads[slot] ?? 0) + count;
  });
  return {
    t1,
    t2,
    heads,
    entries: Int32Array.from(bySlot.flatMap(({ index, delta }) => [index, delta])),
    records: recordsOf(anchors, folded, windows),
    deepest: counts.reduce((most, count) => Math.max(most, count), 0),
  };
};

interface Folded {
  /** 0xdf for a letter that may stand in either case, else 0xff. */
  readonly masks: Uint8Array;
  readonly values: Uint8Array;
}

const foldedAnchor = ({ bytes, ignoreCase }: KernelAnchor): Folded => {
  invariant(bytes.length >= 3 && bytes.length <= longestAnchor, 'an anchor has 3 to 48 bytes');
  const masks = bytes.map((byte) => (ignoreCase && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a ? 0xdf : 0xff));
  return { masks, values: bytes.map((byte, index) => byte & (masks[index] ?? 0)) };
};

/** @returns the offset in the anchor, -1 to length - 4, of the first of the two windows. */
const rarestWindows = (anchor: Folded): number => {
  const offsets = Array.from({ length: anchor.values.length - 2 }, (_, index) => index - 1);
  const costs = offsets.map((at) => windowCost(anchor, at) + windowCost(anchor, at + 1));
  return costs.indexOf(Math.min(...costs)) - 1;
};

/** How often the window's bytes come by in code; a byte that the anchor does not have lets all of its kind through. */
const windowCost = ({ values }: Folded, at: number): number => {
  let cost = 1;
  for (let index = at; index < at + 4; index++) {
    const byte = values[index];
    if (byte === undefined) continue;
    // A repeated byte is far more likely than two of its kind: rulers, padding, indentation.
    cost *= byte === values[index - 1] ? 0.25 : (shares[byte] ?? 0);
  }
  return cost;
};

/** The folded keys of the window at `delta`: one, or 32 where it hangs over an end of the anchor by a byte. */
const keysOf = ({ values }: Folded, delta: number): number[] => {
  const bytes = [0, 1, 2, 3].map((index) => values[delta + index]);
  const free = bytes.indexOf(undefined);
  const key = bytes.reduce<number>((sum, byte, index) => sum | ((byte ?? 0) << (8 * index)), 0) & fold;
  if (free < 0) return [key];
  return Array.from({ length: 32 }, (_, bits) => key | (bits << (8 * free)));
};

/** What the anchor demands of the 8 bytes from two before its window at `delta`. */
const demandOf = ({ masks, values }: Folded, delta: number): { readonly mask: bigint; readonly value: bigint } => {
  const wide = (bytes: Uint8Array): bigint =>
    Array.from({ length: 8 }, (_, index) => BigInt(bytes[delta - 2 + index] ?? 0) << BigInt(8 * index)).reduce(
      (sum, part) => sum | part,
    );
  return { mask: wide(masks), value: wide(values) };
};

const recordsOf = (
  anchors: readonly KernelAnchor[],
  folded: readonly Folded[],
  windows: readonly number[],
): Uint8Array => {
  const records = new Uint8Array(anchors.length * recordBytes);
  const view = new DataView(records.buffer);
  folded.forEach(({ masks, values }, index) => {
    const at = index * recordBytes;
    view.setUint32(at, index, true);
    view.setUint32(at + 4, values.length, true);
    view.setUint32(at + 8, anchors[index]?.assigned ? 1 : 0, true);
    view.setInt32(at + 12, windows[index] ?? 0, true);
    values.forEach((value, offset) => {
      const part = at + 16 + (offset >> 4) * 32 + (offset & 15);
      records[part] = masks[offset] ?? 0;
      records[part + 16] = value;
    });
  });
  return records;
};
