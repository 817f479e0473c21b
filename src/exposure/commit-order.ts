import type { CommitTable } from './history.ts';

/** The commit graph as a walk needs it. */
export interface CommitOrder {
  /** Every commit once, parents first. In a cycle (only a store with forged names has one) one edge is overlooked. */
  readonly order: Int32Array;
  /** Children of commit c: `children[childStarts[c] … childStarts[c + 1])`. */
  readonly childStarts: Uint32Array;
  readonly children: Int32Array;
}

/**
 * Kahn's topological order; dates are no order (clocks are wrong), and a parent that is not there is no edge. Made once for a
 * table, however many questions are asked of it.
 */
export const orderCommits = (commits: CommitTable): CommitOrder => {
  const known = orders.get(commits);
  if (known) return known;
  const made = orderAnew(commits);
  orders.set(commits, made);
  return made;
};

const orders = new WeakMap<CommitTable, CommitOrder>();

const orderAnew = (commits: CommitTable): CommitOrder => {
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

const childrenOf = ({ count, parentStarts, parents }: CommitTable) => {
  const childStarts = new Uint32Array(count + 1);
  const waitingFor = new Int32Array(count);
  for (const parent of parents) if (parent >= 0) childStarts[parent + 1] = (childStarts[parent + 1] ?? 0) + 1;
  for (let c = 0; c < count; c++) childStarts[c + 1] = (childStarts[c + 1] ?? 0) + (childStarts[c] ?? 0);
  const fill = childStarts.slice();
  const children = new Int32Array(childStarts[count] ?? 0);
  for (let child = 0; child < count; child++) {
    for (let edge = parentStarts[child] ?? 0; edge < (parentStarts[child + 1] ?? 0); edge++) {
      const parent = parents[edge] ?? -1;
      if (parent < 0) continue;
      const at = fill[parent] ?? 0;
      children[at] = child;
      fill[parent] = at + 1;
      waitingFor[child] = (waitingFor[child] ?? 0) + 1;
    }
  }
  return { childStarts, children, waitingFor };
};

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
    const end = commits.parentStarts[commit + 1] ?? 0;
    for (let edge = commits.parentStarts[commit] ?? 0; edge < end; edge++) visit(commits.parents[edge] ?? -1);
  }
  return reached;
};

/** Places in an order by (committer date, oid): the smaller, the earlier. A commit without a date is never the first. */
export const earliness = ({ count, dates }: CommitTable): Int32Array => {
  const sorted = dates.slice().sort(); // ascending, NaN last
  const taken = new Int32Array(count);
  const places = new Int32Array(count);
  // Commits are numbered by oid, so those of one date come in the order of their oids.
  for (let commit = 0; commit < count; commit++) {
    const first = firstNotBelow(sorted, dates[commit] ?? Number.NaN);
    const before = taken[first] ?? 0;
    places[commit] = first + before;
    taken[first] = before + 1;
  }
  return places;
};

const firstNotBelow = (sorted: Float64Array, date: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBelow = (sorted[middle] ?? 0) < date || (Number.isNaN(date) && !Number.isNaN(sorted[middle]));
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The larger, the later, by (committer date, oid); what a ref reaches counts as later than all that none does, and of each a
 * commit without a date is the first.
 */
export const lateness = ({ count, dates }: CommitTable, early: Int32Array, isLive: Uint8Array): Int32Array => {
  const classOf = (commit: number): number => 2 * (isLive[commit] ?? 0) + (Number.isNaN(dates[commit]) ? 0 : 1);
  const next = [0, 0, 0, 0, 0];
  for (let commit = 0; commit < count; commit++) {
    for (let above = classOf(commit) + 1; above < next.length; above++) next[above] = (next[above] ?? 0) + 1;
  }
  const byDate = new Int32Array(count);
  for (let commit = 0; commit < count; commit++) byDate[early[commit] ?? 0] = commit;
  const places = new Int32Array(count);
  for (const commit of byDate) {
    const place = next[classOf(commit)] ?? 0;
    places[commit] = place;
    next[classOf(commit)] = place + 1;
  }
  return places;
};
