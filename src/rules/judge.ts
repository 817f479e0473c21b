import { placeholderReason } from './placeholder.ts';
import { looksRandom } from './randomness.ts';
import type { Judgement, PatternMatch } from './rule.ts';
import type { Reason, Verdict } from './verdict.ts';

export type Judge = (match: PatternMatch) => Judgement | null;

/** One reason and its verdict. */
export const because = (kind: string, verdict: Verdict, detail: string, more: Partial<Judgement> = {}): Judgement => ({
  verdict,
  reasons: [{ kind, verdict, detail }],
  ...more,
});

/** The secret without the prefix that every such token has. */
export const bodyOf = (match: PatternMatch): string => match.secret.slice(match.groups['prefix']?.length ?? 0);

/**
 * A format that nothing proves: it is what it looks like, unless its body is a placeholder or typed by a person.
 * @param verdict of a random body; `possible` where the format is known from one source only.
 */
export const byShape =
  (verdict: 'likely' | 'possible' = 'likely'): Judge =>
  (match) => {
    const body = bodyOf(match);
    const fake = placeholderReason(body);
    if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
    if (!looksRandom(body))
      return because('entropy', 'possible', 'The format fits, but the characters are not as random as a real one.');
    return because('format', verdict, 'Prefix, alphabet and length are those of the issuer.');
  };

/** The same judge for bodies that nearly always hold a digit: without one it is a name or a sentence. */
export const withDigit =
  (judge: Judge = byShape()): Judge =>
  (match) =>
    /[0-9]/.test(bodyOf(match)) ? judge(match) : null;

/**
 * A format with a documented checksum: right is proof, wrong is altered or made up.
 * @param holds sees the whole secret, prefix included.
 */
export const byChecksum =
  (holds: (secret: string) => boolean, facts: (secret: string) => Partial<Judgement> = () => ({})): Judge =>
  (match) => {
    if (holds(match.secret)) {
      return because('checksum', 'confirmed', 'The checksum inside the token is right.', facts(match.secret));
    }
    return mismatch(match, 'inert', 'The checksum inside the token is wrong: it was altered or made up.');
  };

/** A checksum that the issuer does not document: right is proof, wrong proves nothing. */
export const bySilentChecksum =
  (holds: (secret: string) => boolean): Judge =>
  (match) => {
    if (holds(match.secret)) return because('checksum', 'confirmed', 'The checksum inside the token is right.');
    const shape = byShape()(match);
    if (shape === null || shape.verdict === 'inert') return shape;
    return mismatch(match, 'possible', 'The format fits, but the checksum that such tokens carry is not there.');
  };

const mismatch = (match: PatternMatch, verdict: Verdict, detail: string): Judgement => {
  const wrong: Reason = { kind: 'checksum-mismatch', verdict, detail };
  const fake = placeholderReason(bodyOf(match));
  return fake === null ? { verdict, reasons: [wrong] } : { verdict: 'inert', reasons: [fake, wrong] };
};

/** The same judge with other facts: a test key is real, but opens little. */
export const asTestKey =
  (judge: Judge, isTest: (match: PatternMatch) => boolean): Judge =>
  (match) => {
    const judged = judge(match);
    if (judged === null || judged.verdict === 'inert' || !isTest(match)) return judged;
    const reason: Reason = {
      kind: 'test-key',
      verdict: judged.verdict,
      detail: 'A key of a test or sandbox environment.',
    };
    return { ...judged, severity: 'low', reasons: [...judged.reasons, reason] };
  };
