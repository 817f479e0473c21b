/** How the process ends; the contract's table, in one place. */
export const exitCodes = {
  /** Complete, and nothing that counts. */
  clean: 0,
  /** Something counts. Wins over "incomplete". */
  found: 1,
  /** Could not: wrong usage, bad input, internal error, or an incomplete scan that found nothing. */
  failed: 2,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure we foresaw: what happened, what to do next, how the process ends. Never contains a secret, nor does its cause. */
export abstract class KnownError extends Error {
  /** Stable and documented; also in JSON output. */
  abstract readonly code: string;
  readonly exitCode: ExitCode = exitCodes.failed;
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** A mistake of ours: something that this code promised cannot be. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Asserts what the code around it guarantees. `why` names the guarantee, not the symptom, and holds no scanned text. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (!condition) throw new InvariantError(why);
}

/** The end of an exhaustive switch: a new member of the union does not compile until it is handled. */
export const assertNever = (value: never): never => {
  throw new InvariantError(`unhandled case of type ${typeof value}`);
};
