import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineCounter } from '../../src/scan/place-in-text.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'ä', '\n', '\r\n', '😀'), maxLength: 40 });

test('lines and columns count from 1, columns as JavaScript counts, wherever was asked before', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 }), (whole, places) => {
      const lines = new LineCounter();
      for (const place of places) {
        const before = [...whole].slice(0, place).join('');
        const own = before.split('\n');
        const expected = { line: own.length, column: (own.at(-1) ?? '').length + 1 };
        expect(lines.placeOf(Buffer.from(whole), Buffer.byteLength(before), 1)).toEqual(expected);
      }
    }),
  );
});

test('lines go on counting in the next part, of which the beginning is known', () => {
  const lines = new LineCounter();
  expect(lines.placeOf(Buffer.from('a\nb\nc'), 5, 1)).toEqual({ line: 3, column: 2 });
  lines.pass(Buffer.from('a\nb\nc'), 2);
  expect(lines.placeOf(Buffer.from('b\nc\nd'), 4, 1)).toEqual({ line: 4, column: 1 });
});

test('in a wide encoding a line ends at a newline of its own width, and columns are its units', () => {
  const wide = Buffer.from('a\n\u4e2d\u0a0a\u4e2d\nb', 'utf16le');
  const lines = new LineCounter();
  expect(lines.placeOf(wide, wide.length - 2, 2)).toEqual({ line: 3, column: 1 });
  expect(lines.placeOf(wide, 8, 2)).toEqual({ line: 2, column: 3 });
});
