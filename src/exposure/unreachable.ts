/** Something that still holds on to an object that no ref reaches. Dates are seconds since 1970. */
export type Keeper =
  /**
   * An entry of a reflog reaches it: `HEAD@{3}`. `isOnRef`: the ref as it stands reaches the entry's commit, so the longer of
   * git's two limits applies. `ref` as `git reflog` shows it: `HEAD`, `refs/heads/main`, `worktrees/side/HEAD`.
   */
  | {
      readonly kind: 'reflog';
      readonly ref: string;
      readonly index: number;
      readonly date: number;
      readonly isOnRef: boolean;
    }
  /** An index names it; `worktree` is null for the main one. */
  | { readonly kind: 'index'; readonly worktree: string | null }
  /** It lies there by itself. */
  | { readonly kind: 'loose'; readonly mtime: number }
  /** A pack holds it. `isKept`: by a `.keep` file, or because it came from a promisor. */
  | { readonly kind: 'pack'; readonly isCruft: boolean; readonly isKept: boolean; readonly mtime: number }
  /** Another store does, named in `objects/info/alternates`; its rules are not ours. */
  | { readonly kind: 'alternate' };

/** Seconds; null is git's `never`. */
export interface ExpirySettings {
  readonly reflogExpire: number | null;
  readonly reflogExpireUnreachable: number | null;
  readonly pruneExpire: number | null;
}

const day = 86_400;

/** @see git-gc(1), `gc.reflogExpire`, `gc.reflogExpireUnreachable`, `gc.pruneExpire` */
export const defaultExpiry: ExpirySettings = {
  reflogExpire: 90 * day,
  reflogExpireUnreachable: 30 * day,
  pruneExpire: 14 * day,
};

export interface UnreachableInput {
  readonly keepers: readonly Keeper[];
  readonly expiry: ExpirySettings;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Why what no ref reaches is still there, and until when git keeps it at least. `until` is the moment from which a `git gc`
 * removes it; it stays until one runs. Null: no date ends it (a stash, the index, a kept pack, `never`).
 */
export const explainUnreachable = ({
  keepers,
  expiry,
  now,
}: UnreachableInput): { why: string; until: string | null } => {
  const sorted = [...keepers].sort(compareKeepers(expiry));
  const until = sorted.reduce((latest, keeper) => Math.max(latest, endOf(keeper, expiry)), Number.NEGATIVE_INFINITY);
  const why = nameAll(sorted);
  const isDate = Number.isFinite(until) && Math.abs(until) <= maxDate;
  if (!isDate) return { why, until: null };
  const ending = until <= now ? '; the next git gc may remove it' : '';
  return { why: why + ending, until: new Date(until * 1000).toISOString() };
};

/** The last date that JavaScript can write. */
const maxDate = 8.64e12;
const shown = 3;

/** Roots (reflogs, stash, index) are the reason; where an object lies is one only where no root holds it. */
const nameAll = (sorted: readonly Keeper[]): string => {
  const roots = sorted.filter((keeper) => keeper.kind === 'reflog' || keeper.kind === 'index');
  const named = [...new Set((roots.length > 0 ? roots : sorted).map(nameOf))];
  if (named.length === 0) return 'no ref, reflog or index reaches it';
  const more = named.length > shown ? ` and ${named.length - shown} more` : '';
  return named.slice(0, shown).join(', ') + more;
};

const nameOf = (keeper: Keeper): string => {
  switch (keeper.kind) {
    case 'reflog':
      return `${shortRef(keeper.ref)}@{${keeper.index}}`;
    case 'index':
      return keeper.worktree === null ? 'the index' : `the index of worktree ${keeper.worktree}`;
    case 'loose':
      return 'a loose object that nothing names';
    case 'pack':
      return keeper.isKept ? 'a kept pack' : keeper.isCruft ? 'a cruft pack' : 'a pack, though nothing names it';
    case 'alternate':
      return 'an alternate object store';
  }
};

const shortRef = (ref: string): string =>
  ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : ref === stash ? 'stash' : ref;

const stash = 'refs/stash';

/** From when on a gc drops what only this keeps; infinite where no date does. */
const endOf = (keeper: Keeper, expiry: ExpirySettings): number => {
  switch (keeper.kind) {
    case 'reflog':
      // Git never expires the stash by itself, since the entries are all there is of it.
      if (keeper.ref === stash) return Number.POSITIVE_INFINITY;
      return after(keeper.date, keeper.isOnRef ? expiry.reflogExpire : expiry.reflogExpireUnreachable);
    case 'index':
    case 'alternate':
      return Number.POSITIVE_INFINITY;
    case 'loose':
      return after(keeper.mtime, expiry.pruneExpire);
    case 'pack':
      return keeper.isKept ? Number.POSITIVE_INFINITY : after(keeper.mtime, expiry.pruneExpire);
  }
};

const after = (date: number, duration: number | null): number =>
  duration === null || Number.isNaN(date) ? Number.POSITIVE_INFINITY : date + duration;

/** The one that keeps longest first, then by name. */
const compareKeepers =
  (expiry: ExpirySettings) =>
  (a: Keeper, b: Keeper): number => {
    const [first, second] = [endOf(a, expiry), endOf(b, expiry)];
    if (first !== second) return first > second ? -1 : 1;
    return nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0;
  };
