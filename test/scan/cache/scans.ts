import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type BuiltRepo, temporaryFolder } from '../../../fixtures-repos/index.ts';
import { makeSecret } from '../../../fixtures-repos/secrets/index.ts';
import type { Report } from '../../../src/exposure/index.ts';
import { type ScanRequest, scan } from '../../../src/scan/index.ts';
import { requestFor } from '../scan-here.ts';

export const firstDay = Date.UTC(2025, 0, 1);

export const request = (path: string, more: Partial<ScanRequest> = {}): ScanRequest =>
  requestFor(path, { minSeverity: 'info', minVerdict: 'inert', now: firstDay, ...more });

export const scanned = async (repo: Pick<BuiltRepo, 'path'>, more: Partial<ScanRequest> = {}): Promise<Report> =>
  scan(request(repo.path, more), () => {}, new AbortController().signal);

/** Files that were just written are not trusted: longer than the step of a clock is waited. */
export const settled = (): Promise<void> => setTimeout(150);

export const newCache = (): string => join(temporaryFolder().path, 'cache');

/** All that must be the same with and without a cache. */
export const said = (report: Report) => ({ ...report, coverage: { ...report.coverage, stats: null } });
export const cachedIn = ({ coverage }: Report): number => coverage.stats.cached;
export const isCached = (report: Report): boolean => cachedIn(report) === report.coverage.objects;

export const token = (name: string): string => makeSecret(name, 'github-token').value;
