import { expect, test } from 'vitest';
import { traceText } from '../../src/detect/index.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';

const make = createMaker('trace');
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');
// Every rule has a test of its examples; here each ninth shows how they are traced.
const nearRules = catalogue.filter((rule) => rule.reach === 'near');
const someRules = nearRules.filter((_, index) => index % 9 === 0);
const ruleById = (id: string) => nearRules.filter((rule) => rule.id === id);

test('of every example of a rule, the trace says that it is reported, and by which anchor', () => {
  for (const rule of someRules) {
    for (const example of rule.examples) {
      const traces = traceText(bytesOf(example(make)), [rule], null);
      expect(
        traces.map(({ outcome }) => outcome),
        rule.id,
      ).toContain('reported');
      for (const trace of traces) expect(rule.anchors.map(({ text }) => text)).toContain(trace.anchor);
    }
  }
});

test('of a near miss it says which anchor was met and why nothing came of it, without the text', () => {
  const misses = someRules.flatMap((rule) => rule.nearMisses.map((miss) => ({ rule, text: miss(make) })));
  expect(misses.length).toBeGreaterThan(0);
  for (const { rule, text } of misses) {
    const traces = traceText(bytesOf(text), [rule], null);
    for (const { outcome, verdict, detail } of traces) {
      if (verdict !== 'inert') expect(outcome, `${rule.id}: ${detail}`).not.toBe('reported');
    }
  }
});

test('only what stands near the place is looked at', () => {
  const [rule] = ruleById('aws-access-key-id');
  const example = rule?.examples[0]?.(make) ?? '';
  const far = `${example}\n${' '.repeat(5000)}`;
  expect(traceText(bytesOf(far), catalogue, 0).some(({ rule: id }) => id === 'aws-access-key-id')).toBe(true);
  expect(traceText(bytesOf(far), catalogue, 4000)).toEqual([]);
});

test('offsets are those of the source, also where its text is UTF-16', () => {
  const [rule] = ruleById('aws-access-key-id');
  const example = `${'x = '.repeat(3)}${rule?.examples[0]?.(make) ?? ''}`;
  const [plain] = traceText(bytesOf(example), ruleById('aws-access-key-id'), null);
  const wide = traceText(Buffer.from(`\ufeff${example}`, 'utf16le'), ruleById('aws-access-key-id'), null);
  expect(wide.filter(({ outcome }) => outcome === 'reported')).toMatchObject([
    { wrapping: 'utf-16le', at: 2 + 2 * (plain?.at ?? Number.NaN) },
  ]);
});
