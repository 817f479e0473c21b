import type { ScanUseCase } from '../../src/app/index.ts';
import { perform } from '../../src/cli/perform.ts';
import type { World } from '../../src/cli/world.ts';
import type { Report } from '../../src/exposure/index.ts';
import type { ScanRequest } from '../../src/scan/index.ts';
import { sampleNow } from '../report/sample-report.ts';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the use case was asked, null where it was not called. */
  readonly request: ScanRequest | null;
}

export interface FakeWorld {
  readonly cwd: string;
  readonly report?: Report;
  readonly scan?: ScanUseCase;
  readonly env?: World['env'];
  readonly isTerminal?: boolean;
  readonly signal?: AbortSignal;
}

/** Runs a command line against a scan that gives a report made by hand. */
export const performIn = async (world: FakeWorld, argv: readonly string[]): Promise<Ended> => {
  const written = { stdout: '', stderr: '' };
  const asked: { request: ScanRequest | null } = { request: null };
  const sink = (name: 'stdout' | 'stderr'): World['stdout'] => ({
    isTerminal: world.isTerminal ?? false,
    columns: world.isTerminal ? 80 : undefined,
    write: async (text) => {
      written[name] += text;
    },
  });
  const scan: ScanUseCase = async (request, emit, signal) => {
    asked.request = request;
    if (world.scan) return world.scan(request, emit, signal);
    if (world.report) return world.report;
    throw new Error('this test has no report');
  };
  const exitCode = await perform(argv, {
    cwd: world.cwd,
    env: world.env ?? {},
    now: () => sampleNow,
    cores: 2,
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    signal: world.signal ?? new AbortController().signal,
    loadScan: async () => scan,
    loadTrace: async () => (await import('../../src/app/index.ts')).traceObject,
  });
  return { exitCode, ...written, request: asked.request };
};
