import { grown } from '../text/index.ts';
import type { TreeState } from './tree-states.ts';

/** What a shard's trees hold that matters: entries, and for every tree the list of its own. Names and entries are the shard's own. */
export interface TreeRowsTaken {
  readonly trees: Uint32Array<ArrayBuffer>;
  /** Where each tree's rows start, and where the last ones end. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Numbers of entries. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** By entry. */
  readonly nameIds: Uint32Array<ArrayBuffer>;
  /** By entry; -1 for what the store does not have. */
  readonly children: Int32Array<ArrayBuffer>;
  readonly isSubtree: Uint8Array<ArrayBuffer>;
  /** By the shard's number of a name: its number in the visitor's table. */
  readonly tableNames: readonly number[];
}

/** Grows as a struct of arrays; a history of this size has millions of rows, of some hundred thousand entries. */
export class TreeRows {
  #lists = 0;
  #trees = new Uint32Array(1024);
  #starts = new Uint32Array(1024);
  #count = 0;
  #rows = new Uint32Array(1024);
  #entries = 0;
  #nameIds = new Uint32Array(1024);
  #children = new Int32Array(1024);
  #isSubtree = new Uint8Array(1024);
  /** Entries that came last, + 1: most of what is read again stands in a version beside it. */
  readonly #recent = new Uint32Array(recentSlots);
  /** Name number of the table → number within this shard + 1; 0: none yet. */
  #ownNames = new Uint32Array(1024);
  #tableNames: number[] = [];

  /** @param name its number in the visitor's table. @returns the entry's number in this shard. */
  entry(name: number, child: number, isSubtree: boolean): number {
    const own = this.#ownName(name);
    const kind = Number(isSubtree);
    const slot = (Math.imul(child, 31) + own) & (recentSlots - 1);
    const recent = (this.#recent[slot] ?? 0) - 1;
    const isSame =
      recent >= 0 &&
      this.#children[recent] === child &&
      this.#nameIds[recent] === own &&
      this.#isSubtree[recent] === kind;
    if (isSame) return recent;
    if (this.#entries === this.#nameIds.length) this.#growEntries();
    const entry = this.#entries++;
    this.#nameIds[entry] = own;
    this.#children[entry] = child;
    this.#isSubtree[entry] = kind;
    this.#recent[slot] = entry + 1;
    return entry;
  }

  /** The list of a tree: an entry for each of its marks. */
  addMarked(tree: number, { marks, marksAt, markCount }: TreeState): void {
    if (markCount === 0) return;
    if (this.#lists + 1 >= this.#trees.length) {
      this.#trees = grown(this.#trees, new Uint32Array(2 * this.#trees.length));
      this.#starts = grown(this.#starts, new Uint32Array(2 * this.#starts.length));
    }
    while (this.#count + markCount > this.#rows.length)
      this.#rows = grown(this.#rows, new Uint32Array(2 * this.#rows.length));
    this.#trees[this.#lists++] = tree;
    let row = this.#count;
    for (let mark = marksAt + 1; mark < marksAt + 2 * markCount; mark += 2) this.#rows[row++] = marks[mark] ?? 0;
    this.#count = row;
    this.#starts[this.#lists] = row;
  }

  take(): TreeRowsTaken {
    const taken = {
      trees: this.#trees.slice(0, this.#lists),
      starts: this.#starts.slice(0, this.#lists + 1),
      rows: this.#rows.slice(0, this.#count),
      nameIds: this.#nameIds.slice(0, this.#entries),
      children: this.#children.slice(0, this.#entries),
      isSubtree: this.#isSubtree.slice(0, this.#entries),
      tableNames: this.#tableNames,
    };
    for (const name of this.#tableNames) this.#ownNames[name] = 0;
    this.#tableNames = [];
    this.#recent.fill(0);
    this.#lists = 0;
    this.#count = 0;
    this.#entries = 0;
    return taken;
  }

  #ownName(name: number): number {
    const known = this.#ownNames[name] ?? 0;
    if (known > 0) return known - 1;
    while (name >= this.#ownNames.length)
      this.#ownNames = grown(this.#ownNames, new Uint32Array(2 * this.#ownNames.length));
    this.#ownNames[name] = this.#tableNames.push(name);
    return this.#tableNames.length - 1;
  }

  #growEntries(): void {
    const size = this.#nameIds.length * 2;
    this.#nameIds = grown(this.#nameIds, new Uint32Array(size));
    this.#children = grown(this.#children, new Int32Array(size));
    this.#isSubtree = grown(this.#isSubtree, new Uint8Array(size));
  }
}

const recentSlots = 1 << 12;
