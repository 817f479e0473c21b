import { severities, verdicts } from '../rules/index.ts';
import {
  type CommitFacts,
  type Coverage,
  type Credential,
  type Exposure,
  type Report,
  type SensitiveFile,
  sourceKinds,
} from './report.ts';
import { compareText } from './tainted-trees.ts';

export type Summary = Report['summary'];
type Counted = Pick<Credential, 'severity' | 'verdict' | 'rule'>;

/** Counts credentials and sensitive files alike, before any filter. Rules stand in the order of their ids. */
export const summaryOf = (counted: readonly Counted[]): Summary => {
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  const byVerdict = { confirmed: 0, likely: 0, possible: 0, inert: 0 };
  const byRule = new Map<string, number>();
  for (const { severity, verdict, rule } of counted) {
    bySeverity[severity] += 1;
    byVerdict[verdict] += 1;
    byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  }
  const rules = [...byRule].sort(([a], [b]) => compareText(a, b));
  return { bySeverity, byVerdict, byRule: Object.fromEntries(rules) };
};

export const emptySummary: Summary = summaryOf([]);

/** A scan is complete exactly if nothing says that it is not; passed-over and foreign things are no such reason. */
export const coverageIsComplete = ({ incomplete }: Pick<Coverage, 'incomplete'>): boolean => incomplete.length === 0;

/** The worst first, then the surest, then by id. */
export const compareCredentials = (
  a: Pick<Credential, 'severity' | 'verdict' | 'id'>,
  b: Pick<Credential, 'severity' | 'verdict' | 'id'>,
): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) ||
  compareText(a.id, b.id);

/** The same for files; two rules may name one file. */
export const compareSensitiveFiles = (a: SensitiveFile, b: SensitiveFile): number =>
  compareCredentials(a, b) || compareText(a.rule, b.rule) || compareText(a.oid ?? '', b.oid ?? '');

/** By source, path, then since when; a total order over all that one credential can have. */
export const compareExposures = (a: Exposure, b: Exposure): number =>
  sourceKinds.indexOf(a.source) - sourceKinds.indexOf(b.source) ||
  compareNullable(a.path, b.path) ||
  compareNullable(a.pathBase64 ?? null, b.pathBase64 ?? null) ||
  compareCommits(a.introduced, b.introduced) ||
  compareNullable(a.firstOid, b.firstOid) ||
  a.start - b.start ||
  a.end - b.end ||
  compareText(a.wrapping.join(), b.wrapping.join()) ||
  (a.refs[0] ?? -1) - (b.refs[0] ?? -1);

/** ISO dates of one form compare as text, whatever the year from 0 to 9999. */
const compareCommits = (a: CommitFacts | null, b: CommitFacts | null): number =>
  compareNullable(a?.date ?? null, b?.date ?? null) || compareNullable(a?.commit ?? null, b?.commit ?? null);

/** Null comes first. */
const compareNullable = (a: string | null, b: string | null): number =>
  Number(a !== null) - Number(b !== null) || compareText(a ?? '', b ?? '');

type Dated = Pick<Exposure, 'introduced' | 'removed' | 'inTips'>;

/** @returns the date of the first commit that brought it anywhere; null where no commit with a date did. */
export const firstExposed = (exposures: readonly Dated[]): string | null =>
  exposures
    .flatMap(({ introduced }) => introduced?.date ?? [])
    .sort(compareText)
    .at(0) ?? null;

/** @returns when the last of its runs ended; null while a tip shows it, and where no run with a date ended. */
export const lastExposed = (exposures: readonly Dated[]): string | null =>
  exposures.some(({ inTips }) => inTips)
    ? null
    : (exposures
        .flatMap(({ removed }) => removed?.date ?? [])
        .sort(compareText)
        .at(-1) ?? null);
