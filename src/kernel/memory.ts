import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layout, padBefore, padBehind } from './layout.ts';

/** What assembly/index.ts exports; every number is an address, a length or a count, in bytes. */
export interface KernelExports {
  /** @returns the most entries of one slot. */
  layOut(records: number, count: number, shares: number, k1: number, k2: number): number;
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
  applyDelta(
    base: number,
    baseLength: number,
    delta: number,
    deltaEnd: number,
    text: number,
    length: number,
    runs: number,
    runsEnd: number,
  ): number;
  deltaOverflowed(): number;
  deltaHasZeros(): number;
  spansOf(
    runs: number,
    count: number,
    baseLength: number,
    length: number,
    before: number,
    behind: number,
    spans: number,
  ): number;
  countZeros(at: number, length: number): number;
  narrow(at: number, count: number, unit: number, low: number, to: number): void;
  /** @returns the index of one of `inflateFailures`. */
  inflate(from: number, fromEnd: number, to: number, toEnd: number): number;
}

/** A text in the kernel's memory: `padBefore` zero bytes stand before it, `padBehind` behind it. */
export interface TextAt {
  readonly at: number;
  readonly length: number;
}

const pageBytes = 0x10000;

/**
 * The kernel's memory, for one thread: tables at its head, then what its users reserve, then one input that grows with the
 * largest text. Reserved memory costs nothing until it is touched.
 */
export class KernelMemory {
  readonly kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #words: Uint32Array;
  readonly #regions = new Map<string, { readonly at: number; readonly sizeBytes: number }>();
  #reservedTo: number = layout.entries;
  #inputAt = 0;

  constructor() {
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(layout.entries / pageBytes) });
    const instance = new WebAssembly.Instance(kernelModule(), { env: { memory: this.#memory, abort } });
    this.kernel = instance.exports as KernelExports;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
  }

  /** All of the memory; a view taken before `reserve` or `inputFor` may be dead. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same as 32-bit numbers: index = address / 4. */
  get words(): Uint32Array {
    return this.#words;
  }

  /**
   * Keeps a region, for good. The input moves behind it: what it holds is gone.
   * @param purpose asked for again, the same region is given again: its user before is gone.
   * @returns its address, a multiple of 64.
   */
  reserve(sizeBytes: number, purpose?: string): number {
    const known = purpose === undefined ? undefined : this.#regions.get(purpose);
    if (known !== undefined && known.sizeBytes >= sizeBytes) return known.at;
    const at = this.#append(sizeBytes);
    if (purpose !== undefined) this.#regions.set(purpose, { at, sizeBytes });
    return at;
  }

  #append(sizeBytes: number): number {
    if (this.#inputAt !== 0) this.#reservedTo = this.#bytes.length;
    this.#inputAt = 0;
    const at = Math.ceil(this.#reservedTo / 64) * 64;
    this.#reservedTo = at + sizeBytes;
    this.#growTo(this.#reservedTo);
    return at;
  }

  /** @returns the address of the input, with room for a text of `sizeBytes` and its padding; the zeros behind it are the finder's to write. */
  inputFor(sizeBytes: number): number {
    if (this.#inputAt === 0) this.#inputAt = Math.ceil((this.#reservedTo + padBefore) / 64) * 64;
    this.#growTo(this.#inputAt + sizeBytes + padBehind);
    return this.#inputAt;
  }

  /** Writes the zeros that the kernel may read around a text. */
  pad({ at, length }: TextAt): void {
    this.#bytes.fill(0, at - padBefore, at);
    this.#bytes.fill(0, at + length, at + length + padBehind);
  }

  textOf({ at, length }: TextAt): Uint8Array {
    return this.#bytes.subarray(at, at + length);
  }

  #growTo(sizeBytes: number): void {
    if (sizeBytes <= this.#bytes.length) return;
    this.#memory.grow(Math.ceil((sizeBytes - this.#bytes.length) / pageBytes));
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#words = new Uint32Array(this.#memory.buffer);
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
