import { KnownError } from '../errors.ts';

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

/** No credential of this scan has the id that was asked for. */
export class UnknownIdError extends KnownError {
  readonly code = 'unknown-id';
}
