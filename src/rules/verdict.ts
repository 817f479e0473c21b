/** How bad it is if real, worst first. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** How sure we are, surest first. `confirmed` is proved by the bytes; `inert` is an example, expired, encrypted. */
export const verdicts = ['confirmed', 'likely', 'possible', 'inert'] as const;
export type Verdict = (typeof verdicts)[number];

/** Why a verdict: `kind` is a stable word (checksum, placeholder, encrypted, test-path …), `detail` a sentence without the value. */
export interface Reason {
  readonly kind: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

/** @returns whether `a` is at least as bad as `b`. */
export const isAtLeastAsSevere = (a: Severity, b: Severity): boolean => severities.indexOf(a) <= severities.indexOf(b);

/** @returns whether `a` is at least as sure as `b`. */
export const isAtLeastAsSure = (a: Verdict, b: Verdict): boolean => verdicts.indexOf(a) <= verdicts.indexOf(b);

export const strongestVerdict = (list: readonly Verdict[]): Verdict =>
  verdicts.find((verdict) => list.includes(verdict)) ?? 'inert';
