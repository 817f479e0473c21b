import { type Part, type VisitedObject, type Visitor, windowBytes } from '../objects/index.ts';

/** Gives the first part of every object: all of it, but of the very large. */
export class HeadVisitor implements Visitor {
  #input = new Uint8Array(1 << 16);
  readonly #see: (object: number, bytes: Uint8Array, isWhole: boolean) => void;

  constructor(see: (object: number, bytes: Uint8Array, isWhole: boolean) => void) {
    this.#see = see;
  }

  inputFor(sizeBytes: number): Uint8Array {
    if (this.#input.length < sizeBytes) this.#input = new Uint8Array(Math.min(windowBytes, sizeBytes * 2));
    return this.#input.subarray(0, sizeBytes);
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    if (part.isFirst) this.#see(object.number, this.#input.subarray(0, length), part.isLast);
  }

  take(): { result: unknown; transfer: ArrayBuffer[] } {
    return { result: null, transfer: [] };
  }
}
