import { orderCommits } from './commit-order.ts';
import type { CommitTable } from './history.ts';
import { membersOf, refSets, type Tip } from './ref-sets.ts';

/** @returns for each of the commits, which refs reach it, ascending. */
export const refsReaching = (
  commits: CommitTable,
  tips: readonly Tip[],
  wanted: readonly number[],
): ReadonlyMap<number, readonly number[]> => {
  const groups = wanted.map((commit) => [commit]);
  const sets = refSets({ commits, order: orderCommits(commits), tips, groups });
  return new Map(wanted.map((commit, index) => [commit, membersOf(sets[index] ?? new Uint32Array())]));
};
