import type { Run } from './change.ts';

/**
 * The specification of the kernel's `spansOf`: where an anchor may start whose window is not copied whole. A copy from the base's start
 * to the text's start has nothing before it that could have changed; so it is at the end.
 * @param before so far a window reaches before its anchor's start. @param behind so far behind its start, the anchor included.
 */
export const plainSpans = (
  runs: readonly Run[],
  { baseLength, length }: { readonly baseLength: number; readonly length: number },
  before: number,
  behind: number,
): { from: number; to: number }[] => {
  const holes = runs.flatMap((run) => {
    const isHead = run.start === 0 && run.baseStart === 0;
    const isTail = run.start + run.length === length && run.baseStart + run.length === baseLength;
    const from = isHead ? 0 : run.start + before;
    const to = isTail ? length : Math.max(run.start, run.start + run.length - behind);
    return to - from < smallestHole ? [] : [{ from, to }];
  });
  const spans: { from: number; to: number }[] = [];
  let from = 0;
  for (const hole of [...holes, { from: length, to: length }]) {
    if (hole.from > from) spans.push({ from, to: hole.from });
    from = hole.to;
  }
  return spans;
};

/** A hole that saves less than what it costs to begin anew is none. */
const smallestHole = 64;
