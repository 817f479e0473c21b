import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AnchorHit,
  type KernelAnchor,
  Prefilter,
  plainNarrow,
  plainPrefilter,
  type TextAt,
} from '../../src/kernel/index.ts';

const run = (anchors: readonly KernelAnchor[], text: Uint8Array): AnchorHit[] => {
  const prefilter = new Prefilter(anchors);
  return runWith(prefilter, text);
};

const put = ({ memory }: Prefilter, text: Uint8Array): TextAt => {
  const input = { at: memory.inputFor(text.length), length: text.length };
  memory.textOf(input).set(text);
  memory.pad(input);
  return input;
};

const runWith = (prefilter: Prefilter, text: Uint8Array): AnchorHit[] => {
  const hits: AnchorHit[] = [];
  prefilter.find(put(prefilter, text), (anchor, start) => hits.push({ anchor, start }));
  return hits.sort((a, b) => a.start - b.start || a.anchor - b.anchor);
};

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const anchor = (text: string, ignoreCase = false, assigned = false): KernelAnchor => ({
  bytes: bytes(text),
  ignoreCase,
  assigned,
});

// A small alphabet, so that anchors overlap, repeat and share windows; the odd characters alias each other under case folding.
const letters = fc.constantFrom(
  'a',
  'b',
  'A',
  'k',
  'K',
  '_',
  '-',
  '=',
  ':',
  ' ',
  '"',
  '@',
  '`',
  '\x7f',
  '\0',
  '\xff',
  '\n',
);
const word = (min: number, max: number) => fc.string({ unit: letters, minLength: min, maxLength: max });
const anchors = fc.uniqueArray(
  fc
    .record({ text: word(3, 48), ignoreCase: fc.boolean(), assigned: fc.boolean() })
    .filter(({ text }) => !text.includes('\0')),
  { minLength: 1, maxLength: 12, selector: ({ text, ignoreCase, assigned }) => `${text} ${ignoreCase} ${assigned}` },
);

test('the kernel prefilter finds exactly what its plain twin finds', () => {
  fc.assert(
    fc.property(anchors, fc.array(fc.oneof(word(0, 9), fc.nat({ max: 11 })), { maxLength: 40 }), (list, pieces) => {
      const made = list.map(({ text, ignoreCase, assigned }) => anchor(text, ignoreCase, assigned));
      const text = bytes(
        pieces.map((piece) => (typeof piece === 'string' ? piece : (list[piece % list.length]?.text ?? ''))).join(''),
      );
      expect(run(made, text)).toEqual(plainPrefilter(text, made));
    }),
    { numRuns: 400 },
  );
});

test('an anchor is found once at every offset and phase, at both ends and across block borders', () => {
  const list = [anchor('ghp_'), anchor('abc'), anchor('BEGIN PRIVATE KEY BLOCK OF FORTY BYTES!!', true)];
  const prefilter = new Prefilter(list);
  for (const [index, { bytes: needle }] of list.entries()) {
    for (const size of [needle.length, 100, 0x4000 - 1, 0x4000 + 40, 0x8000 + 7]) {
      const places = [
        ...new Set([
          0,
          1,
          2,
          3,
          61,
          62,
          63,
          64,
          0x3fbc,
          0x3fbd,
          0x3fbe,
          0x3fbf,
          0x3fc0,
          0x3ffe,
          size - needle.length - 1,
          size - needle.length,
        ]),
      ];
      for (const start of places.filter((place) => place >= 0 && place + needle.length <= size)) {
        const text = new Uint8Array(size).fill(0x2e);
        text.set(needle, start);
        expect(runWith(prefilter, text)).toEqual([{ anchor: index, start }]);
      }
    }
  }
});

test('between two places the kernel finds the anchors that start there, read to the end of the text', () => {
  fc.assert(
    fc.property(anchors, word(0, 300), fc.nat({ max: 300 }), fc.nat({ max: 300 }), (list, filler, a, b) => {
      const made = list.map(({ text, ignoreCase, assigned }) => anchor(text, ignoreCase, assigned));
      const text = bytes(filler + list.map((one) => one.text).join(filler.slice(0, 7)));
      const [from, to] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
      const prefilter = new Prefilter(made);
      const hits: AnchorHit[] = [];
      prefilter.findBetween(put(prefilter, text), from, to, (index, start) => hits.push({ anchor: index, start }));
      const expected = plainPrefilter(text, made).filter(({ start }) => start >= from && start < to);
      expect(hits.sort((x, y) => x.start - y.start || x.anchor - y.anchor)).toEqual(expected);
    }),
  );
});

test('a text shorter than the one before does not see its rest', () => {
  const prefilter = new Prefilter([anchor('secret')]);
  expect(runWith(prefilter, bytes('my secret'))).toHaveLength(1);
  expect(runWith(prefilter, bytes('my sec'))).toEqual([]);
});

test('a text that is nothing but hits overflows no buffer', () => {
  const list = [anchor('aaa'), anchor('aaaa'), anchor('aaaaa', true), anchor('aaaaaaaaaaaaaaaaaaaa')];
  const text = new Uint8Array(40_000).fill(0x61);
  expect(run(list, text)).toHaveLength(
    list.reduce((sum, { bytes: needle }) => sum + text.length - needle.length + 1, 0),
  );
});

test('an assigned anchor counts only where a value follows', () => {
  const list = [anchor('password', true, true)];
  const count = (text: string) => run(list, bytes(text)).length;
  for (const text of [
    'password=x',
    'PASSWORD_DB: "x"',
    `'password' => 'x'`,
    'password := `x`',
    '<password>x',
    'password = x',
  ])
    expect(count(text), text).toBe(1);
  for (const text of [
    'password',
    'password=',
    'password: ""',
    'password of',
    'password:\nx',
    'password)',
    'password = ;',
  ])
    expect(count(text), text).toBe(0);
});

test('the input grows and keeps the tables', () => {
  const prefilter = new Prefilter([anchor('needle')]);
  const text = new Uint8Array(5_000_000).fill(0x20);
  text.set(bytes('needle'), 4_999_990);
  expect(runWith(prefilter, text)).toEqual([{ anchor: 0, start: 4_999_990 }]);
  expect(prefilter.countZeros(put(prefilter, new Uint8Array(4_999_999)))).toBe(4_999_999);
  expect(runWith(prefilter, bytes('needle'))).toEqual([{ anchor: 0, start: 0 }]);
});

test('the kernel narrows wide text exactly as its plain twin does', () => {
  const prefilter = new Prefilter([anchor('abc')]);
  const units = fc.constantFrom(
    { start: 0, unitBytes: 2 as const, lowByte: 0 },
    { start: 1, unitBytes: 2 as const, lowByte: 1 },
    { start: 3, unitBytes: 4 as const, lowByte: 3 },
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 0, 0, 65, 200), { maxLength: 60 }), units, (list, unit) => {
      const text = Uint8Array.from(list);
      const narrow = prefilter.narrow(put(prefilter, text), unit);
      expect([...prefilter.memory.textOf(narrow)]).toEqual([...plainNarrow(text, unit)]);
    }),
  );
});
