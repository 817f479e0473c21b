import type { Finding } from '../detect/index.ts';
import type { Judgement, Verdict } from '../rules/index.ts';

/**
 * Rules have no clock: they say when a token expires, and the run, which has one time for all of its findings, whether it has.
 * @param now milliseconds since 1970.
 */
export const judgedAt = (judgement: Judgement, now: number): Judgement => {
  const { expires } = judgement;
  if (expires === undefined || !(Date.parse(expires) <= now)) return judgement;
  const expired = { kind: 'expired', verdict: 'inert', detail: `It expired at ${expires}.` } as const;
  return {
    ...judgement,
    verdict: 'inert',
    reasons: [expired, ...judgement.reasons.filter(({ kind }) => kind !== 'expires')],
  };
};

export const findingsAt = (findings: readonly Finding[], now: number): readonly Finding[] =>
  findings.map((finding) =>
    finding.judgement.expires === undefined ? finding : { ...finding, judgement: judgedAt(finding.judgement, now) },
  );

/** When it expires, milliseconds since 1970; null where the judgement names no such time. */
export const expiryOf = ({ expires }: Judgement): number | null => {
  const at = Date.parse(expires ?? '');
  return Number.isNaN(at) ? null : at;
};

/** The verdict on what was judged before the clock. */
export const verdictAt = (row: { readonly verdict: Verdict; readonly expires: number | null }, now: number): Verdict =>
  row.expires !== null && row.expires <= now ? 'inert' : row.verdict;
