import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesText, countText, cutMiddle, displayWidth, durationText, fold } from '../../src/report/index.ts';

test('wide characters take two columns, marks none', () => {
  expect(['abc', '設定', 'ｱｲ', 'é', 'e\u0301', '한국', '😀', 'Ａ', ''].map(displayWidth)).toEqual([
    3, 4, 2, 1, 1, 4, 2, 2, 0,
  ]);
});

test('a long path is cut in its middle and keeps its end', () => {
  expect(cutMiddle('config/environments/production/secrets.env:12', 24)).toBe('config/en…secrets.env:12');
  expect(cutMiddle('short', 24)).toBe('short');
  expect(cutMiddle('設定/本番環境/パスワード.env:4', 18)).toBe('設定/本…ード.env:4');
});

const word = fc.string({ unit: fc.constantFrom('a', '設', 'é', '-', '😀'), minLength: 1, maxLength: 30 });

test('folded and cut text fits, and folding loses nothing but spaces', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.integer({ min: 4, max: 40 }), (words, width) => {
      const text = words.join(' ');
      const lines = fold(text, width);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      expect(displayWidth(cutMiddle(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test('an address is never cut', () => {
  expect(fold('see https://example.org/a/very/long/address/indeed now', 20)).toEqual([
    'see',
    'https://example.org/a/very/long/address/indeed',
    'now',
  ]);
});

test('numbers, sizes and durations as people say them', () => {
  expect([0, 999, 1000, 201_267].map((count) => countText(count, 'ref'))).toEqual([
    '0 refs',
    '999 refs',
    '1,000 refs',
    '201,267 refs',
  ]);
  expect([1, 812, 1000, 999_499, 999_999, 5_800_000_000].map(bytesText)).toEqual([
    '1 byte',
    '812 bytes',
    '1.0 kB',
    '999 kB',
    '1.0 MB',
    '5.8 GB',
  ]);
  expect([0, 1400, 59_949, 60_000, 125_000, 11_400_000].map(durationText)).toEqual([
    '0.0 s',
    '1.4 s',
    '59.9 s',
    '1 min 0 s',
    '2 min 5 s',
    '3 h 10 min',
  ]);
});
