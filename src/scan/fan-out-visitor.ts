import type { Part, VisitedObject, Visitor } from '../objects/index.ts';

/** Shows an object once for every source that has its bytes: two paths of one blob are two sources. */
export class FanOutVisitor implements Visitor {
  readonly #inner: Visitor;
  readonly #numbers: ReadonlyMap<number, readonly number[]>;

  constructor(inner: Visitor, numbers: ReadonlyMap<number, readonly number[]>) {
    this.#inner = inner;
    this.#numbers = numbers;
  }

  inputFor(sizeBytes: number): Uint8Array {
    return this.#inner.inputFor(sizeBytes);
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    for (const number of this.#numbers.get(object.number) ?? []) this.#inner.visit({ ...object, number }, length, part);
  }

  take(): { result: unknown; transfer: ArrayBuffer[] } {
    return this.#inner.take();
  }
}
