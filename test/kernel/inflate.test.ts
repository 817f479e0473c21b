import { constants, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type InflateFailure,
  inflate,
  inflateReadsBehind,
  inflateWritesBehind,
  KernelMemory,
  plainInflate,
} from '../../src/kernel/index.ts';

const memory = new KernelMemory();
const guard = 64;

/** Inflates in the kernel, between guards: what was there before, but for what the kernel may write, must be there after. */
const run = (stream: Uint8Array, sizeBytes: number): Uint8Array | InflateFailure => {
  const from = memory.inputFor(stream.length + sizeBytes + 4096);
  const to = from + stream.length + inflateReadsBehind + guard;
  const writableEnd = to + sizeBytes + inflateWritesBehind;
  memory.bytes.fill(0xa5, from, writableEnd + guard);
  memory.bytes.set(stream, from);
  const failure = inflate(memory, { from, fromEnd: from + stream.length, to, sizeBytes });
  expect(Buffer.compare(stream, memory.bytes.subarray(from, from + stream.length))).toBe(0);
  expect(memory.bytes.subarray(from + stream.length, to).every(isGuard)).toBe(true);
  expect(memory.bytes.subarray(writableEnd, writableEnd + guard).every(isGuard)).toBe(true);
  return failure === 'none' ? memory.bytes.slice(to, to + sizeBytes) : failure;
};
const isGuard = (byte: number): boolean => byte === 0xa5;

const native = (stream: Uint8Array): Uint8Array | undefined => {
  try {
    return Uint8Array.from(inflateSync(stream));
  } catch {
    return undefined;
  }
};

/** Whether the kernel says of the stream what zlib says. */
const expectAsNative = (stream: Uint8Array, otherwise: number): void => {
  const expected = native(stream);
  const actual = run(stream, expected?.length ?? otherwise);
  if (expected === undefined) expect(typeof actual).toBe('string');
  else expect(sameBytes(actual, expected)).toBe(true);
};
const sameBytes = (actual: Uint8Array | string, expected: Uint8Array): boolean =>
  typeof actual !== 'string' && Buffer.compare(actual, expected) === 0;

const words = fc.constantFrom('static int ', 'return ', 'void ', '\n    ', '{ ', '}\n', '== 0', 'char *', ', ', '0x');
const repeated = (most: number) =>
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat({ max: most }))
    .map(([piece, size]) => Uint8Array.from({ length: size }, (_, index) => piece[index % piece.length] ?? 0));
/** Bytes of which high ones are rare: their codes are long. */
const skewed = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 0xffff }), fc.nat({ max: 3 })), { maxLength: 3000 })
  .map((list) => Uint8Array.from(list.map(([value, shift]) => Math.clz32(value) * 8 + shift)));
const data = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc.array(words, { maxLength: 2000 }).map((list) => Uint8Array.from(Buffer.from(list.join('')))),
  repeated(5000),
  skewed,
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
});

test('what zlib deflates in any way the kernel inflates, and its plain twin too', () => {
  fc.assert(
    fc.property(data, options, (bytes, how) => {
      const stream = deflateSync(bytes, how);
      expect(sameBytes(run(stream, bytes.length), bytes)).toBe(true);
      expect(plainInflate(stream, bytes.length)).toEqual({ bytes });
    }),
    { numRuns: 150 },
  );
});

test('a stream of another size than stated is refused, whatever follows it is not looked at', () => {
  fc.assert(
    fc.property(data, options, fc.integer({ min: 1, max: 700 }), (bytes, how, difference) => {
      const stream = deflateSync(bytes, how);
      expect(run(stream, bytes.length + difference)).toBe('shorter-than-stated');
      if (bytes.length >= difference) expect(run(stream, bytes.length - difference)).toBe('longer-than-stated');
      expect(sameBytes(run(Buffer.concat([stream, stream.subarray(0, 9)]), bytes.length), bytes)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

/** A damaged stream, often with the checksum of what still comes out of it: a wrong one would hide what else is wrong. */
const damaged = fc
  .record({
    bytes: data,
    how: options,
    flips: fc.array(fc.nat(), { maxLength: 3 }),
    isEarly: fc.boolean(),
    cut: fc.option(fc.nat(), { freq: 4 }),
    splice: fc.option(fc.tuple(data, fc.nat(), fc.nat()), { freq: 4 }),
    isMended: fc.boolean(),
  })
  .map(({ bytes, how, flips, isEarly, cut, splice, isMended }) => {
    let stream = Buffer.from(deflateSync(bytes, how));
    if (splice) {
      const [other, at, rest] = splice;
      const tail = deflateSync(other, how);
      stream = Buffer.concat([stream.subarray(0, at % stream.length), tail.subarray(rest % tail.length)]);
    }
    for (const flip of flips) {
      const bit = flip % ((isEarly ? Math.min(stream.length, 90) : stream.length) * 8);
      stream[bit >> 3] = (stream[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    }
    if (cut !== null) stream = stream.subarray(0, cut % stream.length);
    return isMended ? mend(stream) : stream;
  });

const mend = (stream: Buffer): Buffer => {
  try {
    return Buffer.concat([stream.subarray(0, -4), checksumOf(inflateRawSync(stream.subarray(2)))]);
  } catch {
    return stream;
  }
};
/** zlib's own: the last four bytes of a stream. */
const checksumOf = (bytes: Uint8Array): Buffer => deflateSync(bytes, { level: 0 }).subarray(-4);

test('the kernel takes and refuses damaged streams as zlib does', () => {
  fc.assert(
    fc.property(damaged, fc.nat({ max: 5000 }), (stream, otherwise) => expectAsNative(stream, otherwise)),
    { numRuns: 1500 },
  );
});

/**
 * A stream bit by bit, with the right checksum for `out`: `5:3` is the number 5 in three bits, the lowest first; other digits are bits in
 * their order, as codes are written.
 */
const streamOf = (bits: string, out = ''): Uint8Array => {
  const digits = bits.split(' ').map((token) => {
    const [value, count] = token.split(':');
    return count === undefined ? token : reversed(Number(value).toString(2).padStart(Number(count), '0'));
  });
  const body = digits.join('').match(/.{1,8}/g) ?? [];
  return Uint8Array.from([
    ...[0x78, 0x9c],
    ...body.map((byte) => Number.parseInt(reversed(byte), 2)),
    ...checksumOf(Buffer.from(out)),
  ]);
};
const reversed = (digits: string): string => [...digits].reverse().join('');

/** The head of a last block with its own codes, whose lengths are spelt in a precode of 4 bits for each length from 0 to 15. */
const head = (litlen: Readonly<Record<number, number>>, dist: readonly number[], litlenCount = 258): string => {
  const lengths = [...Array.from({ length: litlenCount }, (_, symbol) => litlen[symbol] ?? 0), ...dist];
  const precode = `0:3 0:3 0:3 ${new Array(16).fill('4:3').join(' ')}`;
  const spelt = lengths.map((length) => length.toString(2).padStart(4, '0')).join(' ');
  return `1:1 2:2 ${litlenCount - 257}:5 ${dist.length - 1}:5 15:4 ${precode} ${spelt}`;
};
const fixed = '1:1 1:2';
const stored = '1:1 0:2 0:5';
/** Symbols: 257, a match of three bytes, is `0`; the byte `a` is `10`; the end is `11`. */
const match = { 97: 2, 256: 2, 257: 1 };

const crafted: readonly (readonly [what: string, stream: Uint8Array, sizeBytes: number, says: InflateFailure])[] = [
  ['nothing at all', new Uint8Array(0), 0, 'cut-short'],
  ['half a header', Uint8Array.of(0x78), 0, 'cut-short'],
  ['another method', Uint8Array.of(0x79, 0x9b, 3, 0, 0, 0, 0, 1), 0, 'bad-header'],
  ['a window of 64 KiB', Uint8Array.of(0x88, 0x1c, 3, 0, 0, 0, 0, 1), 0, 'bad-header'],
  ['a header with a wrong check', Uint8Array.of(0x78, 0x9d, 3, 0, 0, 0, 0, 1), 0, 'bad-header'],
  ['a dictionary', Uint8Array.of(0x78, 0xbb, 0, 0, 0, 1, 3, 0, 0, 0, 0, 1), 0, 'bad-header'],
  ['the smallest window', Uint8Array.of(0x08, 0x1d, 3, 0, 0, 0, 0, 1), 0, 'none'],
  ['a block of the fourth kind', streamOf('1:1 3:2'), 0, 'bad-block'],
  ['a stored block of no bytes', streamOf(`${stored} 0:16 65535:16`), 0, 'none'],
  ['a stored block with a wrong length', streamOf(`${stored} 0:16 65534:16`), 0, 'bad-block'],
  ['a stored block that is cut', streamOf(`${stored} 9:16 65526:16`), 9, 'cut-short'],
  ['a stored block longer than stated', streamOf(`${stored} 2:16 65533:16 0:16`), 1, 'longer-than-stated'],
  ['symbol 286 of the fixed code', streamOf(`${fixed} 11000110`), 0, 'bad-symbol'],
  ['distance 30 of the fixed code', streamOf(`${fixed} 10010001 0000001 11110`), 4, 'bad-symbol'],
  ['a distance before the start', streamOf(`${fixed} 10010001 0000001 00001`), 4, 'distance-too-far'],
  ['a distance to the start', streamOf(`${fixed} 10010001 0000001 00000 0000000`, 'aaaa'), 4, 'none'],
  ['one code of one bit, and no distances', streamOf(`${head({ 256: 1 }, [0])} 0`), 0, 'none'],
  ['the code that one code leaves over', streamOf(`${head({ 256: 1 }, [0])} 1`), 0, 'bad-symbol'],
  ['one code of two bits', streamOf(`${head({ 256: 2 }, [0])} 00`), 0, 'bad-codes'],
  ['no end of the block', streamOf(`${head({ 97: 1, 98: 1 }, [0])} 0`), 0, 'bad-codes'],
  ['more codes than there is room', streamOf(head({ 97: 1, 98: 1, 256: 1 }, [0])), 0, 'bad-codes'],
  ['fewer codes than there is room', streamOf(head({ 97: 2, 98: 2, 256: 2 }, [0])), 0, 'bad-codes'],
  ['287 symbols', streamOf(`${head({ 256: 1 }, [0], 287)} 0`), 0, 'bad-codes'],
  ['31 distances', streamOf(`${head({ 256: 1 }, new Array(31).fill(0))} 0`), 0, 'bad-codes'],
  ['a match without distances', streamOf(`${head(match, [0])} 10 0 0`), 4, 'bad-symbol'],
  ['a match with the one distance', streamOf(`${head(match, [1])} 10 0 0 11`, 'aaaa'), 4, 'none'],
  ['the distance that one distance leaves over', streamOf(`${head(match, [1])} 10 0 1`), 4, 'bad-symbol'],
  ['fewer distances than there is room', streamOf(`${head(match, [2, 2])} 11`), 0, 'bad-codes'],
  ['a repetition of nothing', streamOf(`1:1 2:2 0:5 0:5 0:4 1:3 1:3 0:3 0:3 ${'0'.repeat(300)}`), 0, 'bad-codes'],
  ['a precode of one code', streamOf('1:1 2:2 0:5 0:5 0:4 0:3 1:3 0:3 0:3 0:30 0:30'), 0, 'bad-codes'],
  ['no precode', streamOf('1:1 2:2 0:5 0:5 0:4 0:12 0:30'), 0, 'bad-codes'],
  ['a repetition beyond the end', streamOf('1:1 2:2 0:5 0:5 0:4 0:3 1:3 1:3 0:3 1 127:7 1 127:7'), 0, 'bad-codes'],
  ['a wrong checksum', streamOf(`${fixed} 0000000`, 'a'), 0, 'bad-checksum'],
  ['half a checksum', streamOf(`${fixed} 0000000`).subarray(0, -2), 0, 'cut-short'],
];

test.each(crafted)('%s: as zlib, in the same words as the plain twin', (_what, stream, sizeBytes, says) => {
  const actual = run(stream, sizeBytes);
  expect(typeof actual === 'string' ? actual : 'none').toBe(says);
  const plain = plainInflate(stream, sizeBytes);
  expect('failure' in plain ? plain.failure : 'none').toBe(says);
  if (says !== 'longer-than-stated') expect(native(stream) !== undefined).toBe(says === 'none');
});

test('codes of up to 15 bits mean what zlib says', () => {
  // A code as lopsided as there is: lengths 1, 2, 3, …, 14, 15, 15.
  const lengths: Record<number, number> = { 256: 15 };
  for (let length = 1; length <= 15; length++) lengths[length + 0x60] = length;
  const symbols = Array.from({ length: 400 }, (_, index) => 1 + ((index * 7) % 15));
  const codes = symbols.map((symbol) => `${'1'.repeat(symbol - 1)}0`);
  const text = symbols.map((symbol) => String.fromCharCode(symbol + 0x60)).join('');
  const stream = streamOf(`${head(lengths, [0])} ${codes.join(' ')} ${'1'.repeat(15)}`, text);
  expect(Buffer.from(run(stream, 400)).toString()).toBe(text);
  expectAsNative(stream, 0);
});
