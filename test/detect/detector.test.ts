import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import type { NearRule } from '../../src/rules/index.ts';

/** A made-up token: `zz9_` and 20 lower-case letters, so that no test holds anything that looks like a credential. */
const toyRule: NearRule = {
  id: 'toy-token',
  provider: 'Toy',
  title: 'Toy token',
  category: 'saas',
  severity: 'high',
  attack: 'none',
  rotate: 'toy',
  docs: '',
  anchors: [{ text: 'zz9_' }],
  reach: 'near',
  pattern: /(?<![A-Za-z0-9_])(?<secret>(?<prefix>zz9_)[a-z]{20})(?![A-Za-z0-9_])/,
  examples: [],
  nearMisses: [],
};
const token = `zz9_${'abcdefghij'.repeat(2)}`;
const detector = new Detector([toyRule]);
const places = (bytes: Uint8Array) => detector.find(bytes).map(({ span, wrapping }) => ({ ...span, wrapping }));
const encode = {
  latin1: (text: string) => Buffer.from(text, 'latin1'),
  utf16le: (text: string) => Buffer.from(text, 'utf16le'),
  utf16be: (text: string) => Buffer.from(text, 'utf16le').swap16(),
  utf32le: (text: string) => Buffer.from([...text].flatMap((c) => [c.charCodeAt(0), 0, 0, 0])),
};

test('a finding says where its secret stands and shows its prefix and little of its end', () => {
  const [finding, ...others] = detector.find(encode.latin1(`token: ${token};`));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    span: { start: 7, end: 31 },
    redacted: 'zz9_************ghij',
    wrapping: [],
    judgement: { verdict: 'likely' },
  });
  expect(Buffer.from(finding?.secret.reveal() ?? []).toString()).toBe(token);
  expect(JSON.stringify(finding)).not.toContain('abcdefghijab');
});

test('text of wider characters is read, and its places are those of the stored bytes', () => {
  const text = `x = ${token}\r\n`;
  const start = 4;
  const bom = Buffer.from([0xff, 0xfe]);
  expect(places(encode.utf16le(text))).toEqual([{ start: 8, end: 56, wrapping: ['utf-16le'] }]);
  expect(places(encode.utf16be(text))).toEqual([{ start: 8, end: 56, wrapping: ['utf-16be'] }]);
  expect(places(Buffer.concat([bom, encode.utf16le(text)]))).toEqual([{ start: 10, end: 58, wrapping: ['utf-16le'] }]);
  expect(places(Buffer.concat([Buffer.from([0xfe, 0xff]), encode.utf16be(text)]))).toEqual([
    { start: 10, end: 58, wrapping: ['utf-16be'] },
  ]);
  expect(places(encode.utf32le(text))).toEqual([{ start: 4 * start, end: 4 * (start + 24), wrapping: ['utf-32le'] }]);
  expect(places(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), encode.latin1(text)]))).toEqual([
    { start: 7, end: 31, wrapping: [] },
  ]);
});

test('wide text at an odd offset inside a binary is read too', () => {
  const bytes = Buffer.concat([Buffer.from([1]), encode.utf16le(`${token} `)]);
  expect(places(bytes).map(({ start, end }) => ({ start, end }))).toEqual([{ start: 1, end: 49 }]);
});

test('zero bytes around it hide nothing', () => {
  expect(places(Buffer.concat([Buffer.from([0, 0, 7]), encode.latin1(token), Buffer.from([0])]))).toEqual([
    { start: 3, end: 27, wrapping: [] },
  ]);
});

test('any bytes give an answer, the same one every time', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.constant(encode.latin1(token)),
          fc.constant(encode.utf16le(token)),
        ),
        { maxLength: 8 },
      ),
      (pieces) => {
        const bytes = Buffer.concat(pieces);
        const first = places(bytes);
        expect(places(bytes)).toEqual(first);
        for (const { start, end } of first) expect(start >= 0 && end <= bytes.length && start < end).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});
