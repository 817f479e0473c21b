import type { Exposure, Report } from '../../src/exposure/index.ts';
import type { ScanRequest } from '../../src/scan/index.ts';
import { scanHere } from './scan-here.ts';

/** Scans in this process, with a clock that stands still. */
export const scanIn = (
  path: string,
  commits?: ScanRequest['commits'],
  more: Partial<ScanRequest> = {},
): Promise<Report> =>
  scanHere(path, {
    engine: 'cat-file',
    showSecrets: true,
    ...more,
    ...(commits === undefined ? {} : { commits }),
  });

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
