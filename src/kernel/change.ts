import type { KernelMemory } from './memory.ts';

/**
 * What a text shares with the base that it was made of by a delta. Its runs are copies that go on in base and text alike, as long as they
 * can be (git cuts copies at 64 KiB: joined again); by their place in the text, not empty, never overlapping there. Between and around
 * them stands what is new.
 */
export interface Change {
  readonly baseLength: number;
  readonly length: number;
  readonly runCount: number;
  /** Index in `memory.words`: three numbers a run, its start in the text, its start in the base, its length. */
  readonly runsAt: number;
  /** What is new holds a zero byte. */
  readonly hasNewZeros: boolean;
}

/** At most so many runs are written down of one change; what has more counts as new from end to end. */
export const mostRuns = 1 << 18;

/** A run as an object: for tests and for what is not hot. */
export interface Run {
  readonly start: number;
  readonly baseStart: number;
  readonly length: number;
}

export const runsOf = ({ words }: KernelMemory, { runsAt, runCount }: Change): readonly Run[] =>
  Array.from({ length: runCount }, (_, run) => ({
    start: words[runsAt + 3 * run] ?? 0,
    baseStart: words[runsAt + 3 * run + 1] ?? 0,
    length: words[runsAt + 3 * run + 2] ?? 0,
  }));
