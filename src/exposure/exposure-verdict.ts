import {
  type Category,
  isAtLeastAsSure,
  type Judgement,
  type Reason,
  strongestVerdict,
  type Verdict,
  verdicts,
} from '../rules/index.ts';
import type { PathClass, PathEvidence } from './path-evidence.ts';

export interface Judged {
  readonly verdict: Verdict;
  /** At least one; the first decided. */
  readonly reasons: readonly Reason[];
}

/**
 * Joins what the bytes say with what the path says. A path lowers only what rests on words and likelihood (passwords, generic
 * secrets), by one step however many of its parts say so; in a lock file a generic secret is inert, for it holds nothing but
 * digests. What the bytes prove stays proved, and a token with a format of its own keeps its verdict; the reason is still given.
 */
export const exposureVerdict = (
  judgement: Pick<Judgement, 'verdict' | 'reasons'>,
  category: Category,
  { classes }: PathEvidence,
): Judged => {
  const [first] = classes.filter((each) => lowers[each].includes(category));
  if (first === undefined || judgement.verdict === 'confirmed') {
    return { verdict: judgement.verdict, reasons: [...judgement.reasons, ...noted(judgement.verdict, classes)] };
  }
  const lowered = first === 'lock-file' && category === 'generic' ? 'inert' : oneStepDown(judgement.verdict);
  // Lowered to the same: inert already, and the bytes said so first.
  if (lowered === judgement.verdict) {
    return { verdict: lowered, reasons: [...judgement.reasons, ...noted(lowered, classes)] };
  }
  const others = classes.filter((each) => each !== first);
  return {
    verdict: lowered,
    reasons: [reasonOf(first, lowered), ...judgement.reasons, ...noted(lowered, others)],
  };
};

/** @returns the strongest of the exposures' verdicts, with the reasons of the first exposure that has it. */
export const credentialVerdict = (exposures: readonly Judged[]): Judged => {
  const verdict = strongestVerdict(exposures.map((exposure) => exposure.verdict));
  const strongest = exposures.find((exposure) => exposure.verdict === verdict);
  return { verdict, reasons: strongest?.reasons ?? [] };
};

const oneStepDown = (verdict: Verdict): Verdict => {
  const lower = verdicts[verdicts.indexOf(verdict) + 1] ?? 'inert';
  return isAtLeastAsSure(verdict, lower) ? lower : verdict;
};

const words: readonly Category[] = ['generic', 'password', 'connection-string'];

const lowers: Readonly<Record<PathClass, readonly Category[]>> = {
  // A password in the URL of a lock file is a password of the registry.
  'lock-file': ['generic', 'password'],
  template: words,
  example: words,
  fixture: words,
  test: words,
  docs: words,
  localisation: ['generic', 'password'],
  vendored: ['generic', 'password'],
  generated: ['generic'],
};

const noted = (verdict: Verdict, classes: readonly PathClass[]): Reason[] =>
  classes.map((each) => reasonOf(each, verdict));

const reasonOf = (pathClass: PathClass, verdict: Verdict): Reason => ({
  kind: pathClass === 'lock-file' ? 'lock-file' : `${pathClass}-path`,
  verdict,
  detail: details[pathClass],
});

const details: Readonly<Record<PathClass, string>> = {
  'lock-file': 'The file is a lock file, whose long strings are digests.',
  template: 'The path is that of a template.',
  example: 'The path is that of an example.',
  fixture: 'The path is that of test data.',
  test: 'The path is that of a test.',
  docs: 'The path is that of documentation.',
  localisation: 'The path is that of translations.',
  vendored: "The path is that of somebody else's code.",
  generated: 'The path is that of a generated file.',
};
