import type { Report } from '../exposure/index.ts';
import { isAtLeastAsSevere, isAtLeastAsSure, type Severity, type Verdict } from '../rules/index.ts';

/** What stays in a report; null and empty lists: no limit. */
export interface Filter {
  readonly minSeverity: Severity | null;
  readonly minVerdict: Verdict | null;
  readonly rules: { readonly only: readonly string[]; readonly without: readonly string[] };
}

/**
 * The report without what the filter leaves out; `summary` keeps counting all.
 * @param countAs names who left it out, in `coverage.suppressed`; null for what the user of this run asked for.
 */
export const leaveOut = (
  report: Report,
  filter: Filter,
  countAs: { readonly by: string; readonly file: string } | null,
): Report => {
  const stays = staysUnder(filter);
  const credentials = report.credentials.filter(stays);
  const sensitiveFiles = report.sensitiveFiles.filter(stays);
  const count = report.credentials.length - credentials.length + report.sensitiveFiles.length - sensitiveFiles.length;
  const suppressed =
    countAs === null || count === 0
      ? report.coverage.suppressed
      : [...report.coverage.suppressed, { by: countAs.by, file: countAs.file, count }];
  return { ...report, credentials, sensitiveFiles, coverage: { ...report.coverage, suppressed } };
};

const staysUnder =
  ({ minSeverity, minVerdict, rules }: Filter) =>
  (found: { readonly rule: string; readonly severity: Severity; readonly verdict: Verdict }): boolean =>
    (minSeverity === null || isAtLeastAsSevere(found.severity, minSeverity)) &&
    (minVerdict === null || isAtLeastAsSure(found.verdict, minVerdict)) &&
    (rules.only.length === 0 || rules.only.includes(found.rule)) &&
    !rules.without.includes(found.rule);
