import { latin1 } from '../text/index.ts';

/**
 * Names of tree entries, each once: a history repeats some hundred names millions of times, and a string for every one of them
 * would cost more than reading the trees.
 */
export class NameTable {
  readonly names: string[] = [];
  #bytes: Uint8Array[] = [];
  #slots = new Int32Array(1 << 12).fill(-1);

  /** @returns the name's number; a new name gets the next one. */
  numberOf(source: Uint8Array, start: number, end: number): number {
    let slot = hash(source, start, end) & (this.#slots.length - 1);
    for (let at = this.#slots[slot] ?? -1; at >= 0; at = this.#slots[slot] ?? -1) {
      if (equals(this.#bytes[at], source, start, end)) return at;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    const number = this.names.length;
    this.#slots[slot] = number;
    this.#bytes.push(source.slice(start, end));
    this.names.push(latin1(source, start, end));
    if (this.names.length * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (const [number, bytes] of this.#bytes.entries()) {
      let slot = hash(bytes, 0, bytes.length) & (this.#slots.length - 1);
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number;
    }
  }
}

/** FNV-1a. */
const hash = (bytes: Uint8Array, start: number, end: number): number => {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193);
  return value ^ (value >>> 15);
};

const equals = (name: Uint8Array | undefined, source: Uint8Array, start: number, end: number): boolean => {
  if (name === undefined || name.length !== end - start) return false;
  for (let at = 0; at < name.length; at++) if (name[at] !== source[start + at]) return false;
  return true;
};
