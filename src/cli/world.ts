import type { ScanUseCase, TraceUseCase } from '../app/index.ts';

/** What the command line needs of the machine, passed in: a test gives another world. */
export interface World {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly cores: number;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Aborted by the first SIGINT or SIGTERM; its reason is that word. */
  readonly signal: AbortSignal;
  /** Loaded only by the commands that scan: `--help` must not wait for it. */
  readonly loadScan: () => Promise<ScanUseCase>;
  readonly loadTrace: () => Promise<TraceUseCase>;
}

export interface Sink {
  readonly isTerminal: boolean;
  /** Of the terminal; undefined elsewhere. */
  readonly columns: number | undefined;
  /** Resolves when the text has left this process, or nobody reads any more. Never throws. */
  readonly write: (text: string) => Promise<void>;
}
