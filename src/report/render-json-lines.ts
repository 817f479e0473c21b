import type { Report } from '../exposure/index.ts';
import { credentialOrder, reportOrder, sensitiveFileOrder } from './json-order.ts';
import { stableJson } from './render-json.ts';

/**
 * The report as events, one a line: what was read, each credential, each sensitive file, and the summary as the last. Made
 * of the finished report, so that the same repository gives the same lines.
 */
export const renderJsonLines = (report: Report): string => {
  const { credentials, sensitiveFiles, coverage, summary, durationMs, error, ...started } = report;
  const lines = [
    line('scan-started', started, reportOrder),
    ...credentials.map((credential) => line('credential', { credential }, { fields: { credential: credentialOrder } })),
    ...sensitiveFiles.map((sensitiveFile) =>
      line('sensitive-file', { sensitiveFile }, { fields: { sensitiveFile: sensitiveFileOrder } }),
    ),
    line('scan-finished', { ...(error ? { error } : {}), durationMs, coverage, summary }, reportOrder),
  ];
  return lines.join('');
};

const line = (type: string, value: object, order: typeof reportOrder): string =>
  `{"type":"${type}",${stableJson(value, order).slice(1)}\n`;
