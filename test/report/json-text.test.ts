import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/report/json-text.ts';

/** The specification: written by the platform, and changed afterwards. */
const plainJsonText = (value: unknown, indent: number): string =>
  JSON.stringify(value, null, indent)
    .replace(/\[\n\s*(\d+(?:,\n\s*\d+)*)\n\s*\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`)
    .replace(/[\x7f-\x9f\u2028\u2029\p{Cf}]/gu, (character) =>
      Array.from(
        { length: character.length },
        (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
      ).join(''),
    )
    .replaceAll('##', '#\\u0023');

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('#', '[', '"', '\\', '\n', '\u001b', '\u007f', '\u2028', '\u{e0041}', '\ud800', 'a'),
  }),
);
const number = fc.oneof(fc.nat(), fc.integer(), fc.double(), fc.constantFrom(0, -0, 1e20, 1e21, 2 ** 53, Number.NaN));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    number,
    fc.constantFrom(true, null, undefined, Symbol('not JSON'), () => 1, new Date(0), { toJSON: () => undefined }),
    fc.array(fc.nat(), { maxLength: 5 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}));

test('the text is what JSON.stringify gives, but for lists of numbers and what must not reach a terminal', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (inner, indent) => {
      const given = { list: [inner], inner };
      expect(jsonText(given, indent)).toBe(plainJsonText(given, indent));
    }),
    { numRuns: 500 },
  );
});

test('a list of refs stands on one line, what else is in a list on lines of its own', () => {
  expect(jsonText({ refs: [1, 20, 300], mixed: [1, -1], none: [] }, 2)).toBe(
    '{\n  "refs": [1, 20, 300],\n  "mixed": [\n    1,\n    -1\n  ],\n  "none": []\n}',
  );
});

test('lists that are alike but for one number are not taken for each other', () => {
  const lists = [
    [1, 2, 3],
    [1, 4, 3],
    [1, 2, 3],
    [1, 'x', 3],
    [1, Symbol('x')],
    [1, 2.5, 3],
    ['1', 2, 3],
  ];
  expect(jsonText(lists, 2)).toBe(plainJsonText(lists, 2));
});

test('one hundred thousand lists of numbers are written in one go', () => {
  const lists = Array.from({ length: 100_000 }, (_, index) => [index, index + 1]);
  expect(JSON.parse(jsonText(lists, 2))).toEqual(lists);
});
