import { type Part, type VisitedObject, type Visitor, windowBytes } from '../objects/index.ts';

/** Reads every object once for all who want to see it. */
export class SeveralVisitors implements Visitor {
  readonly #seers = new Map<number, Visitor[]>();
  #input = new Uint8Array(1 << 16);

  /** From now on the visitor is shown these objects; it may share the memory of its input with others. */
  add(visitor: Visitor, objects: Iterable<number>): void {
    for (const object of objects) {
      const seers = this.#seers.get(object);
      if (seers === undefined) this.#seers.set(object, [visitor]);
      else if (!seers.includes(visitor)) seers.push(visitor);
    }
  }

  /** All that somebody wants to see, ascending. */
  get objects(): Uint32Array {
    return Uint32Array.from(this.#seers.keys()).sort();
  }

  inputFor(sizeBytes: number): Uint8Array {
    if (this.#input.length < sizeBytes) this.#input = new Uint8Array(Math.min(windowBytes, sizeBytes * 2));
    return this.#input.subarray(0, sizeBytes);
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    for (const visitor of this.#seers.get(object.number) ?? []) {
      visitor.inputFor(length).set(this.#input.subarray(0, length));
      visitor.visit(object, length, part);
    }
  }

  take(): { result: unknown; transfer: ArrayBuffer[] } {
    return { result: null, transfer: [] };
  }
}
