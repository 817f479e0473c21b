import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariant } from '../errors.ts';
import { type AnchorTable, layOutAnchors } from './anchor-table.ts';
import { blockBytes, layout, padBefore, padBehind } from './layout.ts';
import type { Units } from './plain-narrow.ts';
import type { KernelAnchor } from './plain-prefilter.ts';

interface KernelExports {
  findInBlock(
    block: number,
    blockEnd: number,
    textAt: number,
    textEnd: number,
    k1: number,
    k2: number,
    recordsAt: number,
    hitsAt: number,
  ): number;
  countZeros(at: number, length: number): number;
  narrow(at: number, count: number, unit: number, low: number, to: number): void;
}

const pageBytes = 0x10000;
const alignUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/**
 * Finds anchors in text that stands in the kernel's own memory: `inputFor` gives the place, the caller fills it, `find` looks.
 * One prefilter belongs to one thread. Its memory holds the tables (about 2 MB) and one text, and grows with the largest text.
 */
export class Prefilter {
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: KernelExports;
  readonly #table: AnchorTable;
  readonly #recordsAt: number;
  readonly #hitsAt: number;
  readonly #textAt: number;
  #bytes: Uint8Array;
  #hits: Uint32Array;

  constructor(anchors: readonly KernelAnchor[]) {
    const table = layOutAnchors(anchors);
    this.#table = table;
    this.#recordsAt = alignUp(layout.entries + table.entries.byteLength, 16);
    this.#hitsAt = alignUp(this.#recordsAt + table.records.byteLength, 16);
    const mostHits = (blockBytes / 2) * Math.max(1, table.deepest);
    this.#textAt = alignUp(this.#hitsAt + mostHits * 8 + padBefore, blockBytes);
    const pages = Math.ceil((this.#textAt + (1 << 20)) / pageBytes);
    this.#memory = new WebAssembly.Memory({ initial: pages });
    const instance = new WebAssembly.Instance(kernelModule(), { env: { memory: this.#memory, abort } });
    this.#kernel = instance.exports as KernelExports;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#hits = new Uint32Array(this.#memory.buffer);
    this.#bytes.set(table.t1, layout.t1);
    this.#bytes.set(new Uint8Array(table.t2.buffer), layout.t2);
    this.#bytes.set(new Uint8Array(table.heads.buffer), layout.heads);
    this.#bytes.set(new Uint8Array(table.entries.buffer), layout.entries);
    this.#bytes.set(table.records, this.#recordsAt);
  }

  /** @returns memory for a text of `sizeBytes`; a view taken earlier is dead when the memory had to grow. */
  inputFor(sizeBytes: number): Uint8Array {
    const needed = this.#textAt + sizeBytes + padBehind;
    if (needed > this.#bytes.length) {
      this.#memory.grow(Math.ceil((needed - this.#bytes.length) / pageBytes));
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#hits = new Uint32Array(this.#memory.buffer);
    }
    return this.#bytes.subarray(this.#textAt, this.#textAt + sizeBytes);
  }

  /**
   * Shows every anchor that stands wholly in the first `length` bytes of the input, once each, about in the order of the text.
   * `onHit` must not call `inputFor`.
   */
  find(length: number, onHit: (anchor: number, start: number) => void): void {
    const textEnd = this.#textAt + length;
    invariant(textEnd + padBehind <= this.#bytes.length, 'the text stands in memory that inputFor gave');
    this.#bytes.fill(0, textEnd, textEnd + padBehind);
    const { k1, k2 } = this.#table;
    const hitAt = this.#hitsAt / 4;
    // Two bytes before the text: a window may hang over its start by one byte, and probes stand at even offsets.
    for (let block = this.#textAt - padBefore; block < textEnd; ) {
      const blockEnd = Math.min(block + blockBytes, alignUp(textEnd, 64));
      const count = this.#kernel.findInBlock(
        block,
        blockEnd,
        this.#textAt,
        textEnd,
        k1,
        k2,
        this.#recordsAt,
        this.#hitsAt,
      );
      for (let hit = 0; hit < count; hit++)
        onHit(this.#hits[hitAt + 2 * hit] ?? 0, this.#hits[hitAt + 2 * hit + 1] ?? 0);
      block = blockEnd;
    }
  }

  /** Narrows the first `length` bytes of the input, in place: the wide text is gone. @returns the length of the narrow one. */
  narrowInput(length: number, { start, unitBytes, lowByte }: Units): number {
    const count = Math.max(0, Math.floor((length - start) / unitBytes));
    this.#kernel.narrow(this.#textAt + start, count, unitBytes, lowByte, this.#textAt);
    return count;
  }

  /** How many of the first `length` bytes of the input are zero. */
  countZeros(length: number): number {
    return this.#kernel.countZeros(this.#textAt, length);
  }
}

const abort = (): never => {
  throw new Error('the kernel aborted');
};

let compiled: WebAssembly.Module | undefined;
const kernelModule = (): WebAssembly.Module => {
  compiled ??= new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve('#kernel.wasm'))));
  return compiled;
};
