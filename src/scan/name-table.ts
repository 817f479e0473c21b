import { grown, latin1 } from '../text/index.ts';

/**
 * Names of tree entries, each once: a history repeats some hundred names millions of times, and a string for every one of them
 * would cost more than reading the trees. All bytes stand in one array: an object a name would be a cache miss a question.
 */
export class NameTable {
  readonly names: string[] = [];
  #bytes = new Uint8Array(1 << 14);
  /** Where each name starts in `#bytes`; behind the last one, where it ends. */
  #starts = new Uint32Array(1 << 11);
  #hashes = new Int32Array(1 << 11);
  #slots = new Int32Array(1 << 12).fill(-1);

  /** @returns the name's number; a new name gets the next one. */
  numberOf(source: Uint8Array, start: number, end: number): number {
    const hashed = hash(source, start, end);
    const mask = this.#slots.length - 1;
    let slot = hashed & mask;
    for (let at = this.#slots[slot] ?? -1; at >= 0; at = this.#slots[slot] ?? -1) {
      if (this.#hashes[at] === hashed && this.#equals(at, source, start, end)) return at;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = this.names.length;
    return this.#add(source, start, end, hashed);
  }

  #equals(name: number, source: Uint8Array, start: number, end: number): boolean {
    const bytes = this.#bytes;
    let own = this.#starts[name] ?? 0;
    if ((this.#starts[name + 1] ?? 0) - own !== end - start) return false;
    for (let at = start; at < end; at++) if (bytes[own++] !== source[at]) return false;
    return true;
  }

  #add(source: Uint8Array, start: number, end: number, hashed: number): number {
    const number = this.names.push(latin1(source, start, end)) - 1;
    const at = this.#starts[number] ?? 0;
    const after = at + end - start;
    while (after > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(2 * this.#bytes.length));
    for (let from = start; from < end; from++) this.#bytes[at + from - start] = source[from] ?? 0;
    if (number + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, new Uint32Array(2 * this.#starts.length));
      this.#hashes = grown(this.#hashes, new Int32Array(2 * this.#hashes.length));
    }
    this.#starts[number + 1] = after;
    this.#hashes[number] = hashed;
    if (this.names.length * 2 > this.#slots.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.names.length; number++) {
      let slot = (this.#hashes[number] ?? 0) & mask;
      while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
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
