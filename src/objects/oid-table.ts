import { invariant } from '../errors.ts';
import { oidBytes } from '../git/index.ts';
import type { Inventory } from './inventory.ts';

/**
 * The number of the object whose raw oid stands in `bytes` at `at`, or -1 where the inventory does not hold it.
 * Bytes that end before a whole oid does are no object.
 */
export const findObject = (inventory: Inventory, bytes: Uint8Array, at: number): number =>
  tableOf(inventory).find(bytes, at);

/** Sorted raw oids, searched by a fan-out over their first two bytes. Small enough to be made anew in every worker. */
export class OidTable {
  readonly count: number;
  readonly #oids: Uint8Array;
  readonly #oidLength: number;
  readonly #fanOut: Uint32Array;
  /** What was found last, by two bytes of the oid. */
  readonly #recent = new Int32Array(recentSlots).fill(-1);

  /** @param oids `count` raw oids, ascending and distinct; may stand in shared memory. The same list is the same table: nobody changes it. */
  static from(oids: Uint8Array, count: number, oidLength: number): OidTable {
    invariant(oids.length >= count * oidLength, 'the table of oids holds as many as it says');
    const known = tables.get(oids);
    if (known?.count === count) return known;
    const made = new OidTable(oids, count, oidLength);
    tables.set(oids, made);
    return made;
  }

  private constructor(oids: Uint8Array, count: number, oidLength: number) {
    this.count = count;
    this.#oids = oids;
    this.#oidLength = oidLength;
    this.#fanOut = new Uint32Array(buckets + 1);
    for (let i = 0; i < count; i++) {
      const after = bucketAt(oids, i * oidLength) + 1;
      this.#fanOut[after] = (this.#fanOut[after] ?? 0) + 1;
    }
    for (let i = 1; i <= buckets; i++) this.#fanOut[i] = (this.#fanOut[i] ?? 0) + (this.#fanOut[i - 1] ?? 0);
  }

  /** The position among the oids, or -1; also -1 where `bytes` ends before a whole oid does. */
  find(bytes: Uint8Array, at: number): number {
    if (at < 0 || at + this.#oidLength > bytes.length) return -1;
    const bucket = bucketAt(bytes, at);
    const slot = bucket & (recentSlots - 1);
    const recent = this.#recent[slot] ?? -1;
    if (recent >= 0 && this.#compare(recent, bytes, at, 0) === 0) return recent;
    const found = this.#search(bucket, bytes, at);
    if (found >= 0) this.#recent[slot] = found;
    return found;
  }

  #search(bucket: number, bytes: Uint8Array, at: number): number {
    const low = this.#fanOut[bucket] ?? 0;
    const high = this.#fanOut[bucket + 1] ?? 0;
    // Oids are spread evenly: the third byte tells about where in its bucket one stands. Every place that is looked at is a cache miss
    // in a large table, so the first should be the right one or beside it; a bucket that was forged full is halved.
    if (high - low > largestBucket) return this.#halve(low, high, bytes, at);
    let middle = low + (((high - low) * (bytes[at + 2] ?? 0)) >>> 8);
    let order = middle < high ? this.#compare(middle, bytes, at) : 1;
    if (order < 0) {
      do order = ++middle < high ? this.#compare(middle, bytes, at) : 1;
      while (order < 0);
    } else {
      while (order > 0 && middle > low) order = this.#compare(--middle, bytes, at);
    }
    return order === 0 ? middle : -1;
  }

  #halve(from: number, to: number, bytes: Uint8Array, at: number): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(middle, bytes, at);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }

  /** @param from the bytes before are equal: those of the bucket. */
  #compare(number: number, bytes: Uint8Array, at: number, from = 2): number {
    const oids = this.#oids;
    const start = number * this.#oidLength;
    for (let i = from; i < this.#oidLength; i++) {
      const difference = (oids[start + i] ?? 0) - (bytes[at + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/**
 * Neighbouring trees and commits name the same objects: of what the trees of redis and git ask for, 65 and 78 % is among so many that were
 * found last, and so at hand, where the whole table is not (a fifth of a microsecond for each miss).
 */
const recentSlots = 1 << 14;
const largestBucket = 256;
const buckets = 0x1_0000;

const bucketAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);

const tables = new WeakMap<Uint8Array, OidTable>();

const tableOf = ({ oids, count, format }: Inventory): OidTable => OidTable.from(oids, count, oidBytes(format));
