import type { Finding } from '../detect/index.ts';
import type { Judgement } from '../rules/index.ts';

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
