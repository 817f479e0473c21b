import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDeltaHeader, plainApplyDelta } from '../../src/kernel/index.ts';
import { endOfBaseOid, parseBaseDistance, parseEntryHeader, parsePackIndex } from '../../src/objects/index.ts';
import { isFailure, latin1Bytes } from '../../src/text/index.ts';

const entryHeader = (type: number, size: number): Uint8Array => {
  const bytes = [type * 16 + (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest % 128);
  }
  return Uint8Array.from(bytes);
};

test('entry headers of every size up to 2^53 - 1 are read back', () => {
  const sizes = fc.oneof(fc.nat(300), fc.maxSafeNat(), fc.constantFrom(2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER));
  fc.assert(
    fc.property(sizes, (size) => {
      const bytes = entryHeader(3, size);
      expect(parseEntryHeader(bytes, 0)).toEqual({ type: 'blob', sizeBytes: size, next: bytes.length });
    }),
  );
});

test.each([
  ['nothing', ''],
  ['a size that is cut short', 'b0'],
  ['type 0', '05'],
  ['type 5', '55'],
  ['a size of 2^53', 'b08080808080808002'],
  ['a size of twenty bytes', `b0${'80'.repeat(18)}00`],
])('an entry header with %s is refused with a RangeError', (_what, hex) => {
  expect(() => parseEntryHeader(Buffer.from(hex, 'hex'), 0)).toThrow(RangeError);
});

test('base distances follow git: every distance has one spelling', () => {
  expect(parseBaseDistance(Uint8Array.of(1), 0)).toEqual({ distance: 1, next: 1 });
  expect(parseBaseDistance(Uint8Array.of(0x7f), 0).distance).toBe(127);
  expect(parseBaseDistance(Uint8Array.of(0x80, 0), 0).distance).toBe(128);
  expect(parseBaseDistance(Uint8Array.of(0x80, 0x80, 0), 0).distance).toBe(16_512);
  expect(parseBaseDistance(Uint8Array.of(9, 0x8e, 0xfe, 0xfe, 0xfe, 0x7f), 1).distance).toBe(4_294_967_295);
  for (const bad of ['', '00', '80', 'ffffffffffffffff7f', '80'.repeat(40)]) {
    expect(() => parseBaseDistance(Buffer.from(bad, 'hex'), 0), bad).toThrow(RangeError);
  }
});

test('the oid of a base must be there whole', () => {
  expect(endOfBaseOid(new Uint8Array(21), 1, 20)).toBe(21);
  expect(() => endOfBaseOid(new Uint8Array(20), 1, 20)).toThrow(RangeError);
});

const size = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...size(Math.floor(value / 128))];

const delta = (baseSize: number, resultSize: number, ...instructions: number[]): Uint8Array =>
  Uint8Array.from([...size(baseSize), ...size(resultSize), ...instructions]);

test('copies and inserts are followed', () => {
  const base = latin1Bytes('hello, world');
  const made = plainApplyDelta(base, delta(12, 11, 0x90, 5, 1, 0x20, 0x91, 7, 5), 100);
  expect(made).toEqual(Uint8Array.from(latin1Bytes('hello world')));
  const large = randomBytes(0x1_0000 + 5);
  expect(plainApplyDelta(large, delta(large.length, 0x1_0000, 0x81, 5), 1e6)).toEqual(
    Uint8Array.from(large.subarray(5)),
  );
});

test.each([
  ['a base of another size', delta(11, 1, 1, 65)],
  ['a copy past the end of the base', delta(12, 5, 0x91, 8, 5)],
  ['a copy from 4 GiB on', delta(12, 5, 0x9f, 255, 255, 255, 255, 5)],
  ['more than it claims', delta(12, 1, 2, 65, 66)],
  ['less than it claims', delta(12, 3, 2, 65, 66)],
  ['the reserved instruction', delta(12, 1, 1, 65, 0)],
  ['an insert that is cut short', delta(12, 2, 2, 65)],
  ['a copy that is cut short', delta(12, 2, 0x91, 0)],
  ['no instruction', delta(12, 0, 0x91).subarray(0, 2)],
  ['a size that is cut short', Uint8Array.of(12, 0x80, 0x80, 0x80)],
  ['a size of 2^60', Uint8Array.of(12, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 65)],
  ['a result above the limit', delta(12, 101, 101, ...Array<number>(101).fill(65))],
])('a delta with %s is refused as a value', (_what, bytes) => {
  expect(plainApplyDelta(latin1Bytes('hello, world'), bytes, 100)).toHaveProperty('failure');
});

test('a small delta that makes 4 GiB is refused before it is followed', () => {
  const copies = Array.from({ length: 256 }, () => [0xf0, 255, 255, 255]).flat();
  const bomb = delta(0xff_ffff, 256 * 0xff_ffff, ...copies);
  expect(bomb.length).toBeLessThan(1100);
  const before = process.memoryUsage().arrayBuffers;
  expect(plainApplyDelta(new Uint8Array(0xff_ffff), bomb, 1e9)).toHaveProperty('failure');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e9);
});

test('no delta at all makes it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 30 }), (base, bytes) => {
      const framed = Uint8Array.from([base.length, ...bytes]);
      const made = plainApplyDelta(base, framed, 1000);
      if (made instanceof Uint8Array) expect(parseDeltaHeader(framed)).toMatchObject({ resultSize: made.length });
    }),
    { numRuns: 2000 },
  );
});

/** An index of version 2 with the given offsets; entries from 2^31 on go through the table of large ones. */
const indexOf = (offsets: readonly number[]): Uint8Array => {
  const large = offsets.filter((offset) => offset >= 2 ** 31);
  const count = offsets.length;
  const bytes = Buffer.alloc(8 + 1024 + count * 28 + large.length * 8 + 40);
  bytes.write('ff744f6300000002', 'hex');
  for (let i = 0; i < 256; i++) bytes.writeUInt32BE(count, 8 + i * 4);
  for (const [i, offset] of offsets.entries()) {
    bytes[1032 + i * 20 + 19] = i;
    const at = 1032 + count * 24 + i * 4;
    const place = large.indexOf(offset);
    bytes.writeUInt32BE(place === -1 ? offset : 2 ** 31 + place, at);
    if (place !== -1) bytes.writeBigUInt64BE(BigInt(offset), 1032 + count * 28 + place * 8);
  }
  return bytes;
};

const offsetsIn = (bytes: Uint8Array): number[] => {
  const index = parsePackIndex(bytes, 'sha1');
  return isFailure(index) ? [] : Array.from({ length: index.count }, (_, i) => index.offset(i));
};

test('offsets above 2 GiB are read through the 64-bit table', () => {
  const offsets = [12, 2 ** 31, 2 ** 33 + 7, 2 ** 53 - 1];
  expect(offsetsIn(indexOf(offsets))).toEqual(offsets);
});

test('an offset that points outside the tables is -1', () => {
  const bytes = Buffer.from(indexOf([12, 2 ** 31]));
  bytes.writeUInt32BE(2 ** 31 + 1, 1032 + 2 * 24 + 4);
  expect(offsetsIn(bytes)).toEqual([12, -1]);
  bytes.writeUInt32BE(2 ** 31, 1032 + 2 * 24 + 4);
  bytes.fill(0xff, 1032 + 2 * 28, 1032 + 2 * 28 + 8);
  expect(offsetsIn(bytes)).toEqual([12, -1]);
});

test('an index whose tables do not fit is refused', () => {
  const good = indexOf([12, 40, 70]);
  expect(parsePackIndex(good, 'sha1')).not.toHaveProperty('failure');
  const changed = (at: number, value: number): Uint8Array => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32BE(value, at);
    return bytes;
  };
  expect(parsePackIndex(changed(4, 3), 'sha1')).toMatchObject({ failure: 'index version 3 is unknown' });
  expect(parsePackIndex(changed(8, 4), 'sha1')).toMatchObject({ failure: 'the fan-out table falls' });
  expect(parsePackIndex(changed(8 + 255 * 4, 0xffff_ffff), 'sha1')).toHaveProperty('failure');
  for (const length of [0, 7, 8, 1031, 1071, good.length - 1]) {
    expect(parsePackIndex(good.subarray(0, length), 'sha1')).toHaveProperty('failure');
  }
  expect(parsePackIndex(Buffer.concat([good, new Uint8Array(24)]), 'sha1')).toHaveProperty('failure');
});
