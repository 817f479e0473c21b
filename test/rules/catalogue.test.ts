import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { catalogue, createMaker, type Rule } from '../../src/rules/index.ts';
import { latin1Bytes } from '../../src/text/index.ts';

const detector = new Detector(catalogue);
const findingsOf = (text: string, rule: Rule) => detector.find(latin1Bytes(text)).filter((one) => one.rule === rule);
const rules = catalogue.filter((rule) => rule.reach !== 'file');

describe('every rule', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s finds its examples, and not its near misses',
    (id, rule) => {
      expect(rule.examples.length).toBeGreaterThan(0);
      expect(rule.nearMisses.length).toBeGreaterThan(0);
      rule.examples.forEach((example, index) => {
        for (let seed = 0; seed < 3; seed++) {
          const text = example(createMaker(`${id} ${index} ${seed}`));
          const found = findingsOf(`first line\n${text}\nlast line\n`, rule);
          expect(found, `example ${index} of ${id}`).toHaveLength(1);
          const isPublic = rule.category === 'certificate';
          expect(found[0]?.judgement.verdict === 'inert', `example ${index} of ${id}`).toBe(isPublic);
          expect(found[0]?.judgement.reasons.length).toBeGreaterThan(0);
        }
      });
      rule.nearMisses.forEach((nearMiss, index) => {
        const text = nearMiss(createMaker(`${id} near miss ${index}`));
        const alive = findingsOf(`first line\n${text}\nlast line\n`, rule).filter(
          (one) => one.judgement.verdict !== 'inert',
        );
        expect(alive, `near miss ${index} of ${id}`).toEqual([]);
      });
    },
  );

  test('has an id of its own, in kebab-case', () => {
    const ids = catalogue.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test('says what an attacker could do in a sentence, and where the issuer documents it', () => {
    for (const rule of catalogue) {
      expect(rule.attack, rule.id).toMatch(/^[A-Z].{15,250}\.$/s);
      expect(rule.docs, rule.id).toMatch(/^https:\/\/\S+$/);
    }
  });

  test('has anchors that are long, rare enough for their length, or followed by an assignment', () => {
    const free = rules.flatMap((rule) => rule.anchors.filter((anchor) => anchor.assigned !== true));
    const short = free.filter((anchor) => anchor.text.length < 4).map((one) => one.text);
    expect([...new Set(short)].filter((text) => !rareShortAnchors.has(text))).toEqual([]);
    // A run of one character is found again at each of its bytes: a blob of zeros would cost a decision a byte.
    const runs = rules
      .flatMap((rule) => rule.anchors.map((anchor) => anchor.text))
      .filter((text) => /^(.)\1+$/.test(text));
    expect(runs).toEqual([]);
    const words = free.map((anchor) => anchor.text).filter((text) => !countedAnchors.has(text));
    expect(words.filter((text) => /^(?:key|auth|pass|token|secret|password|user|api)[=: _"'-]?$/i.test(text))).toEqual(
      [],
    );
  });
});

/** Words with a sign behind them that were counted: less than once in a megabyte of the code of redis and of curl. */
const countedAnchors = new Set(['API-', 'secret_']);

/** Three bytes, but with a sign that hardly stands beside these letters elsewhere. */
const rareShortAnchors = new Set(['8Q~', '7Q~', '://', 'SG.', 'hf_', 'r8_', ':AA', 'oy2', '!AQ', '!AR']);

describe('every pattern', () => {
  const patterns = rules.flatMap((rule) => (rule.reach === 'near' ? [[rule.id, rule.pattern] as const] : []));

  test.each(patterns)('%s is bounded: no star, no plus, no open end, no nested repetition', (_, pattern) => {
    expect(unboundedPartOf(pattern.source)).toBeNull();
    expect(pattern.source).toContain('(?<secret>');
    expect(pattern.flags).toMatch(/^i?$/);
  });

  test('stays silent and finite on long runs of every character', () => {
    for (const character of 'aAfFxZ0129 \t\n\r\0\x80\xff"\'`:;=.,-_/+%@$(){}[]<>|&?*~') {
      const run = character.repeat(520);
      const matching = patterns.filter(([, pattern]) => pattern.test(run)).map(([id]) => id);
      expect(matching, `a run of ${JSON.stringify(character)}`).toEqual([]);
    }
  });
});

/**
 * Structural, not by the clock: in a pattern whose every quantifier has an upper end, and where no quantified group holds
 * another long quantifier, a window of 516 bytes takes a bounded number of steps.
 */
const unboundedPartOf = (source: string): string | null => {
  const plain = source.replace(/\\./g, 'e').replace(/\[(?:[^\]])*\]/g, 'c');
  const open = /[^(?]?[*+]|\{\d*,\}/.exec(plain.replace(/\(\?<?[:=!]/g, '(').replace(/\(\?<\w+>/g, '('));
  if (open !== null) return open[0];
  const nested = /\{(\d+,)?(\d{3,})\}[^()]*\)\{(\d+,)?\d{2,}\}/.exec(plain);
  return nested === null ? null : nested[0];
};
