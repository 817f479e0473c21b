import { grown } from '../text/index.ts';

/** What commits say of each other, as columns: a history has a hundred thousand. Object numbers; -1 for what is not in the inventory. */
export interface CommitRows {
  readonly objects: Uint32Array<ArrayBuffer>;
  readonly trees: Int32Array<ArrayBuffer>;
  /** The parents of row i are `parents[parentStarts[i] … parentStarts[i + 1])`, in the commit's order. */
  readonly parentStarts: Uint32Array<ArrayBuffer>;
  readonly parents: Int32Array<ArrayBuffer>;
  /** Committer dates in seconds; NaN where there is none. */
  readonly dates: Float64Array<ArrayBuffer>;
  /** Where the message starts, in bytes of the object. */
  readonly messageStarts: Uint32Array<ArrayBuffer>;
}

/** Takes rows one after another. */
export class CommitRowsWriter {
  #count = 0;
  #parentCount = 0;
  #objects = new Uint32Array(256);
  #trees = new Int32Array(256);
  #parentStarts = new Uint32Array(256);
  #parents = new Int32Array(512);
  #dates = new Float64Array(256);
  #messageStarts = new Uint32Array(256);

  /** A row; its parents follow. */
  add(object: number, tree: number, date: number, messageStart: number): void {
    if (this.#count + 1 >= this.#objects.length) this.#grow();
    this.#objects[this.#count] = object;
    this.#trees[this.#count] = tree;
    this.#dates[this.#count] = date;
    this.#messageStarts[this.#count++] = messageStart;
    this.#parentStarts[this.#count] = this.#parentCount;
  }

  /** One more parent of the row that came last. */
  addParent(parent: number): void {
    if (this.#parentCount === this.#parents.length)
      this.#parents = grown(this.#parents, new Int32Array(2 * this.#parents.length));
    this.#parents[this.#parentCount++] = parent;
    this.#parentStarts[this.#count] = this.#parentCount;
  }

  take(): CommitRows {
    const rows = {
      objects: this.#objects.slice(0, this.#count),
      trees: this.#trees.slice(0, this.#count),
      parentStarts: this.#parentStarts.slice(0, this.#count + 1),
      parents: this.#parents.slice(0, this.#parentCount),
      dates: this.#dates.slice(0, this.#count),
      messageStarts: this.#messageStarts.slice(0, this.#count),
    };
    this.#count = 0;
    this.#parentCount = 0;
    return rows;
  }

  #grow(): void {
    const size = 2 * this.#objects.length;
    this.#objects = grown(this.#objects, new Uint32Array(size));
    this.#trees = grown(this.#trees, new Int32Array(size));
    this.#parentStarts = grown(this.#parentStarts, new Uint32Array(size));
    this.#dates = grown(this.#dates, new Float64Array(size));
    this.#messageStarts = grown(this.#messageStarts, new Uint32Array(size));
  }
}

/** The rows of several, by object. @param limit above every object number. */
export const joinCommits = (parts: readonly CommitRows[], limit: number): CommitRows => {
  /** By object: its part's place, and its row there. */
  const partOf = new Uint32Array(limit);
  const rowOf = new Int32Array(limit).fill(-1);
  parts.forEach(({ objects }, part) => {
    for (let row = 0; row < objects.length; row++) {
      const object = objects[row] ?? 0;
      partOf[object] = part;
      rowOf[object] = row;
    }
  });
  const joined = new CommitRowsWriter();
  for (let object = 0; object < limit; object++) {
    const row = rowOf[object] ?? -1;
    const part = parts[partOf[object] ?? 0];
    if (row >= 0 && part !== undefined) copyRow(part, row, joined, same);
  }
  return joined.take();
};

/** @param to object number → new one, -1 for none; rows whose own is not kept are left out. */
export const renumberCommits = (
  rows: CommitRows,
  to: (object: number) => number,
  isKept: (object: number) => boolean,
): CommitRows => {
  const kept = new CommitRowsWriter();
  for (let row = 0; row < rows.objects.length; row++)
    if (isKept(to(rows.objects[row] ?? 0))) copyRow(rows, row, kept, to);
  return kept.take();
};

const same = (object: number): number => object;

const copyRow = (from: CommitRows, row: number, target: CommitRowsWriter, to: (object: number) => number): void => {
  const tree = to(from.trees[row] ?? -1);
  target.add(to(from.objects[row] ?? 0), tree, from.dates[row] ?? Number.NaN, from.messageStarts[row] ?? 0);
  for (let at = from.parentStarts[row] ?? 0; at < (from.parentStarts[row + 1] ?? 0); at++)
    target.addParent(to(from.parents[at] ?? -1));
};
