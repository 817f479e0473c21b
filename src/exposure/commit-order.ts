import type { CommitTable } from './history.ts';

/** The commit graph as a walk needs it. */
export interface CommitOrder {
  /** Every commit once, parents first. In a cycle (only a store with forged names has one) one edge is overlooked. */
  readonly order: Int32Array;
  /** Children of commit c: `children[childStarts[c] … childStarts[c + 1])`. */
  readonly childStarts: Uint32Array;
  readonly children: Int32Array;
}

/** Kahn's topological order; dates are no order (clocks are wrong), and a parent that is not there is no edge. */
export const orderCommits = (commits: CommitTable): CommitOrder => {
  const { childStarts, children, waitingFor } = childrenOf(commits);
  const order = new Int32Array(commits.count);
  const isPlaced = new Uint8Array(commits.count);
  const ready: number[] = [];
  for (let commit = commits.count - 1; commit >= 0; commit--) if (waitingFor[commit] === 0) ready.push(commit);
  let placed = 0;
  let nextForced = 0;
  while (placed < commits.count) {
    const commit = ready.pop() ?? nextForced++;
    if (isPlaced[commit]) continue;
    isPlaced[commit] = 1;
    order[placed++] = commit;
    for (let at = childStarts[commit] ?? 0; at < (childStarts[commit + 1] ?? 0); at++) {
      const child = children[at] ?? 0;
      const left = (waitingFor[child] ?? 0) - 1;
      waitingFor[child] = left;
      if (left === 0) ready.push(child);
    }
  }
  return { order, childStarts, children };
};

const childrenOf = (commits: CommitTable) => {
  const childStarts = new Uint32Array(commits.count + 1);
  const waitingFor = new Int32Array(commits.count);
  for (const parent of commits.parents) if (parent >= 0) childStarts[parent + 1] = (childStarts[parent + 1] ?? 0) + 1;
  for (let c = 0; c < commits.count; c++) childStarts[c + 1] = (childStarts[c + 1] ?? 0) + (childStarts[c] ?? 0);
  const fill = childStarts.slice();
  const children = new Int32Array(childStarts[commits.count] ?? 0);
  for (let child = 0; child < commits.count; child++) {
    for (const parent of parentsOf(commits, child)) {
      if (parent < 0) continue;
      const at = fill[parent] ?? 0;
      children[at] = child;
      fill[parent] = at + 1;
      waitingFor[child] = (waitingFor[child] ?? 0) + 1;
    }
  }
  return { childStarts, children, waitingFor };
};

export const parentsOf = (commits: CommitTable, commit: number): Int32Array =>
  commits.parents.subarray(commits.parentStarts[commit] ?? 0, commits.parentStarts[commit + 1] ?? 0);

/** @returns 1 for each commit that one of `tips` reaches. */
export const reachedFrom = (commits: CommitTable, tips: Iterable<number>): Uint8Array => {
  const reached = new Uint8Array(commits.count);
  const open: number[] = [];
  const visit = (commit: number): void => {
    if (commit < 0 || commit >= commits.count || reached[commit]) return;
    reached[commit] = 1;
    open.push(commit);
  };
  for (const tip of tips) visit(tip);
  for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
    for (const parent of parentsOf(commits, commit)) visit(parent);
  }
  return reached;
};

/** Places in an order by (committer date, oid): the smaller, the earlier. A commit without a date is never the first. */
export const earliness = (commits: CommitTable): Int32Array =>
  ranks(commits.count, (a, b) => compareDates(commits, a, b, Number.POSITIVE_INFINITY) || a - b);

/** The larger, the later, by (committer date, oid); what a ref reaches counts as later than all that none does. */
export const lateness = (commits: CommitTable, isLive: Uint8Array): Int32Array =>
  ranks(
    commits.count,
    (a, b) => (isLive[a] ?? 0) - (isLive[b] ?? 0) || compareDates(commits, a, b, Number.NEGATIVE_INFINITY) || a - b,
  );

const compareDates = (commits: CommitTable, a: number, b: number, whereNone: number): number => {
  const first = commits.dates[a] ?? Number.NaN;
  const second = commits.dates[b] ?? Number.NaN;
  const left = Number.isNaN(first) ? whereNone : first;
  const right = Number.isNaN(second) ? whereNone : second;
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Commit indices are sorted by oid, so `a - b` is the order of oids. */
const ranks = (count: number, compare: (a: number, b: number) => number): Int32Array => {
  const sorted = Int32Array.from({ length: count }, (_, index) => index).sort(compare);
  const rank = new Int32Array(count);
  for (let place = 0; place < count; place++) rank[sorted[place] ?? 0] = place;
  return rank;
};
