import {
  type Credential,
  compareCredentials,
  compareExposures,
  credentialVerdict,
  type Report,
  type SensitiveFile,
  summaryOf,
} from '../exposure/index.ts';

/** A report on history with what is not committed added: one credential is one entry, wherever it stands. */
export const joinReports = (history: Report, uncommitted: Report): Report => {
  const credentials = joinById<Credential>(history.credentials, uncommitted.credentials);
  const sensitiveFiles = joinById<SensitiveFile>(history.sensitiveFiles, uncommitted.sensitiveFiles);
  const incomplete = [...history.coverage.incomplete, ...uncommitted.coverage.incomplete];
  return {
    ...history,
    durationMs: history.durationMs + uncommitted.durationMs,
    credentials,
    sensitiveFiles,
    coverage: {
      ...history.coverage,
      skipped: [...history.coverage.skipped, ...uncommitted.coverage.skipped],
      incomplete,
      complete: incomplete.length === 0,
    },
    summary: addSummaries(history, uncommitted),
  };
};

const joinById = <T extends Credential | SensitiveFile>(first: readonly T[], second: readonly T[]): readonly T[] => {
  const joined = new Map<string, T>();
  for (const one of [...first, ...second]) {
    const key = `${one.id} ${one.rule}`;
    const before = joined.get(key);
    if (before === undefined) joined.set(key, one);
    else {
      const exposures = [...before.exposures, ...one.exposures].sort(compareExposures);
      joined.set(key, { ...before, exposures, ...credentialVerdict([before, one]) });
    }
  }
  return [...joined.values()].sort(compareCredentials);
};

/** Counts of both, what stands in both once. */
const addSummaries = (history: Report, uncommitted: Report): Report['summary'] => {
  const known = new Set([...history.credentials, ...history.sensitiveFiles].map(({ id }) => id));
  const both = summaryOf([...uncommitted.credentials, ...uncommitted.sensitiveFiles].filter(({ id }) => known.has(id)));
  return {
    bySeverity: addCounts(history.summary.bySeverity, uncommitted.summary.bySeverity, both.bySeverity),
    byVerdict: addCounts(history.summary.byVerdict, uncommitted.summary.byVerdict, both.byVerdict),
    byRule: addCounts(history.summary.byRule, uncommitted.summary.byRule, both.byRule),
  };
};

const addCounts = <Key extends string>(
  a: Readonly<Record<Key, number>>,
  b: Readonly<Record<Key, number>>,
  twice: Readonly<Record<Key, number>>,
): Record<Key, number> => {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort() as Key[];
  return Object.fromEntries(keys.map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0) - (twice[key] ?? 0)])) as Record<
    Key,
    number
  >;
};
