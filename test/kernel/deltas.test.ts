import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Change,
  Deltas,
  Prefilter,
  padBefore,
  padBehind,
  parseDeltaHeader,
  plainApplyDelta,
  plainRuns,
  plainSpans,
  runsOf,
  type TextAt,
} from '../../src/kernel/index.ts';
import { isFailure } from '../../src/text/index.ts';

const regionBytes = 1 << 20;

/** A memory with places for a base, a delta and a text. */
const workshop = () => {
  const prefilter = new Prefilter([{ bytes: Buffer.from('needle'), ignoreCase: false, assigned: false }]);
  const { memory } = prefilter;
  const deltas = new Deltas(memory);
  const place = (): number => memory.reserve(regionBytes) + padBefore;
  const [baseAt, deltaAt, textAt] = [place(), place(), place()];
  const put = (at: number, bytes: Uint8Array): TextAt => {
    memory.bytes.fill(0xee, at - padBefore, at + bytes.length + padBehind);
    memory.bytes.set(bytes, at);
    return { at, length: bytes.length };
  };
  const apply = (base: Uint8Array, delta: Uint8Array): { text: Uint8Array; change: Change } | null => {
    const parsed = deltas.parse(put(deltaAt, delta));
    if (parsed === null || parsed.resultSize > regionBytes / 2) return null;
    const text = { at: textAt, length: parsed.resultSize };
    memory.bytes.fill(0xee, textAt, textAt + parsed.resultSize + padBehind);
    const change = deltas.apply(put(baseAt, base), parsed, text);
    expect(memory.bytes.subarray(textAt + text.length + 16, textAt + text.length + padBehind)).toEqual(
      new Uint8Array(padBehind - 16).fill(0xee),
    );
    return change === null ? null : { text: memory.textOf(text).slice(), change };
  };
  return { prefilter, memory, apply, textAt };
};

const { prefilter, memory, apply, textAt } = workshop();

const sizeBytes = (size: number): number[] => {
  const bytes: number[] = [];
  for (let rest = size; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
};

const copy = (start: number, size: number): number[] => {
  const parts = [start, start >> 8, start >> 16, start >>> 24, size, size >> 8, size >> 16].map((part) => part & 0xff);
  const used = parts.map((part, index) => (part === 0 ? 0 : 1 << index));
  return [0x80 | used.reduce((sum, bit) => sum | bit, 0), ...parts.filter((part) => part !== 0)];
};

const baseOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 1 + ((i * i * 7 + i) % 250));

type Step = { readonly copy: readonly [number, number] } | { readonly insert: readonly number[] } | 'go on';
const steps = fc.array(
  fc.oneof(
    fc.record({ copy: fc.tuple(fc.nat({ max: 4000 }), fc.integer({ min: 1, max: 3000 })) }),
    fc.record({ insert: fc.array(fc.constantFrom(0, 1, 65, 255), { minLength: 1, maxLength: 127 }) }),
    fc.constant('go on' as const),
  ),
  { maxLength: 12 },
);

/** A well-formed delta for a base of that length. */
const deltaOf = (baseLength: number, list: readonly Step[]): Uint8Array => {
  const body: number[] = [];
  let made = 0;
  let next = 0;
  for (const step of list) {
    if (step !== 'go on' && 'insert' in step) {
      body.push(step.insert.length, ...step.insert);
      made += step.insert.length;
      continue;
    }
    const [start, size] = step === 'go on' ? [next, 300] : step.copy;
    const length = Math.min(size, baseLength - start);
    if (length <= 0) continue;
    body.push(...copy(start, length));
    made += length;
    next = start + length;
  }
  return Uint8Array.from([...sizeBytes(baseLength), ...sizeBytes(made), ...body]);
};

test('the kernel makes of base and delta what its plain twin makes, and writes down the same runs and zeros', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6000 }), steps, (baseLength, list) => {
      const base = baseOf(baseLength);
      const delta = deltaOf(baseLength, list);
      const expected = plainApplyDelta(base, delta, regionBytes);
      const header = parseDeltaHeader(delta);
      const made = apply(base, delta);
      if (isFailure(expected) || isFailure(header)) {
        expect(made).toBeNull();
        return;
      }
      expect(made?.text).toEqual(expected);
      expect(made && runsOf(memory, made.change)).toEqual(plainRuns(delta, header));
      const inserted = list.some((step) => step !== 'go on' && 'insert' in step && step.insert.includes(0));
      expect(made?.change).toMatchObject({ baseLength, length: expected.length, hasNewZeros: inserted });
    }),
  );
});

test('a damaged delta is refused where its plain twin refuses it', () => {
  fc.assert(
    fc.property(
      steps,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 3 }),
      (list, changes, cut) => {
        const base = baseOf(3000);
        const delta = deltaOf(base.length, list);
        for (const [at, byte] of changes) delta[at % delta.length] = byte;
        const damaged = delta.subarray(0, Math.max(0, delta.length - cut));
        const expected = plainApplyDelta(base, damaged, regionBytes / 2);
        const made = apply(base, damaged);
        expect(made?.text ?? null).toEqual(isFailure(expected) ? null : expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('copies of more than 64 KiB, which git cuts, are one run', () => {
  const base = baseOf(200_000);
  const delta = Uint8Array.from([
    ...sizeBytes(base.length),
    ...sizeBytes(base.length),
    ...copy(0, 0x10000),
    ...copy(0x10000, 0x10000),
    ...copy(0x20000, base.length - 0x20000),
  ]);
  const made = apply(base, delta);
  expect(made?.text).toEqual(base);
  expect(made && runsOf(memory, made.change)).toEqual([{ start: 0, baseStart: 0, length: base.length }]);
});

test('what needs a look is what its plain twin says, and around it every anchor is found whose window changed', () => {
  const needle = Buffer.from('needle');
  fc.assert(
    fc.property(
      steps,
      fc.array(fc.nat({ max: 3000 }), { maxLength: 6 }),
      fc.constantFrom(16, 64, 256),
      (list, places, reach) => {
        const base = baseOf(4000);
        for (const place of places) base.set(needle, place);
        const made = apply(base, deltaOf(base.length, list));
        if (made === null) return;
        const { text, change } = made;
        const runs = runsOf(memory, change);
        const at = { at: textAt, length: text.length };
        memory.pad(at);
        const hits: number[] = [];
        const lookedAt = prefilter.findAround(at, change, reach, (_, start) => hits.push(start));
        const spans = plainSpans(runs, change, reach, reach + 48);
        const all: number[] = [];
        for (let start = 0; start + needle.length <= text.length; start++)
          if (needle.equals(text.subarray(start, start + needle.length))) all.push(start);
        expect(hits).toEqual(all.filter((start) => spans.some(({ from, to }) => start >= from && start < to)));
        expect(lookedAt).toBeLessThanOrEqual(
          spans.reduce((sum, { from, to }) => sum + Math.min(to + 48, text.length) - from + 3, 0),
        );
        const isCopied = (start: number): boolean =>
          runs.some((run) => {
            const isHead = run.start === 0 && run.baseStart === 0;
            const isTail = run.start + run.length === text.length && run.baseStart + run.length === base.length;
            return (
              (isHead || start - reach >= run.start) &&
              start >= run.start &&
              (isTail || start + needle.length + reach <= run.start + run.length) &&
              start + needle.length <= run.start + run.length
            );
          });
        for (const start of all) if (!isCopied(start)) expect(hits).toContain(start);
      },
    ),
    { numRuns: 300 },
  );
});
