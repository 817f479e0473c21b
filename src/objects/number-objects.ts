import type { StoreListing } from './list-store.ts';
import { sortedByUint32 } from './sort.ts';

/** All objects of some stores, numbered by sorted oid. */
export interface NumberedObjects {
  readonly count: number;
  /** Raw, ascending, distinct; over shared memory. */
  readonly oids: Uint8Array;
  /** Numbers in storage order: pack by pack by offset, then loose. */
  readonly order: Uint32Array;
  /** 1 where one of our own stores holds the object, 0 where only alternates do. */
  readonly isOwn: Uint8Array;
}

/** Merges what stores list: each object once, in its first place of storage. */
export const numberObjects = (
  stores: readonly { readonly listing: StoreListing; readonly isAlternate: boolean }[],
  oidLength: number,
): NumberedObjects => {
  const listed = inStorageOrder(stores, oidLength);
  const sorted = sortByOid(listed.oids, listed.count, oidLength);
  const numbers = new Uint32Array(listed.count);
  const isFirst = new Uint8Array(listed.count);
  let count = 0;
  for (let i = 0; i < listed.count; i++) {
    const place = sorted[i] ?? 0;
    if (i === 0 || compareOids(listed.oids, sorted[i - 1] ?? 0, place, oidLength) !== 0) {
      isFirst[place] = 1; // the sort is stable: the first of equals is the first in storage
      count += 1;
    }
    numbers[place] = count - 1;
  }
  const oids = sharedBytes(count * oidLength);
  const order = new Uint32Array(new SharedArrayBuffer(count * 4));
  const isOwn = new Uint8Array(count);
  let next = 0;
  for (let place = 0; place < listed.count; place++) {
    const number = numbers[place] ?? 0;
    if (place < listed.ownEnd || (place >= listed.looseStart && place < listed.ownLooseEnd)) isOwn[number] = 1;
    if (isFirst[place] !== 1) continue;
    order[next++] = number;
    copyOid(listed.oids, place, oids, number, oidLength);
  }
  return { count, oids, order, isOwn };
};

/** The objects for which `isKept` holds 1, numbered anew. */
export const keepObjects = (all: NumberedObjects, isKept: Uint8Array, oidLength: number): NumberedObjects => {
  const count = isKept.reduce((sum, one) => sum + one, 0);
  const oids = sharedBytes(count * oidLength);
  const order = new Uint32Array(new SharedArrayBuffer(count * 4));
  const isOwn = new Uint8Array(count);
  const renumbered = new Uint32Array(all.count);
  let kept = 0;
  for (let number = 0; number < all.count; number++) {
    if (isKept[number] !== 1) continue;
    copyOid(all.oids, number, oids, kept, oidLength);
    isOwn[kept] = all.isOwn[number] ?? 0;
    renumbered[number] = kept++;
  }
  let next = 0;
  for (const number of all.order) if (isKept[number] === 1) order[next++] = renumbered[number] ?? 0;
  return { count, oids, order, isOwn };
};

interface Listed {
  /** Every listed oid, in storage order, repeated where several packs hold it. */
  readonly oids: Uint8Array;
  readonly count: number;
  /** Our own packs end here, loose objects start here, our own loose ones end here. */
  readonly ownEnd: number;
  readonly looseStart: number;
  readonly ownLooseEnd: number;
}

const inStorageOrder = (
  stores: readonly { readonly listing: StoreListing; readonly isAlternate: boolean }[],
  oidLength: number,
): Listed => {
  const ownFirst = [...stores.filter((s) => !s.isAlternate), ...stores.filter((s) => s.isAlternate)];
  const count = ownFirst.reduce(
    (sum, { listing }) =>
      sum + listing.loose.length / oidLength + listing.packs.reduce((packed, { index }) => packed + index.count, 0),
    0,
  );
  const oids = new Uint8Array(count * oidLength);
  let place = 0;
  let ownEnd = 0;
  for (const { listing, isAlternate } of ownFirst) {
    for (const { bytes, index } of listing.packs) {
      for (const i of inOffsetOrder(index)) {
        const start = index.oidStart + i * index.oidStride;
        copyBytes(bytes, start, oids, place++ * oidLength, oidLength);
      }
    }
    if (!isAlternate) ownEnd = place;
  }
  const looseStart = place;
  let ownLooseEnd = place;
  for (const { listing, isAlternate } of ownFirst) {
    oids.set(listing.loose, place * oidLength);
    place += listing.loose.length / oidLength;
    if (!isAlternate) ownLooseEnd = place;
  }
  return { oids, count, ownEnd, looseStart, ownLooseEnd };
};

/** Entries of an index by their offset; those without a usable one come last. */
const inOffsetOrder = (index: { readonly count: number; offset(i: number): number }): Uint32Array => {
  const low = new Uint32Array(index.count);
  const high = new Uint32Array(index.count);
  let isLarge = false;
  for (let i = 0; i < index.count; i++) {
    const offset = index.offset(i);
    low[i] = offset === -1 ? 0xffff_ffff : offset % 0x1_0000_0000;
    high[i] = offset === -1 ? 0xffff_ffff : Math.floor(offset / 0x1_0000_0000);
    isLarge ||= (high[i] ?? 0) !== 0;
  }
  const byLow = sortedByUint32(Uint32Array.from(low.keys()), low);
  return isLarge ? sortedByUint32(byLow, high) : byLow;
};

/** Places 0 … count - 1 by the oid that stands there; equal oids keep their order. */
const sortByOid = (oids: Uint8Array, count: number, oidLength: number): Uint32Array => {
  const view = new DataView(oids.buffer, oids.byteOffset, oids.byteLength);
  const heads = new Uint32Array(count);
  for (let place = 0; place < count; place++) heads[place] = view.getUint32(place * oidLength);
  const places = sortedByUint32(Uint32Array.from(heads.keys()), heads);
  // Four bytes tell nearly all oids apart. A forged index may hold a million that they do not, so no quadratic sort here.
  for (let start = 0; start < count; ) {
    let end = start + 1;
    const head = heads[places[start] ?? 0];
    while (end < count && heads[places[end] ?? 0] === head) end += 1;
    if (end - start > 1) {
      places.subarray(start, end).sort((a, b) => compareOids(oids, a, b, oidLength) || a - b);
    }
    start = end;
  }
  return places;
};

const compareOids = (oids: Uint8Array, a: number, b: number, oidLength: number): number => {
  for (let i = 0; i < oidLength; i++) {
    const difference = (oids[a * oidLength + i] ?? 0) - (oids[b * oidLength + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

const copyOid = (from: Uint8Array, a: number, to: Uint8Array, b: number, oidLength: number): void =>
  copyBytes(from, a * oidLength, to, b * oidLength, oidLength);

// A loop: for 20 bytes, `set` of a `subarray` costs ten times as much.
const copyBytes = (from: Uint8Array, start: number, to: Uint8Array, at: number, length: number): void => {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i] ?? 0;
};
