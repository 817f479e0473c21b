import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Detector, type Finding, type Look } from '../../src/detect/index.ts';
import { invariant } from '../../src/errors.ts';
import { Deltas, padBefore, type TextAt } from '../../src/kernel/index.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';
import { deltaOf, type Edit, edited } from './edit-script.ts';

const detector = new Detector(catalogue);
const fresh = new Detector(catalogue);
const { memory } = detector;
const deltas = new Deltas(memory);
const place = (): number => memory.reserve(1 << 20) + padBefore;
const texts = [place(), place()];
const deltaAt = place();

/** Of every rule an example and a near miss; wide and binary text; words that only an assignment makes a hit. */
const snippets: readonly string[] = [
  ...catalogue.flatMap((rule) =>
    [...rule.examples.slice(0, 2), ...rule.nearMisses.slice(0, 1)].map((make) => make(createMaker(rule.id))),
  ),
  'password = ',
  '-----BEGIN ',
  '\0',
];

/** Code without a word that any rule waits for, of different lines. */
const filler = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i % 31 === 30 ? 0x0a : 0x61 + ((i * i * 13 + (i >> 5)) % 6)));

const put = (at: number, bytes: Uint8Array): TextAt => {
  const text = { at, length: bytes.length };
  memory.bytes.set(bytes, at);
  memory.pad(text);
  return text;
};

const plain = (findings: readonly Finding[]) =>
  findings.map(({ rule, span, secret, redacted, judgement, wrapping }) => ({
    rule: rule.id,
    ...span,
    secret: Buffer.from(secret.reveal()).toString('latin1'),
    redacted,
    judgement,
    wrapping,
  }));

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...snippets).map((text) => Buffer.from(text, 'latin1')) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 1200 }).map(filler) },
);
const edits = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: piece }),
    fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), from: fc.nat(), length: fc.nat({ max: 1500 }) }),
  ),
  { minLength: 1, maxLength: 4 },
) satisfies fc.Arbitrary<Edit[]>;

test('around what a delta changed the detector finds what it finds in the whole text, through chains of deltas', () => {
  let inherited = 0;
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 7 }),
      fc.array(edits, { minLength: 1, maxLength: 4 }),
      (pieces, versions) => {
        let base: Uint8Array = Buffer.concat(pieces);
        let text = put(texts[0] ?? 0, base);
        let look: Look = detector.look(text);
        for (const version of versions) {
          const { result, parts } = edited(base, version);
          const delta = deltaOf(base, result, parts);
          memory.bytes.set(delta, deltaAt);
          const parsed = deltas.parse({ at: deltaAt, length: delta.length });
          const next = { at: texts.find((at) => at !== text.at) ?? 0, length: result.length };
          const change = parsed && deltas.apply(text, parsed, next);
          // Git makes no delta of fewer than four bytes.
          if (delta.length < 4) continue;
          invariant(change !== null, 'the delta is well formed');
          expect(Buffer.compare(memory.textOf(next), result)).toBe(0);
          memory.pad(next);
          detector.takeStats();
          look = detector.lookAround(next, change, look);
          inherited += detector.takeStats().inherited;
          expect(plain(look.findings)).toEqual(plain(fresh.find(result)));
          base = result;
          text = next;
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(inherited).toBeGreaterThan(100);
});
