/**
 * Hash-consed lists of 32-bit integers: equal lists get the same id, ids count from 0. One flat array and an open-addressed
 * table, so that hundreds of thousands of small lists cost a few bytes each and no garbage.
 */
export class IntLists {
  #data = new Int32Array(1 << 12);
  #starts = new Int32Array(1 << 10);
  #count = 0;
  #table = new Int32Array(1 << 11).fill(-1);

  get count(): number {
    return this.#count;
  }

  /** @returns the id of the list's first `length` numbers; a new id is the former `count`. */
  intern(list: ArrayLike<number>, length = list.length): number {
    if (this.#count * 2 >= this.#table.length) this.#rehash();
    const slot = this.#slotOf(list, length);
    const known = this.#table[slot] ?? -1;
    if (known >= 0) return known;
    const start = this.#starts[this.#count] ?? 0;
    this.#reserve(start + length);
    for (let i = 0; i < length; i++) this.#data[start + i] = list[i] ?? 0;
    this.#starts[this.#count + 1] = start + length;
    this.#table[slot] = this.#count;
    this.#count += 1;
    return this.#count - 1;
  }

  lengthOf(id: number): number {
    return (this.#starts[id + 1] ?? 0) - (this.#starts[id] ?? 0);
  }

  at(id: number, index: number): number {
    return this.#data[(this.#starts[id] ?? 0) + index] ?? 0;
  }

  /** The list's numbers, seen in place: valid until the next `intern`. */
  view(id: number): Int32Array {
    return this.#data.subarray(this.#starts[id] ?? 0, this.#starts[id + 1] ?? 0);
  }

  #slotOf(list: ArrayLike<number>, length: number): number {
    const mask = this.#table.length - 1;
    let hash = length;
    for (let i = 0; i < length; i++) hash = mix(hash, list[i] ?? 0);
    for (let slot = finish(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#table[slot] ?? -1;
      if (id < 0 || this.#holds(id, list, length)) return slot;
    }
  }

  #holds(id: number, list: ArrayLike<number>, length: number): boolean {
    const start = this.#starts[id] ?? 0;
    if ((this.#starts[id + 1] ?? 0) - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#data[start + i] !== ((list[i] ?? 0) | 0)) return false;
    return true;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(-1);
    for (let id = 0; id < this.#count; id++) this.#table[this.#slotOf(this.view(id), this.lengthOf(id))] = id;
  }

  /** Room for one list more that ends at `end`. */
  #reserve(end: number): void {
    if (end > this.#data.length) this.#data = grown(this.#data, end);
    if (this.#count + 2 > this.#starts.length) this.#starts = grown(this.#starts, this.#count + 2);
  }
}

const mix = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193) ^ (hash >>> 15);
const finish = (hash: number): number => Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 4;

const grown = (array: Int32Array, atLeast: number): Int32Array<ArrayBuffer> => {
  const bigger = new Int32Array(Math.max(array.length * 2, atLeast));
  bigger.set(array);
  return bigger;
};
