import type { PackIndex } from './idx.ts';
import type { ListedPack, StoreListing } from './list-store.ts';
import { identity, resortedByUint32, sortedByUint32 } from './sort.ts';

/** Objects, numbered by sorted oid. */
export interface CountedObjects {
  readonly count: number;
  /** Raw, ascending, distinct; over shared memory. */
  readonly oids: Uint8Array;
  /** Numbers in storage order: pack by pack by offset, then loose. */
  readonly order: Uint32Array;
  /** 1 where one of our own stores holds the object, 0 where only alternates do. */
  readonly isOwn: Uint8Array;
}

/** All objects of some stores, and where packs hold them. */
export interface NumberedObjects extends CountedObjects {
  /** In storage order, our own first. */
  readonly packs: readonly NumberedPack[];
}

export interface NumberedPack {
  readonly listed: ListedPack;
  /** Positions in the index, in the order of their offsets; those without a usable offset come last. */
  readonly byOffset: Uint32Array;
  /** By position in the index: the object's number. */
  readonly numbers: Uint32Array;
  /** By position in the index: 1 where the object stands here first, in the order of storage. */
  readonly isFirst: Uint8Array;
}

export interface StoreOfObjects {
  readonly listing: StoreListing;
  readonly isAlternate: boolean;
}

/** Merges what stores list: each object once, in its first place of storage. */
export const numberObjects = (stores: readonly StoreOfObjects[], oidLength: number): NumberedObjects => {
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
  const packs = listed.packs.map(({ pack, start }) => ({
    listed: pack,
    byOffset: inOffsetOrder(pack.index),
    numbers: numbers.subarray(start, start + pack.index.count),
    isFirst: isFirst.subarray(start, start + pack.index.count),
  }));
  return {
    count,
    oids: distinctOids(listed, sorted, isFirst, count, oidLength),
    order: orderOf(packs, numbers.subarray(listed.looseStart), isFirst.subarray(listed.looseStart), count),
    isOwn: ownOf(listed, numbers, count),
    packs,
  };
};

/** Stands for an object that is not counted. */
export const noObject = 0xffff_ffff;

/** The objects for which `isKept` holds 1, numbered anew; `renumbered` says how, `noObject` for those that went. */
export const keepObjects = (
  all: NumberedObjects,
  isKept: Uint8Array,
  oidLength: number,
): CountedObjects & { readonly renumbered: Uint32Array } => {
  let count = 0;
  for (let number = 0; number < all.count; number++) count += isKept[number] ?? 0;
  const oids = sharedBytes(count * oidLength);
  const order = new Uint32Array(new SharedArrayBuffer(count * 4));
  const isOwn = new Uint8Array(count);
  const renumbered = new Uint32Array(all.count).fill(noObject);
  let kept = 0;
  for (let number = 0; number < all.count; number++) {
    if (isKept[number] !== 1) continue;
    copyBytes(all.oids, number * oidLength, oids, kept * oidLength, oidLength);
    isOwn[kept] = all.isOwn[number] ?? 0;
    renumbered[number] = kept++;
  }
  let next = 0;
  for (const number of all.order) if (isKept[number] === 1) order[next++] = renumbered[number] ?? 0;
  return { count, oids, order, isOwn, renumbered };
};

interface Listed {
  /** Every listed oid: pack by pack as its index has them, then loose; repeated where several packs hold it. */
  readonly oids: Uint8Array;
  readonly count: number;
  /** In storage order, and the place of each one's first object. */
  readonly packs: readonly { readonly pack: ListedPack; readonly start: number }[];
  /** Our own packs end here, loose objects start here, our own loose ones end here. */
  readonly ownEnd: number;
  readonly looseStart: number;
  readonly ownLooseEnd: number;
}

const inStorageOrder = (stores: readonly StoreOfObjects[], oidLength: number): Listed => {
  const ownFirst = [...stores.filter((s) => !s.isAlternate), ...stores.filter((s) => s.isAlternate)];
  const count = ownFirst.reduce(
    (sum, { listing }) =>
      sum + listing.loose.length / oidLength + listing.packs.reduce((packed, { index }) => packed + index.count, 0),
    0,
  );
  const oids = new Uint8Array(count * oidLength);
  const packs: { pack: ListedPack; start: number }[] = [];
  let place = 0;
  let ownEnd = 0;
  for (const { listing, isAlternate } of ownFirst) {
    for (const pack of listing.packs) {
      packs.push({ pack, start: place });
      copyIndexOids(pack, oids, place * oidLength);
      place += pack.index.count;
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
  return { oids, count, packs, ownEnd, looseStart, ownLooseEnd };
};

const copyIndexOids = ({ bytes, index }: ListedPack, to: Uint8Array, at: number): void => {
  const { count, oidLength, oidStart, oidStride } = index;
  if (oidStride === oidLength) {
    to.set(bytes.subarray(oidStart, oidStart + count * oidLength), at);
    return;
  }
  for (let i = 0; i < count; i++) copyBytes(bytes, oidStart + i * oidStride, to, at + i * oidLength, oidLength);
};

/** Entries of an index by their offset; those without a usable one come last. */
const inOffsetOrder = (index: PackIndex): Uint32Array => {
  const low = new Uint32Array(index.count);
  const high = new Uint32Array(index.count);
  let isLarge = false;
  for (let i = 0; i < index.count; i++) {
    const offset = index.offset(i);
    if (offset >= 0 && offset < 0x1_0000_0000) {
      low[i] = offset;
      continue;
    }
    low[i] = offset === -1 ? 0xffff_ffff : offset % 0x1_0000_0000;
    high[i] = offset === -1 ? 0xffff_ffff : Math.floor(offset / 0x1_0000_0000);
    isLarge = true;
  }
  const byLow = sortedByUint32(low);
  return isLarge ? resortedByUint32(byLow, high) : byLow;
};

/** Places 0 … count - 1 by the oid that stands there; equal oids keep their order. */
const sortByOid = (oids: Uint8Array, count: number, oidLength: number): Uint32Array => {
  const view = new DataView(oids.buffer, oids.byteOffset, oids.byteLength);
  const heads = new Uint32Array(count);
  let falls = false;
  for (let place = 0, before = 0; place < count; place++) {
    const head = view.getUint32(place * oidLength);
    heads[place] = head;
    falls ||= head < before;
    before = head;
  }
  // One pack and nothing loose, as after a clone: its index is sorted already.
  const places = falls ? sortedByUint32(heads) : identity(count);
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

/** The oids of the first places, in the order of `sorted`; over shared memory. */
const distinctOids = (
  listed: Listed,
  sorted: Uint32Array,
  isFirst: Uint8Array,
  count: number,
  oidLength: number,
): Uint8Array => {
  const oids = sharedBytes(count * oidLength);
  let at = 0;
  for (let i = 0; i < listed.count; ) {
    let end = i + 1;
    const place = sorted[i] ?? 0;
    if (isFirst[place] === 1) {
      // What stands together is copied together: an index that was sorted, all at once.
      while (end < listed.count && sorted[end] === place + (end - i) && isFirst[place + (end - i)] === 1) end += 1;
      const length = (end - i) * oidLength;
      if (end - i < 8) copyBytes(listed.oids, place * oidLength, oids, at, length);
      else oids.set(listed.oids.subarray(place * oidLength, place * oidLength + length), at);
      at += length;
    }
    i = end;
  }
  return oids;
};

/** @param looseNumbers of the loose objects, by their place among them; `isFirstLoose` too. */
const orderOf = (
  packs: readonly NumberedPack[],
  looseNumbers: Uint32Array,
  isFirstLoose: Uint8Array,
  count: number,
): Uint32Array => {
  const order = new Uint32Array(new SharedArrayBuffer(count * 4));
  let next = 0;
  for (const { byOffset, numbers, isFirst } of packs) {
    for (let i = 0; i < byOffset.length; i++) {
      const entry = byOffset[i] ?? 0;
      if (isFirst[entry] === 1) order[next++] = numbers[entry] ?? 0;
    }
  }
  for (let i = 0; i < looseNumbers.length; i++) if (isFirstLoose[i] === 1) order[next++] = looseNumbers[i] ?? 0;
  return order;
};

const ownOf = ({ ownEnd, looseStart, ownLooseEnd }: Listed, numbers: Uint32Array, count: number): Uint8Array => {
  const isOwn = new Uint8Array(count);
  if (ownEnd === looseStart && ownLooseEnd === numbers.length) return isOwn.fill(1);
  for (let place = 0; place < ownEnd; place++) isOwn[numbers[place] ?? 0] = 1;
  for (let place = looseStart; place < ownLooseEnd; place++) isOwn[numbers[place] ?? 0] = 1;
  return isOwn;
};

const compareOids = (oids: Uint8Array, a: number, b: number, oidLength: number): number => {
  for (let i = 0; i < oidLength; i++) {
    const difference = (oids[a * oidLength + i] ?? 0) - (oids[b * oidLength + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const sharedBytes = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length));

// A loop: for 20 bytes, `set` of a `subarray` costs ten times as much.
const copyBytes = (from: Uint8Array, start: number, to: Uint8Array, at: number, length: number): void => {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i] ?? 0;
};
