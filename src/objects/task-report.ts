import type { StoreProblem } from './inventory.ts';

/** What one thread says when it has no more to take. */
export interface TaskReport {
  readonly problems: readonly StoreProblem[];
  /** Objects that the pack reader leaves to git. */
  readonly declined: readonly number[];
  /** Objects that nobody unpacks in a time to wait for. */
  readonly endless?: readonly number[];
  readonly bytesInflated: number;
}
