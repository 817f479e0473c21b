import type { Change, KernelMemory } from '../kernel/index.ts';

/** Asks of a change which parts of the text are copies from end to end. */
export class CopiedRuns {
  readonly #words: Uint32Array;
  readonly #change: Change;

  /** Good as long as the change is. */
  constructor(memory: KernelMemory, change: Change) {
    this.#words = memory.words;
    this.#change = change;
  }

  /**
   * Whether `[from, to)` of the text is one copy, and means the same there: what reaches past the text's start counts as copied where the
   * base's start was copied to it, and so at its end.
   */
  isInOne(from: number, to: number): boolean {
    const run = this.#runAt(Math.max(0, from));
    return run >= 0 && this.#holds(run, from, to);
  }

  /**
   * Shows what of the base stands in the text, with its place there: all whose window of `reach` bytes on either side was copied whole;
   * more than once, where it was copied more than once.
   * @param list by place in the base.
   */
  forEachCopied<T extends { readonly anchor: number; readonly at: number }>(
    list: readonly T[],
    reach: number,
    lengthOf: (anchor: number) => number,
    show: (one: T, at: number) => void,
  ): void {
    for (let run = 0; run < this.#change.runCount; run++) {
      const shift = this.#start(run) - this.#baseStart(run);
      const end = this.#baseStart(run) + this.#length(run);
      for (let index = firstFrom(list, this.#baseStart(run)); index < list.length; index++) {
        const one = list[index];
        if (one === undefined || one.at >= end) break;
        const to = one.at + lengthOf(one.anchor) + reach;
        if (this.#holds(run, one.at - reach + shift, to + shift)) show(one, one.at + shift);
      }
    }
  }

  #holds(run: number, from: number, to: number): boolean {
    const start = this.#start(run);
    const end = start + this.#length(run);
    const { length, baseLength } = this.#change;
    const isHead = start === 0 && this.#baseStart(run) === 0;
    const isTail = end === length && this.#baseStart(run) + this.#length(run) === baseLength;
    return (from >= start || isHead) && (to <= end || isTail);
  }

  /** The run that holds the place, or -1. */
  #runAt(place: number): number {
    let low = 0;
    let high = this.#change.runCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#start(middle) <= place) low = middle + 1;
      else high = middle;
    }
    return low > 0 && place < this.#start(low - 1) + this.#length(low - 1) ? low - 1 : -1;
  }

  #start(run: number): number {
    return this.#words[this.#change.runsAt + 3 * run] ?? 0;
  }

  #baseStart(run: number): number {
    return this.#words[this.#change.runsAt + 3 * run + 1] ?? 0;
  }

  #length(run: number): number {
    return this.#words[this.#change.runsAt + 3 * run + 2] ?? 0;
  }
}

/** Index of the first that stands at `place` or behind it. */
const firstFrom = (list: readonly { readonly at: number }[], place: number): number => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.at ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
};
