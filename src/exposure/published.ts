import type { Published } from './report.ts';

export interface PublishedInput {
  /** A remote is configured. */
  readonly hasRemotes: boolean;
  /** The repository looks like one that others fetch from or push to: refs of a host, an export mark, a reflog of pushes. */
  readonly isServed: boolean;
  /**
   * A remote trace reaches it: a remote-tracking ref (whatever a configured fetch writes to, in a mirror all refs), an entry
   * of its reflog, a recorded push, or a ref that only a host makes (`isHostRef`).
   */
  readonly isReachedByRemote: boolean;
  /** When the last push was recorded, or the clone where none was since; seconds since 1970, null where nothing says. */
  readonly lastPush: number | null;
  /** When it was introduced: the committer date of that commit; null where there is none. */
  readonly introduced: number | null;
}

/**
 * Whether others can have it. `yes` needs a trace; `no` too: nothing remote reaches it, and it is younger than the last push,
 * so no push that has left no trace can have taken it along. All between is `unknown`, for traces go away: reflogs expire,
 * deleted branches are pruned, a push to a URL leaves nothing. `no-remote` is said only where nothing is configured, nothing
 * remote is left over from former times, and nobody is served: a bare repository without a remote may be the server itself.
 */
export const publishedOf = (input: PublishedInput): Published => {
  if (input.isReachedByRemote) return 'yes';
  if (!input.hasRemotes) return input.isServed ? 'unknown' : 'no-remote';
  if (input.lastPush === null || input.introduced === null) return 'unknown';
  return input.introduced > input.lastPush ? 'no' : 'unknown';
};

/**
 * Refs that no person makes: the host does, when somebody has pushed or proposed a change. Where they stand, the repository is
 * a server's or a mirror of it, and what they reach was published.
 */
export const isHostRef = (ref: string): boolean =>
  /^refs\/(?:pull|pull-requests|merge-requests|changes|keep-around|pipelines|environments)\//.test(ref);

/** @returns the worst of the exposures' answers: published anywhere is published. */
export const publishedWorst = (answers: readonly Published[]): Published =>
  (['yes', 'unknown', 'no', 'no-remote'] as const).find((answer) => answers.includes(answer)) ?? 'unknown';
