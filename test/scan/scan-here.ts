import type { Report } from '../../src/exposure/index.ts';
import { type ScanRequest, scan } from '../../src/scan/index.ts';

/** A scan of a repository's history in this thread, with a clock that stands still. */
export const requestFor = (path: string, more: Partial<ScanRequest> = {}): ScanRequest => ({
  target: { kind: 'repository', path },
  scope: ['history'],
  alternates: 'reachable',
  minSeverity: 'low',
  minVerdict: 'possible',
  publishedOnly: false,
  onlyRules: [],
  withoutRules: [],
  showSecrets: false,
  maxBlobSizeBytes: null,
  jobs: 1,
  engine: 'pack',
  now: Date.UTC(2025, 0, 1),
  fixedClock: true,
  ...more,
});

export const scanHere = (path: string, more: Partial<ScanRequest> = {}): Promise<Report> =>
  scan(requestFor(path, more), () => {}, new AbortController().signal);
