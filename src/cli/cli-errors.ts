import { type ExitCode, exitCodes, KnownError } from '../errors.ts';

/** The command line asks for something that does not exist or does not fit together. */
export class UsageError extends KnownError {
  readonly code = 'usage';
}

/** What is to be scanned is not there. */
export class NoSuchPathError extends KnownError {
  readonly code = 'no-such-path';
}

/** A report cannot be written where it should go. */
export class OutputError extends KnownError {
  readonly code = 'output';
}

/** A signal ended the work before there was anything to report. */
export class InterruptedError extends KnownError {
  readonly code = 'interrupted';
  override readonly exitCode: ExitCode;

  constructor(signal: AbortSignal) {
    super('Interrupted before anything could be reported.', 'Run it again.');
    this.exitCode = interruptedCode(signal);
  }
}

export const interruptedCode = (signal: AbortSignal): ExitCode =>
  signal.reason === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;

/** No credential of this scan has the id that was asked for. */
export class UnknownIdError extends KnownError {
  readonly code = 'unknown-id';
}
