import { createHash } from 'node:crypto';
import type { CreateVisitor, Part, VisitedObject, Visitor } from '../../src/objects/index.ts';

export interface Seen {
  readonly number: number;
  readonly type: string;
  readonly parts: readonly { readonly offset: number; readonly length: number }[];
  /** Of the bytes, each byte once. */
  readonly sha256: string;
}

/** Remembers what a sweep showed; `failAt` names an object that breaks it. */
class CountingVisitor implements Visitor {
  readonly #failAt: number;
  #memory = new Uint8Array(0);
  #seen: Seen[] = [];
  #parts: { offset: number; length: number }[] = [];
  #hash = createHash('sha256');
  #end = 0;

  constructor(failAt: number) {
    this.#failAt = failAt;
  }

  inputFor(sizeBytes: number): Uint8Array {
    if (this.#memory.length < sizeBytes) this.#memory = new Uint8Array(sizeBytes);
    return this.#memory.subarray(0, sizeBytes);
  }

  visit({ number, type }: VisitedObject, length: number, { offset, isFirst, isLast }: Part): void {
    if (number === this.#failAt) throw new RangeError('a visitor broke');
    if (isFirst) {
      this.#parts = [];
      this.#hash = createHash('sha256');
      this.#end = 0;
    }
    this.#parts.push({ offset, length });
    this.#hash.update(this.#memory.subarray(this.#end - offset, length));
    this.#end = offset + length;
    if (isLast) this.#seen.push({ number, type, parts: this.#parts, sha256: this.#hash.digest('hex') });
  }

  take(): { result: readonly Seen[]; transfer: ArrayBuffer[] } {
    const result = this.#seen;
    this.#seen = [];
    return { result, transfer: [] };
  }
}

export const createVisitor: CreateVisitor = (init) => new CountingVisitor(init as number);
