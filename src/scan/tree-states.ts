/**
 * What the deltas of a tree inherit: where its entries start, and which of them became rows. Never changed once made; many
 * trees inherit from one.
 */
export interface TreeState {
  /** `starts[startsAt + i]`: where entry i starts, in bytes from the tree's start, ascending; at `count`: where the last one ends. */
  readonly starts: Uint32Array;
  readonly startsAt: number;
  readonly count: number;
  /** From `marksAt` on, two numbers a mark: the entry's place in the tree, ascending, and its number in the shard (`TreeRows`). */
  readonly marks: Int32Array;
  readonly marksAt: number;
  readonly markCount: number;
}

/**
 * Makes states one after another. Their numbers stand in chunks that the next states share, so that hundreds of thousands of
 * trees cost few allocations; a chunk is freed with the last state in it.
 */
export class TreeStates {
  #starts = new Uint32Array(0);
  #startsAt = 0;
  #count = 0;
  #marks = new Int32Array(0);
  #marksAt = 0;
  #markCount = 0;

  /** Begins a tree that cannot have more than so many entries. */
  begin(mostEntries: number): void {
    this.#startsAt += this.#count + 1;
    this.#marksAt += 2 * this.#markCount;
    this.#count = 0;
    this.#markCount = 0;
    if (this.#startsAt + mostEntries + 1 > this.#starts.length) {
      this.#starts = new Uint32Array(Math.max(chunkWords, mostEntries + 1));
      this.#startsAt = 0;
    }
    if (this.#marksAt + 2 * mostEntries > this.#marks.length) {
      this.#marks = new Int32Array(Math.max(chunkWords, 2 * mostEntries));
      this.#marksAt = 0;
    }
  }

  /** The next entry starts here. */
  add(start: number): void {
    this.#starts[this.#startsAt + this.#count++] = start;
  }

  /** The entry that was added last became a row. @param entry its number in the shard. */
  mark(entry: number): void {
    this.#addMark(this.#count - 1, entry);
  }

  /** Adds the base's entries `[from, to)`, which start `shift` bytes further on here, and their marks. */
  inherit(base: TreeState, from: number, to: number, shift: number): void {
    const { starts, marks } = base;
    const own = this.#starts;
    let at = this.#startsAt + this.#count;
    for (let entry = base.startsAt + from; entry < base.startsAt + to; entry++)
      own[at++] = (starts[entry] ?? 0) + shift;
    const moved = this.#count - from;
    const last = base.marksAt + 2 * base.markCount;
    for (let mark = firstMarkOf(base, from); mark < last && (marks[mark] ?? 0) < to; mark += 2) {
      this.#addMark((marks[mark] ?? 0) + moved, marks[mark + 1] ?? 0);
    }
    this.#count += to - from;
  }

  /** @param end where the last entry ends. */
  finish(end: number): TreeState {
    this.#starts[this.#startsAt + this.#count] = end;
    return {
      starts: this.#starts,
      startsAt: this.#startsAt,
      count: this.#count,
      marks: this.#marks,
      marksAt: this.#marksAt,
      markCount: this.#markCount,
    };
  }

  #addMark(place: number, entry: number): void {
    const at = this.#marksAt + 2 * this.#markCount++;
    this.#marks[at] = place;
    this.#marks[at + 1] = entry;
  }
}

const chunkWords = 1 << 14;

/** @returns the last of the tree's entries, from `first` on, that starts at `place` or before it; `first - 1` where none does. */
export const lastEntryBy = ({ starts, startsAt, count }: TreeState, place: number, first: number): number => {
  let low = first;
  let high = count + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[startsAt + middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/** @returns the index in `marks` of the first mark at place `from` or a later one. */
const firstMarkOf = ({ marks, marksAt, markCount }: TreeState, from: number): number => {
  let low = 0;
  let high = markCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[marksAt + 2 * middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return marksAt + 2 * low;
};
