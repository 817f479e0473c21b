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
  /** By tree, then by tree set: filtered id, or one of the states below. */
  readonly #ids = new Map<number, number>();
  readonly #weights: number[] = [];
  readonly #depths: number[] = [];
  readonly #sources: number[] = [];

  constructor(entries: TreeEntries, markedSubtreeNames: ReadonlySet<number>) {
    this.#entries = entries;
    this.#markedNames = markedSubtreeNames;
    this.tainted = new TaintedTrees(entries, markedSubtreeNames);
    this.#internList([], 0, 1, -1);
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
    const open = [tree];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const state = this.#ids.get(top);
      if (state === undefined) {
        this.#ids.set(top, isOpen);
        for (const child of this.#subtreesOf(top)) if (!this.#ids.has(child)) open.push(child);
        continue;
      }
      if (state === isOpen) this.#ids.set(top, this.#filter(top));
      open.pop();
    }
    return this.#ids.get(tree) ?? FilteredTrees.empty;
  }

  #filter(tree: number): number {
    const list: number[] = [];
    let weight = 1;
    let depth = 1;
    for (const [rank, kind, child] of this.#unfiltered(tree)) {
      // A tree that holds itself is still open here: only forged names make one, and its inner self shows nothing.
      const filtered = kind === entryKinds.subtree ? Math.max(this.#ids.get(child) ?? 0, 0) : 0;
      if (kind === entryKinds.subtree && filtered === FilteredTrees.empty) continue;
      const more = this.#weights[filtered] ?? 1;
      const deeper = 1 + (this.#depths[filtered] ?? 0);
      if (weight + more > maxPlaces || deeper > maxDepth) {
        this.#cutAt(tree);
        continue;
      }
      weight += more;
      depth = Math.max(depth, deeper);
      list.push(rank, kind, kind === entryKinds.subtree ? filtered : child);
    }
    return this.#internList(list, weight, depth, this.#membersOf(tree)[0] ?? -1);
  }

  #internList(list: readonly number[], weight: number, depth: number, source: number): number {
    const before = this.lists.count;
    const id = this.lists.intern(list);
    if (id === before) {
      this.#weights.push(weight);
      this.#depths.push(depth);
      this.#sources.push(source);
    }
    return id;
  }

  *#subtreesOf(tree: number): Iterable<number> {
    for (const [, kind, child] of this.#unfiltered(tree)) if (kind === entryKinds.subtree) yield child;
  }

  /** The entries that count, by name, then kind; of a subtree the tree, or the set of the trees that share the name. */
  #unfiltered(tree: number): [rank: number, kind: number, child: number][] {
    const { children, nameIds, isSubtree } = this.#entries;
    const found: [number, number, number][] = [];
    let last: [number, number, number] | undefined;
    for (const row of this.#rowsOf(tree)) {
      const rank = this.tainted.ranks[nameIds[row] ?? 0] ?? 0;
      const child = children[row] ?? -1;
      if (isSubtree[row] === 0) {
        if (last && last[0] === rank && last[1] === entryKinds.blob && last[2] === child) continue;
        last = [rank, entryKinds.blob, child];
        found.push(last);
        continue;
      }
      if (this.#markedNames.has(nameIds[row] ?? -1)) found.push([rank, entryKinds.markedSubtree, child]);
      if (!this.tainted.isTainted(child)) continue;
      if (last && last[0] === rank && last[1] === entryKinds.subtree) last[2] = this.#joined(tree, last[2], child);
      else {
        last = [rank, entryKinds.subtree, child];
        found.push(last);
      }
    }
    return found;
  }

  #rowsOf(tree: number): Int32Array {
    if (tree < this.tainted.limit) return this.tainted.rowsOf(tree);
    const rows = this.#membersOf(tree).flatMap((member) => [...this.tainted.rowsOf(member)]);
    return Int32Array.from(rows).sort((a, b) => this.tainted.compareRows(a, b));
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

const isOpen = -1;
