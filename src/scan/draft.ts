import type { SourceKind } from '../exposure/index.ts';

/** An exposure before anybody looked at its bytes again: where it is, and in which history. Commits are indices, -1: none. */
export interface Draft {
  readonly subject: number;
  readonly source: SourceKind;
  /** Latin-1 of its bytes. */
  readonly path: string | null;
  /** The first object that shows it; -1 for a ref name, or where the object is not there. */
  readonly object: number;
  readonly lastObject: number;
  readonly blobs: number;
  /** Commits of the run without a parent in it: whoever reaches one of them reaches the run. */
  readonly origins: readonly number[];
  readonly introduced: number;
  readonly removed: number;
  readonly last: number;
  readonly refs: readonly number[];
  readonly inTips: boolean;
  readonly reachable: boolean;
}
