import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';
import { latin1Bytes } from '../../src/text/index.ts';

const rules = catalogue.filter((rule) => rule.reach !== 'file' && rule.category !== 'private-key');
const detector = new Detector(rules);
const examples = rules.flatMap((rule) => rule.examples.map((example) => example(createMaker(rule.id))));
const anchors = rules.flatMap((rule) => rule.anchors.map((anchor) => anchor.text));

test('no rule throws, whatever stands where an example was', () => {
  const damaged = fc
    .record({
      example: fc.constantFrom(...examples),
      at: fc.nat(400),
      cut: fc.nat(40),
      noise: fc.uint8Array({ maxLength: 24 }),
    })
    .map(({ example, at, cut, noise }) => {
      const place = at % (example.length + 1);
      return example.slice(0, place) + Buffer.from(noise).toString('latin1') + example.slice(place + cut);
    });
  fc.assert(
    fc.property(damaged, (text) => {
      for (const { judgement, span } of detector.find(latin1Bytes(text))) {
        expect(judgement.reasons.length).toBeGreaterThan(0);
        expect(span.end).toBeGreaterThan(span.start);
      }
    }),
    { numRuns: 500 },
  );
});

test('no rule throws on anchors in noise, and no reason quotes the secret', () => {
  const noise = fc.array(fc.oneof(fc.constantFrom(...anchors), fc.string({ maxLength: 60 })), { maxLength: 30 });
  fc.assert(
    fc.property(noise, (parts) => {
      const text = Buffer.from(parts.join('')).toString('latin1');
      expect(() => detector.find(latin1Bytes(text))).not.toThrow();
    }),
    { numRuns: 100 },
  );
  for (const example of examples) {
    for (const { judgement, span } of detector.find(latin1Bytes(example))) {
      const secret = example.slice(span.start, span.end);
      const tail = secret.slice(-12);
      for (const reason of judgement.reasons) expect(reason.detail.includes(tail), reason.detail).toBe(false);
    }
  }
});

test('an anchor every few bytes costs each rule a bounded number of decisions', () => {
  for (const text of ['eyJhbGciO', 'ghs_', 'Basic ', '://a:b', 'AKIA', 'ya29.', ' -u a:', 'sk-T3BlbkFJ']) {
    const before = detector.stats.decided;
    detector.find(latin1Bytes(text.repeat(3000)));
    expect(detector.stats.decided - before, text).toBeLessThanOrEqual(3000 * 40);
  }
});
