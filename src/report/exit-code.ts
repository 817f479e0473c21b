import { type ExitCode, exitCodes } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import { isAtLeastAsSevere, isAtLeastAsSure, type Severity, type Verdict } from '../rules/index.ts';

export interface CountingRules {
  readonly failOn: Verdict;
  readonly minSeverity: Severity;
  readonly allowIncomplete: boolean;
}

/** How the process ends for this report, by the contract: what counts wins over "incomplete". */
export const exitCodeOf = (report: Report, rules: CountingRules): ExitCode => {
  const counts = [...report.credentials, ...report.sensitiveFiles].some(
    ({ verdict, severity }) => isAtLeastAsSure(verdict, rules.failOn) && isAtLeastAsSevere(severity, rules.minSeverity),
  );
  if (counts) return exitCodes.found;
  return report.coverage.complete || rules.allowIncomplete ? exitCodes.clean : exitCodes.failed;
};
