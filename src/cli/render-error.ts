import { InvariantError, KnownError } from '../errors.ts';
import { schemaVersion } from '../exposure/index.ts';
import { display } from '../text/index.ts';

export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const reportBug =
  'This is a mistake in unleak. Please report it with the lines above and what you ran: npm bugs unleak';

/**
 * What may be said of any thrown value. Only errors that we made ourselves speak with their own words: the message of any
 * other may quote what was being parsed.
 */
export const factsOf = (error: unknown): ErrorFacts => {
  if (error instanceof KnownError)
    return { code: error.code, message: display(error.message), hint: display(error.hint) };
  if (error instanceof InvariantError) return { code: 'internal', message: display(error.message), hint: reportBug };
  return { code: 'internal', message: `Something unforeseen failed: ${nameOf(error)}.`, hint: reportBug };
};

/** The error for people, a line each: error, hint, cause; the stack where it helps. */
export const renderError = (error: unknown, verbose: boolean): string => {
  const facts = factsOf(error);
  const lines = [`error: ${facts.message} [${facts.code}]`];
  const isKnown = error instanceof KnownError;
  if (!isKnown || verbose) lines.push(...stackOf(error));
  lines.push(` hint: ${facts.hint}`);
  if (isKnown) lines.push(...causesOf(error).map((cause) => `cause: ${cause}`));
  return `${lines.join('\n')}\n`;
};

/** The error as the one JSON value that `--format json` promises, or as the last line of events. */
export const renderErrorJson = (error: unknown, command: string, format: 'json' | 'jsonl'): string => {
  const value = { schemaVersion, command, error: factsOf(error) };
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : `${JSON.stringify({ type: 'error', ...value })}\n`;
};

const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return display(`${error.constructor.name}${code}`);
};

/** Frames only: the head of a stack repeats the message. */
const stackOf = (error: unknown): readonly string[] =>
  error instanceof Error
    ? (error.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .map((line) => `    ${display(line.trim())}`)
    : [];

const causesOf = (error: Error): readonly string[] => {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(display(cause.message).slice(0, 400));
  }
  return causes;
};
