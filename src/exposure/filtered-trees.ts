import type { TreeEntries } from './history.ts';
import { IntLists } from './int-lists.ts';
import { TaintedTrees } from './tainted-trees.ts';

/** What an entry of a filtered tree is. */
export const entryKinds = { blob: 0, subtree: 1, markedSubtree: 2 } as const;

/** Numbers an entry of a filtered tree takes: the name's rank, one of `entryKinds`, and the child. */
export const entryWidth = 3;

/** Against trees that unfold without end (a few objects can name 10^10 paths); far beyond what a person ever made. */
const maxPlaces = 1_000_000;
/** Git itself stops at `core.maxTreeDepth`, 2048. */
const maxDepth = 4096;
const maxTreeSets = 10_000;

/**
 * Trees reduced to the entries that matter, hash-consed: two trees have the same filtered id exactly if they show the same
 * marked objects at the same paths. The entry of a blob holds its object number, that of a subtree a filtered id.
 */
export class FilteredTrees {
  /** The filtered tree without entries. */
  static readonly empty = 0;
  readonly lists = new IntLists();
  /** Trees of which entries were left out, because of the limits above. */
  readonly cut = new Set<number>();
  readonly tainted: TaintedTrees;
  readonly #entries: TreeEntries;
  readonly #markedNames: ReadonlySet<number>;
  /** Git forbids two entries of one name, stores do not: subtrees that share a path are seen as one tree, a tree set. */
  readonly #sets = new IntLists();
  /** By tree: filtered id, or one of the states below. */
  readonly #idOfTree: Int32Array;
  /** The same by tree set, of which there are few. */
  readonly #idOfSet = new Map<number, number>();
  readonly #weights: number[] = [];
  readonly #depths: number[] = [];
  readonly #sources: number[] = [];

  constructor(entries: TreeEntries, markedSubtreeNames: ReadonlySet<number>) {
    this.#entries = entries;
    this.#markedNames = markedSubtreeNames;
    this.tainted = new TaintedTrees(entries, markedSubtreeNames);
    this.#idOfTree = new Int32Array(this.tainted.limit).fill(isUnknown);
    this.#intern([], 0, { weight: 0, depth: 1, source: -1 });
  }

  get nameIdOfRank(): Int32Array {
    return this.tainted.nameIdOfRank;
  }

  /** @returns one of the trees that look like this. */
  sourceOf(filtered: number): number {
    return this.#sources[filtered] ?? -1;
  }

  /** @returns the filtered id of a tree. */
  idOf(tree: number): number {
    if (!this.tainted.isTainted(tree)) return FilteredTrees.empty;
    const known = this.#stateOf(tree);
    if (known >= 0) return known;
    const open = [this.#open(tree)];
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const child = this.#nextUnknown(top);
      if (child >= 0) {
        open.push(this.#open(child));
        continue;
      }
      this.#setState(top.tree, this.#filter(top));
      open.pop();
    }
    return this.#stateOf(tree);
  }

  #open(tree: number): OpenTree {
    this.#setState(tree, isOpen);
    return { tree, entries: this.#unfiltered(tree), at: 0 };
  }

  /** @returns a subtree that was not filtered yet, -1 where there is none left. */
  #nextUnknown(open: OpenTree): number {
    for (; open.at < open.entries.length; open.at += entryWidth) {
      const child = open.entries[open.at + 2] ?? -1;
      if (open.entries[open.at + 1] === entryKinds.subtree && this.#stateOf(child) === isUnknown) return child;
    }
    return -1;
  }

  #stateOf(tree: number): number {
    if (tree < this.tainted.limit) return this.#idOfTree[tree] ?? isUnknown;
    return this.#idOfSet.get(tree) ?? isUnknown;
  }

  #setState(tree: number, state: number): void {
    if (tree < this.tainted.limit) this.#idOfTree[tree] = state;
    else this.#idOfSet.set(tree, state);
  }

  #filter({ tree, entries }: OpenTree): number {
    // In place: what is kept moves to the front.
    let kept = 0;
    let weight = 1;
    let depth = 1;
    for (let at = 0; at < entries.length; at += entryWidth) {
      const kind = entries[at + 1] ?? 0;
      const child = entries[at + 2] ?? -1;
      // A tree that holds itself is still open here: only forged names make one, and its inner self shows nothing.
      const filtered = kind === entryKinds.subtree ? Math.max(this.#stateOf(child), FilteredTrees.empty) : 0;
      if (kind === entryKinds.subtree && filtered === FilteredTrees.empty) continue;
      const more = this.#weights[filtered] ?? 1;
      const deeper = 1 + (this.#depths[filtered] ?? 0);
      if (weight + more > maxPlaces || deeper > maxDepth) {
        this.#cutAt(tree);
        continue;
      }
      weight += more;
      depth = Math.max(depth, deeper);
      entries[kept++] = entries[at] ?? 0;
      entries[kept++] = kind;
      entries[kept++] = kind === entryKinds.subtree ? filtered : child;
    }
    return this.#intern(entries, kept, { weight, depth, source: this.#membersOf(tree)[0] ?? -1 });
  }

  #intern(entries: readonly number[], length: number, { weight, depth, source }: ListFacts): number {
    const before = this.lists.count;
    const id = this.lists.intern(entries, length);
    if (id === before) {
      this.#weights.push(weight);
      this.#depths.push(depth);
      this.#sources.push(source);
    }
    return id;
  }

  /** The entries that count, by name, then kind; of a subtree the tree, or the set of the trees that share the name. */
  #unfiltered(tree: number): number[] {
    const { children, nameIds, isSubtree } = this.#entries;
    const found: number[] = [];
    /** Where the last entry begins that is no marked subtree: entries of one name may have to become one. */
    let last = -1;
    const isAfterOwn = (rank: number, kind: number): boolean =>
      last >= 0 && found[last] === rank && found[last + 1] === kind;
    for (const entry of this.#entriesOf(tree)) {
      const rank = this.tainted.ranks[nameIds[entry] ?? 0] ?? 0;
      const child = children[entry] ?? -1;
      if (isSubtree[entry] === 0) {
        if (isAfterOwn(rank, entryKinds.blob) && found[last + 2] === child) continue;
        last = found.push(rank, entryKinds.blob, child) - entryWidth;
        continue;
      }
      if (this.#markedNames.has(nameIds[entry] ?? -1)) found.push(rank, entryKinds.markedSubtree, child);
      if (!this.tainted.isTainted(child)) continue;
      if (isAfterOwn(rank, entryKinds.subtree)) found[last + 2] = this.#joined(tree, found[last + 2] ?? -1, child);
      else last = found.push(rank, entryKinds.subtree, child) - entryWidth;
    }
    return found;
  }

  #entriesOf(tree: number): Int32Array {
    if (tree < this.tainted.limit) return this.tainted.sortedEntriesOf(tree);
    const all = this.#membersOf(tree).flatMap((member) => [...this.tainted.entriesOf(member)]);
    return Int32Array.from(all).sort((a, b) => this.tainted.compareEntries(a, b));
  }

  #membersOf(tree: number): readonly number[] {
    return tree < this.tainted.limit ? [tree] : [...this.#sets.view(tree - this.tainted.limit)];
  }

  #joined(holder: number, first: number, second: number): number {
    const members = [...new Set([...this.#membersOf(first), second])].sort((a, b) => a - b);
    if (members.length === 1) return first;
    if (this.#sets.count >= maxTreeSets) {
      this.#cutAt(holder);
      return first;
    }
    return this.tainted.limit + this.#sets.intern(members);
  }

  #cutAt(tree: number): void {
    for (const member of this.#membersOf(tree)) this.cut.add(member);
  }
}

const isUnknown = -2;
const isOpen = -1;

interface ListFacts {
  /** Places that it unfolds to, its own included, and directories one in another. */
  readonly weight: number;
  readonly depth: number;
  /** One of the trees that look like this. */
  readonly source: number;
}

interface OpenTree {
  readonly tree: number;
  /** As \`#unfiltered\` gives them: rank, kind and child of each. */
  readonly entries: number[];
  /** Subtrees before this place have been filtered. */
  at: number;
}
