import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Measurement, measure, type Watch } from './measure.ts';
import { gitEnvironment } from './repository.ts';

const launcher = fileURLToPath(new URL('../bin/unleak.cjs', import.meta.url));

/** How the built command is called: what of its options it knows is asked once. */
export interface Unleak {
  readonly options: readonly string[];
  /** Null while the command has no cache. */
  readonly withCache: ((directory: string) => readonly string[]) | null;
}

export const findUnleak = (engine: string | undefined): Unleak => {
  const help = execFileSync(process.execPath, [launcher, 'scan', '--help'], { encoding: 'utf8' });
  const common = ['--format', 'json', '--quiet', ...(engine === undefined ? [] : ['--engine', engine])];
  return {
    options: help.includes('--no-cache') ? [...common, '--no-cache'] : common,
    withCache: help.includes('--cache DIR') ? (directory) => [...common, '--cache', directory] : null,
  };
};

/** The counters and sizes of a report that tables show. */
export interface Shown {
  readonly engine: string;
  readonly complete: boolean;
  readonly credentials: number;
  readonly bytesInflated: number;
  readonly bytesLookedAt: number;
  readonly candidates: number;
  readonly decided: number;
  readonly inherited: number;
  readonly cached: number;
}

export interface Scan extends Measurement {
  readonly shown: Shown;
}

/** One whole `unleak scan`. @throws when it ends without a report: a table of failures would look fast. */
export const scanOnce = async (repository: string, options: readonly string[], watch: Watch = {}): Promise<Scan> => {
  const args = [launcher, 'scan', repository, ...options];
  const measured = await measure(process.execPath, args, { ...watch, keepOutput: true });
  const shown = parseReport(measured.stdout);
  if (shown === null || (measured.code !== 0 && measured.code !== 1 && shown.complete))
    throw new Error(`unleak ended with ${measured.code} and no report to count on`);
  return { ...measured, stdout: '', shown };
};

const parseReport = (stdout: string): Shown | null => {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return null;
  }
  const report = value as {
    readonly coverage?: {
      engine: string;
      complete: boolean;
      stats: Omit<Shown, 'engine' | 'complete' | 'credentials'>;
    };
    readonly credentials?: readonly unknown[];
  };
  // A scan that could not read all, and found nothing, says so in `error` and reports what it read all the same.
  if (report.coverage === undefined || report.credentials === undefined) return null;
  const { engine, complete, stats } = report.coverage;
  return { ...stats, engine, complete, credentials: report.credentials.length };
};

/** What every figure is a ratio to: git printing every object once, to nowhere. */
export const gitArgs = ['cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'] as const;

export const printOnce = async (repository: string): Promise<Measurement> => {
  const measured = await measure('git', ['-C', repository, ...gitArgs], { env: gitEnvironment });
  if (measured.code !== 0) throw new Error(`git ended with ${measured.code}`);
  return measured;
};
