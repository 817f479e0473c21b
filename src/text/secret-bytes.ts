import { inspect } from 'node:util';

/**
 * A secret's bytes. Prints as a placeholder everywhere; the value leaves only through `reveal()`, and every call of that
 * is a place to review. Never crosses a worker border: structured clone loses private fields, so a copy is empty.
 */
export class SecretBytes {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  reveal(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
