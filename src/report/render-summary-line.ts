import type { ExitCode } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import { numberText } from './words.ts';

/** One line for the log of a CI job. */
export const renderSummaryLine = (report: Report, exitCode: ExitCode): string => {
  const found = [...report.credentials, ...report.sensitiveFiles];
  const verdicts = (['confirmed', 'likely', 'possible'] as const).map(
    (each) => `${numberText(found.filter(({ verdict }) => verdict === each).length)} ${each}`,
  );
  const { complete, incomplete } = report.coverage;
  const whole = complete ? 'complete' : `NOT complete (${incomplete.map(({ reason }) => reason).join(', ')})`;
  return `unleak: ${verdicts.join(', ')}; the scan is ${whole}; exit code ${exitCode}`;
};
