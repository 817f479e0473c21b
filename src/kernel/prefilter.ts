import { invariant } from '../errors.ts';
import { type Change, mostRuns } from './change.ts';
import { blockBytes, layout, longestAnchor, padBefore, recordBytes, spread } from './layout.ts';
import { KernelMemory, type TextAt } from './memory.ts';
import type { Units } from './plain-narrow.ts';
import type { KernelAnchor } from './plain-prefilter.ts';
import { shares } from './rarity.ts';

/** Called with the anchor's index and where it starts, in bytes from the text's start. */
export type OnHit = (anchor: number, start: number) => void;

/**
 * Finds anchors in text that stands in the kernel's own memory. One prefilter belongs to one memory, and both to one thread; its tables
 * take about 2 MB.
 */
export class Prefilter {
  readonly memory: KernelMemory;
  readonly #recordsAt: number;
  readonly #hitsAt: number;
  readonly #spansAt: number;

  constructor(anchors: readonly KernelAnchor[], memory: KernelMemory = new KernelMemory()) {
    this.memory = memory;
    const entriesAt = memory.reserve(anchors.length * mostEntries * entryBytes);
    invariant(entriesAt === layout.entries, 'one prefilter belongs to one memory, and reserves first');
    this.#recordsAt = memory.reserve(anchors.length * recordBytes);
    const sharesAt = memory.reserve(shares.byteLength);
    memory.bytes.set(new Uint8Array(shares.buffer), sharesAt);
    for (const [index, anchor] of anchors.entries()) writeRecord(memory, this.#recordsAt + index * recordBytes, anchor);
    const deepest = memory.kernel.layOut(this.#recordsAt, anchors.length, sharesAt, spread.k1, spread.k2);
    this.#hitsAt = memory.reserve((blockBytes / 2) * Math.max(1, deepest) * 8);
    this.#spansAt = memory.reserve((mostRuns + 1) * 8);
  }

  /** Shows every anchor that stands wholly in the text, once each, about in its order. The text is padded; `onHit` must not grow the memory. */
  find({ at, length }: TextAt, onHit: OnHit): void {
    // Two bytes before the text: a window may hang over its start by one byte, and probes stand at even offsets.
    this.#findFrom(at - padBefore, at + length, { at, length }, onHit);
  }

  /**
   * Shows every anchor of the text whose window is not copied whole, and a few that are. What follows an anchor is read to the
   * text's end.
   * @param reach so far a window goes on either side of its anchor.
   * @returns how many bytes were looked at.
   */
  findAround(text: TextAt, change: Change, reach: number, onHit: OnHit): number {
    const { kernel, words } = this.memory;
    const { baseLength, length, runsAt, runCount } = change;
    const behind = reach + longestAnchor;
    const count = kernel.spansOf(runsAt * 4, runCount, baseLength, length, reach, behind, this.#spansAt);
    let lookedAt = 0;
    for (let span = 0, at = this.#spansAt / 4; span < count; span++, at += 2)
      lookedAt += this.findBetween(text, words[at] ?? 0, words[at + 1] ?? 0, onHit);
    return lookedAt;
  }

  /** Shows every anchor that starts in `[from, to)` and stands wholly in the text. @returns how many bytes were looked at. */
  findBetween(text: TextAt, from: number, to: number, onHit: OnHit): number {
    // Probes stand at even addresses, one byte before the anchor's start at the earliest, 45 behind it at the latest.
    const start = (text.at + from - 2) & ~1;
    const end = Math.min(text.at + text.length, text.at + to + longestAnchor);
    this.#findFrom(start, end, text, (anchor, at) => {
      if (at >= from && at < to) onHit(anchor, at);
    });
    return end - start;
  }

  #findFrom(start: number, end: number, { at, length }: TextAt, onHit: OnHit): void {
    const { kernel, words } = this.memory;
    const { k1, k2 } = spread;
    const hitAt = this.#hitsAt / 4;
    for (let block = start; block < end; block += blockBytes) {
      // A block is a multiple of 64 bytes long, and so reaches into the padding.
      const blockEnd = block + Math.min(blockBytes, Math.ceil((end - block) / 64) * 64);
      const count = kernel.findInBlock(block, blockEnd, at, at + length, k1, k2, this.#recordsAt, this.#hitsAt);
      for (let hit = 0; hit < count; hit++) onHit(words[hitAt + 2 * hit] ?? 0, words[hitAt + 2 * hit + 1] ?? 0);
    }
  }

  /** Narrows the text, in place: the wide one is gone. @returns the narrow one. */
  narrow({ at, length }: TextAt, { start, unitBytes, lowByte }: Units): TextAt {
    const count = Math.max(0, Math.floor((length - start) / unitBytes));
    this.memory.kernel.narrow(at + start, count, unitBytes, lowByte, at);
    return { at, length: count };
  }

  /** How many bytes of the text are zero. */
  countZeros({ at, length }: TextAt): number {
    return this.memory.kernel.countZeros(at, length);
  }
}

/** Two windows an anchor, and 32 keys a window that hangs over an end. */
const mostEntries = 64;
const entryBytes = 8;

/** What the kernel's `layOut` asks of the host: length, flags, and the bytes in three parts of 16 where their values will stand. */
const writeRecord = ({ bytes, words }: KernelMemory, at: number, anchor: KernelAnchor): void => {
  const { length } = anchor.bytes;
  invariant(length >= 3 && length <= longestAnchor, 'an anchor has 3 to 48 bytes');
  words[at / 4 + 1] = length;
  words[at / 4 + 2] = (anchor.assigned ? 1 : 0) | (anchor.ignoreCase ? 2 : 0);
  for (let part = 0; part * 16 < length; part++) {
    bytes.set(anchor.bytes.subarray(part * 16, part * 16 + 16), at + 32 * part + 32);
  }
};
