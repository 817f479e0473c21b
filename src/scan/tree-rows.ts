import type { TreeState } from './tree-states.ts';

/** Entries that matter, one row each, by tree; names are the shard's own. */
export interface TreeRowsTaken {
  readonly trees: Uint32Array<ArrayBuffer>;
  readonly names: Uint32Array<ArrayBuffer>;
  /** -1 for what the store does not have. */
  readonly children: Int32Array<ArrayBuffer>;
  readonly isSubtree: Uint8Array<ArrayBuffer>;
  /** By the shard's number of a name: its number in the visitor's table. */
  readonly tableNames: readonly number[];
}

/** Grows as a struct of arrays; a history of this size has millions of subtree entries. */
export class TreeRows {
  #count = 0;
  #trees = new Uint32Array(1024);
  #names = new Uint32Array(1024);
  #children = new Int32Array(1024);
  #isSubtree = new Uint8Array(1024);
  /** Name number of the table → number within this shard + 1; 0: none yet. */
  #ownNames = new Uint32Array(1024);
  #tableNames: number[] = [];

  /** A row for each mark of a tree. */
  addMarked(tree: number, { marks, marksAt, markCount }: TreeState): void {
    while (this.#count + markCount > this.#trees.length) this.#grow();
    let row = this.#count;
    for (let mark = marksAt; mark < marksAt + 3 * markCount; mark += 3) {
      const name = marks[mark + 1] ?? 0;
      this.#trees[row] = tree;
      this.#names[row] = this.#ownName(name >>> 1);
      this.#children[row] = marks[mark + 2] ?? 0;
      this.#isSubtree[row++] = name & 1;
    }
    this.#count = row;
  }

  take(): TreeRowsTaken {
    const taken = {
      trees: this.#trees.slice(0, this.#count),
      names: this.#names.slice(0, this.#count),
      children: this.#children.slice(0, this.#count),
      isSubtree: this.#isSubtree.slice(0, this.#count),
      tableNames: this.#tableNames,
    };
    for (const name of this.#tableNames) this.#ownNames[name] = 0;
    this.#tableNames = [];
    this.#count = 0;
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

  #grow(): void {
    const size = this.#trees.length * 2;
    this.#trees = grown(this.#trees, new Uint32Array(size));
    this.#names = grown(this.#names, new Uint32Array(size));
    this.#children = grown(this.#children, new Int32Array(size));
    this.#isSubtree = grown(this.#isSubtree, new Uint8Array(size));
  }
}

const grown = <T extends Uint32Array | Int32Array | Uint8Array>(old: T, larger: T): T => {
  larger.set(old);
  return larger;
};
