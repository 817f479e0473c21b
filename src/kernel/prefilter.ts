import { invariant } from '../errors.ts';
import { type AnchorTable, layOutAnchors } from './anchor-table.ts';
import { blockBytes, layout, padBefore } from './layout.ts';
import { KernelMemory, type TextAt } from './memory.ts';
import type { Units } from './plain-narrow.ts';
import type { KernelAnchor } from './plain-prefilter.ts';

/** Called with the anchor's index and where it starts, in bytes from the text's start. */
export type OnHit = (anchor: number, start: number) => void;

/**
 * Finds anchors in text that stands in the kernel's own memory. One prefilter belongs to one memory, and both to one thread; its tables
 * take about 2 MB.
 */
export class Prefilter {
  readonly memory: KernelMemory;
  readonly #table: AnchorTable;
  readonly #recordsAt: number;
  readonly #hitsAt: number;

  constructor(anchors: readonly KernelAnchor[], memory: KernelMemory = new KernelMemory()) {
    const table = layOutAnchors(anchors);
    this.memory = memory;
    this.#table = table;
    const entriesAt = memory.reserve(table.entries.byteLength);
    invariant(entriesAt === layout.entries, 'one prefilter belongs to one memory, and reserves first');
    this.#recordsAt = memory.reserve(table.records.byteLength);
    this.#hitsAt = memory.reserve((blockBytes / 2) * Math.max(1, table.deepest) * 8);
    const { bytes } = memory;
    bytes.set(table.t1, layout.t1);
    bytes.set(new Uint8Array(table.t2.buffer), layout.t2);
    bytes.set(new Uint8Array(table.heads.buffer), layout.heads);
    bytes.set(new Uint8Array(table.entries.buffer), entriesAt);
    bytes.set(table.records, this.#recordsAt);
  }

  /** Shows every anchor that stands wholly in the text, once each, about in its order. The text is padded; `onHit` must not grow the memory. */
  find({ at, length }: TextAt, onHit: OnHit): void {
    // Two bytes before the text: a window may hang over its start by one byte, and probes stand at even offsets.
    this.#findFrom(at - padBefore, at + length, { at, length }, onHit);
  }

  /**
   * Shows every anchor that starts in `[from, to)` and stands wholly in the text; starts beyond `to` may be shown too. What follows an
   * anchor is read to the text's end.
   */
  findBetween(text: TextAt, from: number, to: number, onHit: OnHit): void {
    // Probes stand at even addresses, one byte before the anchor's start at the earliest, 44 behind it at the latest.
    const start = (text.at + from - 2) & ~1;
    this.#findFrom(start, Math.min(text.at + text.length, text.at + to + longestAnchor), text, (anchor, at) => {
      if (at >= from && at < to) onHit(anchor, at);
    });
  }

  #findFrom(start: number, end: number, { at, length }: TextAt, onHit: OnHit): void {
    const { kernel, words } = this.memory;
    const { k1, k2 } = this.#table;
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

const longestAnchor = 48;
