import type { Severity, Verdict } from '../rules/index.ts';

/** What one scan is asked to do: resolved, checked, absolute paths. Made by the command line, later by the audit. */
export interface ScanRequest {
  readonly target:
    | { readonly kind: 'repository'; readonly path: string }
    | { readonly kind: 'files'; readonly path: string }
    | { readonly kind: 'stdin' };
  /** What of a repository is read; `history` includes the index of every worktree. */
  readonly scope: readonly ('history' | 'staged' | 'worktree')[];
  /** Of the history only what these commits bring; left out: all of it. */
  readonly commits?: CommitSelection;
  readonly alternates: 'reachable' | 'all';
  /** Leaves out what is below; the summary counts all. */
  readonly minSeverity: Severity;
  readonly minVerdict: Verdict;
  readonly publishedOnly: boolean;
  /** Rule ids: only these, where not empty. */
  readonly onlyRules: readonly string[];
  readonly withoutRules: readonly string[];
  readonly showSecrets: boolean;
  /** Blobs above are counted as skipped; null: blobs of any size are read. */
  readonly maxBlobSizeBytes: number | null;
  readonly jobs: number;
  /** How objects are read: packs directly, each delta only where it is new; or all of them whole, through git. The same is found. */
  readonly engine: 'pack' | 'cat-file';
  /** Where results of earlier scans are kept, absolute; none are used or kept where it is left out. */
  readonly cacheDirectory?: string;
  /** The clock of this run, milliseconds since 1970, and whether durations are 0 (SOURCE_DATE_EPOCH). */
  readonly now: number;
  readonly fixedClock: boolean;
}

/** Which commits count, as the user named them. */
export type CommitSelection =
  /** A date, or a revision: what all refs reach and it does not. */
  | { readonly kind: 'since'; readonly text: string }
  /** Words as `git rev-list` takes them: `A..B`, `A...B`, `B`, `^A`. */
  | { readonly kind: 'range'; readonly text: string }
  /** One revision a line; null: standard input. */
  | { readonly kind: 'commits-from'; readonly file: string | null };
