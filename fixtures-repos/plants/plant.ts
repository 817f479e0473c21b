import type { IncompleteReason, SourceKind } from '../../src/exposure/index.ts';
import type { Verdict } from '../../src/rules/index.ts';
import type { Encoding } from '../encode.ts';
import type { PlantedSecret } from '../secrets/index.ts';

export const states = ['in-a-tip', 'deleted', 're-introduced', 'unreachable', 'hidden-from-git'] as const;
export type State = (typeof states)[number];

/** One line of the manifest: a secret at one place, and what a scan must say of it. */
export interface Plant {
  readonly id: string;
  /** Where it hides, in words: `stash, older entry`. */
  readonly place: string;
  readonly encoding: Encoding;
  readonly state: State;
  readonly secret: PlantedSecret;
  readonly expect: Expected | 'absent';
}

/** One exposure that must be reported. What is left out is not compared. */
export interface Expected {
  readonly source: SourceKind;
  /** Latin-1 of the path's bytes. */
  readonly path?: string | null;
  /** At least as sure. */
  readonly verdict: Verdict;
  /** Oids of commits. */
  readonly introduced?: string | null;
  readonly removed?: string | null;
  readonly inTips?: boolean;
  readonly reachable?: boolean;
  readonly occurrences?: number;
  readonly wrapping?: readonly string[];
}

/** One repository and one way to scan it. */
export interface PlantRepo {
  readonly name: string;
  /** What the scan is given. */
  readonly path: string;
  readonly gitDir: string;
  /** Arguments of the scan beyond the path. */
  readonly args: readonly string[];
  /** Reasons that `coverage.incomplete` must have; empty: the scan is complete. */
  readonly incomplete: readonly IncompleteReason[];
  readonly plants: readonly Plant[];
}

export interface Plants {
  readonly repos: readonly PlantRepo[];
  readonly manifest: readonly Plant[];
}
