import { type AttributionInput, attribute, type CommitTable, type Run } from '../exposure/index.ts';
import type { RangeTable } from './range-graph.ts';

/**
 * The runs that commits of the range brought: one of them shows the thing, and none of its parents does. What a parent beyond the
 * range shows already was there before; what a tip beyond it shows too is still there.
 */
export const broughtRuns = (
  input: Omit<AttributionInput, 'commits'>,
  { commits, isOwn }: Pick<RangeTable, 'commits' | 'isOwn'>,
): { readonly runs: readonly Run[]; readonly cut: readonly number[] } => {
  const { runs, cut } = attribute({ ...input, commits: ownFirst(commits, isOwn) });
  const isBrought = ({ origins }: Run): boolean => origins.some((commit) => isOwn[commit] === 1);
  const stillAt = Map.groupBy(
    runs.filter((run) => run.inTips && !isBrought(run)),
    placeOf,
  );
  const brought = runs.filter(isBrought).map((run): Run => {
    const { refs } = run;
    // Who took it away beyond the range is not looked for.
    if (isOwn[run.removed] === 1) return { ...run, refs };
    const others = stillAt.get(placeOf(run)) ?? [];
    const isStill = run.inTips || others.some((other) => other.refs.some((ref) => refs.includes(ref)));
    return { ...run, refs, inTips: isStill, removed: -1 };
  });
  return { runs: brought, cut };
};

const placeOf = ({ subject, path }: Run): string => `${subject} ${path ?? ''}`;

/** Dates such that of several commits which show a thing first, one of the range is named. */
const ownFirst = (commits: CommitTable, isOwn: Uint8Array): CommitTable => ({
  ...commits,
  dates: commits.dates.map((date, commit) => {
    if (isOwn[commit] !== 1) return Number.NaN;
    // After all that have one, but before those beyond the range.
    return Number.isNaN(date) ? Number.MAX_VALUE : date;
  }),
});
