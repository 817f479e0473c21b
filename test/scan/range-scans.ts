import type { Exposure, Report } from '../../src/exposure/index.ts';
import { type ScanRequest, scan } from '../../src/scan/index.ts';

/** Scans in this process, with a clock that stands still. */
export const scanIn = (
  path: string,
  commits?: ScanRequest['commits'],
  more: Partial<ScanRequest> = {},
): Promise<Report> =>
  scan(
    {
      target: { kind: 'repository', path },
      scope: ['history'],
      alternates: 'reachable',
      minSeverity: 'low',
      minVerdict: 'possible',
      publishedOnly: false,
      onlyRules: [],
      withoutRules: [],
      showSecrets: true,
      maxBlobSizeBytes: null,
      jobs: 1,
      engine: 'cat-file',
      now: Date.UTC(2025, 0, 1),
      fixedClock: true,
      ...more,
      ...(commits === undefined ? {} : { commits }),
    },
    () => {},
    new AbortController().signal,
  );

export interface Told extends Exposure {
  readonly secret: string;
  readonly refNames: readonly string[];
}

/** Every exposure with the secret that it exposes, and its refs by name. */
export const exposuresOf = (report: Report): readonly Told[] =>
  report.credentials.flatMap(({ secret = '', exposures }) =>
    exposures.map((exposure) => ({
      ...exposure,
      secret,
      refNames: exposure.refs.map((ref) => report.refs[ref] ?? ''),
    })),
  );
