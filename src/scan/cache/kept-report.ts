import { createHash } from 'node:crypto';
import type { Report } from '../../exposure/index.ts';
import type { CacheFolder } from './cache-folder.ts';

/** What a report was made of. */
export interface ReportState {
  /** Whose report it is: a newer one takes the place of an older. */
  readonly subject: string;
  /** Over all that the report depends on, but the clock. */
  readonly digest: string;
}

/** @param ingredients plain data: all that the report depends on, but the clock. */
export const reportState = (subject: unknown, ingredients: unknown): ReportState => ({
  subject: JSON.stringify(subject),
  digest: createHash('sha256').update(JSON.stringify(ingredients)).digest('hex'),
});

interface KeptReport {
  readonly digest: string;
  /** Within [from, until) the clock changes nothing but what the report says of the time itself; null: without end. */
  readonly from: number | null;
  readonly until: number | null;
  readonly report: Report;
}

/** The report of an earlier run over the very same state, said at this time; null where there is none. */
export const readKeptReport = (cache: CacheFolder, state: ReportState, now: number): Report | null => {
  const bytes = cache.read('report', state.subject);
  if (bytes === null) return null;
  // It verified: this program has written it.
  const kept = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')) as KeptReport;
  if (kept.digest !== state.digest) return null;
  if ((kept.from !== null && now < kept.from) || (kept.until !== null && now >= kept.until)) return null;
  const { report } = kept;
  const { coverage } = report;
  return {
    ...report,
    scannedAt: new Date(now).toISOString(),
    coverage: { ...coverage, stats: { ...nothingDone, cached: coverage.objects } },
  };
};

const nothingDone = {
  bytesInflated: 0,
  bytesLookedAt: 0,
  candidates: 0,
  decided: 0,
  inherited: 0,
  throughGit: 0,
  cached: 0,
};

/**
 * @param moments at which something that the report says becomes another, milliseconds since 1970.
 * @param now the time at which it was made.
 * @returns why it could not be written, or null.
 */
export const writeKeptReport = (
  cache: CacheFolder,
  state: ReportState,
  { report, moments, now }: { readonly report: Report; readonly moments: readonly number[]; readonly now: number },
): string | null => {
  let from = Number.NEGATIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  for (const moment of moments) {
    // Moments may have parts of a millisecond, which the report does not: the whole one is left out.
    if (moment <= now) from = Math.max(from, moment + 1);
    else until = Math.min(until, moment);
  }
  if (now < from) return null;
  const kept: KeptReport = { digest: state.digest, from: finite(from), until: finite(until), report };
  return cache.write('report', state.subject, Buffer.from(JSON.stringify(kept), 'utf8'));
};

const finite = (moment: number): number | null => (Number.isFinite(moment) ? moment : null);
