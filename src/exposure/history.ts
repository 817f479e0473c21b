import type { Oid } from '../git/index.ts';

/** All commits of the object store, reachable or not, by index; sorted by oid. `-1` stands for one that is not there. */
export interface CommitTable {
  readonly count: number;
  /** Object numbers (inventory) of the commits, ascending. */
  readonly objects: Uint32Array;
  /** Object number of each commit's root tree, -1 if not in the inventory. */
  readonly trees: Int32Array;
  /** Parents of commit c: `parents[parentStarts[c] … parentStarts[c + 1])`, in the commit's order; commit indices or -1. */
  readonly parentStarts: Uint32Array;
  readonly parents: Int32Array;
  /** Committer dates, seconds since 1970; NaN where the commit has none. */
  readonly dates: Float64Array;
  oid(commit: number): Oid;
}

/**
 * What the pass over all trees recorded: every subtree entry, and the blob entries that matter (their blob is tainted, or
 * their name is sensitive). Versions of a tree repeat their entries: each stands once, and a tree is a list of their numbers.
 */
export interface TreeEntries {
  /** By list: the object number of the tree that it is of. A tree without entries has no list; one may have several. */
  readonly trees: Uint32Array;
  /** List i is `rows[starts[i] … starts[i + 1])`, each a number of an entry. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  /** By entry: `names[nameIds[e]]` is its name, Latin-1 of its bytes. Two entries may be the same. */
  readonly nameIds: Uint32Array;
  /** By entry: the object number of its blob or tree, -1 if it is not in the inventory. */
  readonly children: Int32Array;
  readonly isSubtree: Uint8Array;
  readonly names: readonly string[];
}
