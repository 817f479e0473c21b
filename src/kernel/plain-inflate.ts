import type { InflateFailure } from './inflate.ts';

/** What comes out of a zlib stream, or why nothing does. */
export type Inflated = { readonly bytes: Uint8Array } | { readonly failure: InflateFailure };

/**
 * The specification of the kernel's `inflate`, by RFC 1950 and 1951, bit by bit; what they leave open, as zlib decides it. What stands
 * behind the checksum is not looked at.
 * @param mostBytes what comes out is at most as long.
 */
export const plainInflate = (stream: Uint8Array, mostBytes: number): Inflated => {
  try {
    return { bytes: inflateStream(new BitReader(stream), mostBytes) };
  } catch (error) {
    if (error instanceof Refusal) return { failure: error.failure };
    throw error;
  }
};

class Refusal extends Error {
  readonly failure: InflateFailure;
  constructor(failure: InflateFailure) {
    super(failure);
    this.failure = failure;
  }
}

const refuseIf = (isWrong: boolean, failure: InflateFailure): void => {
  if (isWrong) throw new Refusal(failure);
};

class BitReader {
  readonly #bytes: Uint8Array;
  #bit = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#bit >> 3];
    if (byte === undefined) throw new Refusal('cut-short');
    return (byte >> (this.#bit++ & 7)) & 1;
  }

  /** A number of `count` bits, the lowest first. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) value += this.bit() * 2 ** index;
    return value;
  }

  toByte(): void {
    this.#bit = Math.ceil(this.#bit / 8) * 8;
  }
}

const inflateStream = (reader: BitReader, mostBytes: number): Uint8Array => {
  const [method, flags] = [reader.bits(8), reader.bits(8)];
  refuseIf((method & 0xf) !== 8 || method >> 4 > 7 || (flags & 0x20) !== 0, 'bad-header');
  refuseIf((method * 256 + flags) % 31 !== 0, 'bad-header');
  const out: number[] = [];
  for (let isLast = 0; !isLast; ) {
    isLast = reader.bit();
    const kind = reader.bits(2);
    refuseIf(kind === 3, 'bad-block');
    if (kind === 0) copyStored(reader, out, mostBytes);
    else inflateBlock(reader, kind === 1 ? fixedCodes : readCodes(reader), out, mostBytes);
  }
  reader.toByte();
  const checksum = [24, 16, 8, 0].reduce((sum, shift) => sum + reader.bits(8) * 2 ** shift, 0);
  refuseIf(checksum !== plainAdler32(out), 'bad-checksum');
  return Uint8Array.from(out);
};

const copyStored = (reader: BitReader, out: number[], mostBytes: number): void => {
  reader.toByte();
  const size = reader.bits(16);
  refuseIf(reader.bits(16) !== (size ^ 0xffff), 'bad-block');
  refuseIf(size > mostBytes - out.length, 'longer-than-stated');
  for (let index = 0; index < size; index++) out.push(reader.bits(8));
};

/** The symbol of every code, the code written as a string of its bits in the stream's order. */
type Code = ReadonlyMap<string, number>;
interface Codes {
  readonly litlen: Code;
  readonly dist: Code;
}

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtras = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distExtras = Array.from({ length: 30 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));
const distBases = distExtras.map(
  (_, symbol) => 1 + distExtras.slice(0, symbol).reduce((sum, bits) => sum + 2 ** bits, 0),
);

const inflateBlock = (reader: BitReader, { litlen, dist }: Codes, out: number[], mostBytes: number): void => {
  for (;;) {
    const symbol = readSymbol(reader, litlen);
    if (symbol === 256) return;
    if (symbol < 256) {
      refuseIf(out.length === mostBytes, 'longer-than-stated');
      out.push(symbol);
      continue;
    }
    const length = numberOf(reader, symbol - 257, lengthBases, lengthExtras);
    const distance = numberOf(reader, readSymbol(reader, dist), distBases, distExtras);
    refuseIf(distance > out.length, 'distance-too-far');
    refuseIf(length > mostBytes - out.length, 'longer-than-stated');
    for (let index = 0; index < length; index++) out.push(out[out.length - distance] ?? 0);
  }
};

const numberOf = (reader: BitReader, symbol: number, bases: readonly number[], extras: readonly number[]): number => {
  const [base, extra] = [bases[symbol], extras[symbol]];
  // The fixed codes have symbols that mean nothing.
  if (base === undefined || extra === undefined) throw new Refusal('bad-symbol');
  return base + reader.bits(extra);
};

const readSymbol = (reader: BitReader, code: Code): number => {
  for (let bits = ''; bits.length < 15; ) {
    bits += reader.bit();
    const symbol = code.get(bits);
    if (symbol !== undefined) return symbol;
  }
  throw new Refusal('bad-symbol');
};

const precodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const readCodes = (reader: BitReader): Codes => {
  const [litlenCount, distCount, precodeCount] = [257 + reader.bits(5), 1 + reader.bits(5), 4 + reader.bits(4)];
  refuseIf(litlenCount > 286 || distCount > 30, 'bad-codes');
  const precodeLengths = new Array<number>(19).fill(0);
  for (const symbol of precodeOrder.slice(0, precodeCount)) precodeLengths[symbol] = reader.bits(3);
  const precode = codeOf(precodeLengths);
  refuseIf(!isComplete(precodeLengths), 'bad-codes');
  const lengths: number[] = [];
  while (lengths.length < litlenCount + distCount) {
    const symbol = readSymbol(reader, precode);
    refuseIf(symbol === 16 && lengths.length === 0, 'bad-codes');
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) lengths.push(...new Array<number>(3 + reader.bits(2)).fill(lengths.at(-1) ?? 0));
    else lengths.push(...new Array<number>(symbol === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7)).fill(0));
  }
  refuseIf(lengths.length > litlenCount + distCount || lengths[256] === 0, 'bad-codes');
  return { litlen: codeOf(lengths.slice(0, litlenCount)), dist: codeOf(lengths.slice(litlenCount)) };
};

/** How much of the space of codes the lengths take: 1 is all. */
const shareOf = (lengths: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + (length && 2 ** -length), 0);
const isComplete = (lengths: readonly number[]): boolean => shareOf(lengths) === 1;

/** The canonical code of these lengths (RFC 1951, 3.2.2). As zlib: not complete only with one symbol, of one bit, or with none. */
const codeOf = (lengths: readonly number[]): Code => {
  const isShort = lengths.every((length) => length <= 1);
  refuseIf(shareOf(lengths) > 1 || (!isComplete(lengths) && !isShort), 'bad-codes');
  const code = new Map<string, number>();
  let next = 0;
  for (let length = 1; length <= 15; length++, next *= 2) {
    for (const [symbol, its] of lengths.entries()) {
      if (its === length) code.set((next++).toString(2).padStart(length, '0'), symbol);
    }
  }
  return code;
};

const fixedCodes: Codes = {
  litlen: codeOf(
    Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
  ),
  dist: codeOf(new Array<number>(32).fill(5)),
};

/** The Adler-32 checksum of RFC 1950. */
export const plainAdler32 = (bytes: readonly number[]): number => {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
};
