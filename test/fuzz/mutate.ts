import type { Random } from './random.ts';

/** Breaks an input in one to four places. Never changes what it was given. */
export type Mutate = (input: Uint8Array, random: Random) => Uint8Array;

/** Bits, bytes, ranges; `words` are what the format has a meaning for, and are put in whole. */
export const mutateBytes =
  (words: readonly string[] = []): Mutate =>
  (input, random) => {
    let bytes: Uint8Array = Uint8Array.from(input);
    for (let times = 1 + random.below(4); times > 0; times--) bytes = random.pick(ways)(bytes, random, words);
    return bytes;
  };

type Way = (bytes: Uint8Array, random: Random, words: readonly string[]) => Uint8Array;

const boundaries = [0, 1, 0x0a, 0x20, 0x7f, 0x80, 0xfe, 0xff] as const;

const put: Way = (bytes, random) => {
  if (bytes.length > 0) bytes[random.below(bytes.length)] = random.pick(boundaries);
  return bytes;
};

const flip: Way = (bytes, random) => {
  const at = random.below(bytes.length);
  if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
};

const overwrite: Way = (bytes, random) => {
  const at = random.below(bytes.length);
  const fresh = random.bytes(1 + random.below(Math.min(8, bytes.length - at)));
  if (bytes.length > 0) bytes.set(fresh.subarray(0, bytes.length - at), at);
  return bytes;
};

const insertWord: Way = (bytes, random, words) => {
  const fresh = words.length > 0 ? Buffer.from(random.pick(words), 'latin1') : random.bytes(1 + random.below(6));
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), fresh, bytes.subarray(at)]);
};

const remove: Way = (bytes, random) => {
  const at = random.below(bytes.length);
  const length = 1 + random.below(random.pick([1, 4, 40]));
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
};

const repeat: Way = (bytes, random) => {
  const at = random.below(bytes.length);
  const piece = bytes.subarray(at, at + 1 + random.below(60));
  const to = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, to), piece, bytes.subarray(to)]);
};

const cut: Way = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1));

/** Cuts are rare: what is gone is not tested. */
const ways = [put, flip, flip, overwrite, insertWord, insertWord, remove, repeat, cut] as const;

/** Only changes that keep the length, for formats in which everything stands at an offset. */
export const mutateInPlace: Mutate = (input, random) => {
  let bytes: Uint8Array = Uint8Array.from(input);
  for (let times = 1 + random.below(4); times > 0; times--)
    bytes = random.pick([put, flip, overwrite])(bytes, random, []);
  return bytes;
};
