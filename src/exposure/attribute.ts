import { type CommitOrder, earliness, lateness, orderCommits, reachedFrom } from './commit-order.ts';
import { FilteredTrees } from './filtered-trees.ts';
import type { CommitTable, TreeEntries } from './history.ts';
import { Places, type SubjectsAt, type View } from './places.ts';
import { membersOf, RefLists, refSets, type Tip } from './ref-sets.ts';
import { RunTracker, type Shown, type TrackedRun } from './run-tracker.ts';
import { compareText } from './tainted-trees.ts';

export interface AttributionInput {
  readonly commits: CommitTable;
  /** Entries of blobs are all marked; entries of subtrees are all there. Rows may come in any order. */
  readonly trees: TreeEntries;
  /**
   * What shows at this path (Latin-1 of its bytes) where its entry is this object: subject numbers, ascending; mostly none.
   * Asked once for each (path, object) that a commit shows. `isSubtree` only for the names of `markedSubtreeNames`.
   */
  readonly subjectsAt: SubjectsAt;
  /** Name ids of subtrees that matter by their name alone, whatever is below them. */
  readonly markedSubtreeNames: ReadonlySet<number>;
  /** refs/* and worktree HEADs that peel to a commit. */
  readonly tips: readonly Tip[];
  /** `trees`, reduced by `markedSubtreeNames`: made once where one history is asked several questions. */
  readonly filtered?: FilteredTrees;
}

/** A set of commits, connected by parenthood, whose trees show the subject at that path. Commits are indices, -1: none. */
export interface Run {
  readonly subject: number;
  /** Latin-1 of its bytes; null for an object that no tree names. */
  readonly path: string | null;
  /** The commits without a parent in the run, ascending: whoever reaches one of them reaches the run. */
  readonly origins: readonly number[];
  /** Of the origins the first by (committer date, oid). */
  readonly introduced: number;
  /** -1 while a tip is in the run; else the last commit that has a parent in the run and is not in it, live ones preferred. */
  readonly removed: number;
  /** Of the commits without a child in the run, the last by (committer date, oid), live ones preferred. */
  readonly last: number;
  /** The object at the path in `introduced`, and in `last`. */
  readonly firstBlob: number;
  readonly lastBlob: number;
  /** Distinct objects at the path during the run. */
  readonly blobs: number;
  /** Refs that reach a commit of the run, ascending. Unpacked anew at every reading: there may be many. */
  readonly refs: readonly number[];
  readonly inTips: boolean;
  readonly reachable: boolean;
  /** Where no commit shows it: the top-most tree that does, which `path` counts from. -1 for a run of commits. */
  readonly tree: number;
}

export interface Attribution {
  /** By subject, path, then the place of `introduced` in time. */
  readonly runs: readonly Run[];
  /** Trees of which entries were left out because they unfold without end; ascending. Mostly none. */
  readonly cut: readonly number[];
}

/**
 * Which commits showed what, where, from when to when. No diffs of file contents and no walk per finding: marked entries
 * taint the trees above them, tainted trees are reduced to what is marked and made once, and each commit is compared with its
 * parents only where the reduced trees differ.
 *
 * A commit whose root tree is not there says nothing: it removes nothing, and its children have one parent less.
 */
export const attribute = (input: AttributionInput): Attribution => {
  const { commits, tips } = input;
  const order = orderCommits(commits);
  const isLive = reachedFrom(
    commits,
    tips.map((tip) => tip.commit),
  );
  const trees = input.filtered ?? new FilteredTrees(input.trees, input.markedSubtreeNames);
  const places = new Places(trees, input.trees, input.subjectsAt);
  const time = earliness(commits);
  const tracker = new RunTracker(time, lateness(commits, time, isLive));
  followAll(input, order, places, tracker);
  const tracked = tracker.runs();
  const refsOf = refsOfRuns(input, order, tracked);
  const runs = tracked
    .map((run, index) => toRun(run, places, isLive, refsOf(index)))
    .sort(
      (a, b) =>
        a.subject - b.subject ||
        compareText(a.path ?? '', b.path ?? '') ||
        (time[a.introduced] ?? 0) - (time[b.introduced] ?? 0),
    );
  return { runs, cut: [...trees.cut].sort((a, b) => a - b) };
};

/**
 * For other things that reach commits: entries of reflogs, remote-tracking refs, recorded pushes.
 * @param tips `ref` is any number of the caller's, small and not negative.
 * @param groups lists of commits: the `origins` of runs.
 * @returns for each group the numbers of the tips that reach it, ascending.
 */
export const reachersOf = (
  commits: CommitTable,
  tips: readonly Tip[],
  groups: readonly (readonly number[])[],
): number[][] => refSets({ commits, order: orderCommits(commits), tips, groups }).map(membersOf);

const followAll = (
  { commits, tips }: AttributionInput,
  { order, childStarts, children }: CommitOrder,
  places: Places,
  tracker: RunTracker,
): void => {
  const isTip = new Set(tips.map((tip) => tip.commit));
  /** Null: the root tree is not there, and the commit says nothing. */
  const views = Array.from(commits.trees, (tree) => (tree < 0 ? null : places.viewOf(tree)));
  const viewsAfter = (commit: number): readonly View[] => {
    const found = new Set<View>();
    for (let at = childStarts[commit] ?? 0; at < (childStarts[commit + 1] ?? 0); at++) {
      const view = views[children[at] ?? -1];
      if (!view) continue;
      // Where nothing ends, what else comes after does not matter.
      if (view === views[commit]) return [view];
      found.add(view);
    }
    return [...found];
  };
  /** What commits show of which some child is still to come. */
  const shownBy: (Shown | undefined)[] = Array.from({ length: commits.count });
  const waiting = Int32Array.from(
    { length: commits.count },
    (_, c) => (childStarts[c + 1] ?? 0) - (childStarts[c] ?? 0),
  );
  for (const commit of order) {
    const parents: Shown[] = [];
    for (let edge = commits.parentStarts[commit] ?? 0; edge < (commits.parentStarts[commit + 1] ?? 0); edge++) {
      const parent = commits.parents[edge] ?? -1;
      if (parent < 0) continue;
      const shown = shownBy[parent];
      if (shown) parents.push(shown);
      const left = (waiting[parent] ?? 0) - 1;
      waiting[parent] = left;
      if (left === 0) shownBy[parent] = undefined;
    }
    const view = views[commit];
    if (!view) continue;
    const distinct = parents.length > 1 ? [...new Set(parents)] : parents;
    const shown = tracker.step({ commit, view, parents: distinct, next: viewsAfter(commit) });
    if ((waiting[commit] ?? 0) > 0) shownBy[commit] = shown;
    if (isTip.has(commit)) tracker.markTip(shown);
  }
};

/** Runs that started at the same commits are reached by the same refs. Unpacked when they are read, since few runs are shown. */
const refsOfRuns = (
  { commits, tips }: AttributionInput,
  order: CommitOrder,
  runs: readonly TrackedRun[],
): ((run: number) => () => readonly number[]) => {
  const groupOf = new Map<string, number>();
  const groups: (readonly number[])[] = [];
  const groupOfRun = runs.map(({ births }) => {
    const sorted = [...births].sort((a, b) => a - b);
    const name = sorted.join();
    const known = groupOf.get(name);
    if (known !== undefined) return known;
    groupOf.set(name, groups.length);
    return groups.push(sorted) - 1;
  });
  const sets = refSets({ commits, order, tips, groups });
  const lists = new RefLists();
  return (run) => {
    const set = sets[groupOfRun[run] ?? 0] ?? new Uint32Array();
    return () => lists.of(set);
  };
};

const toRun = (run: TrackedRun, places: Places, isLive: Uint8Array, refs: () => readonly number[]): Run => ({
  subject: places.subjectOf(run.key),
  path: places.pathOf(run.key),
  origins: [...run.births].sort((a, b) => a - b),
  introduced: run.introduced,
  removed: run.removed,
  last: run.last,
  firstBlob: run.firstObject,
  lastBlob: run.lastObject,
  blobs: run.objects,
  get refs() {
    return refs();
  },
  inTips: run.inTips,
  reachable: run.births.some((commit) => isLive[commit] === 1),
  tree: -1,
});
