import { entryKinds, entryWidth, FilteredTrees } from './filtered-trees.ts';
import type { TreeEntries } from './history.ts';
import { IntLists } from './int-lists.ts';

/** What shows at this path where its entry is this object: subject numbers, ascending; mostly none. */
export type SubjectsAt = (path: string, child: number, nameId: number, isSubtree: boolean) => readonly number[];

/**
 * A filtered tree seen at one path: what it shows there. A key stands for (path, subject), a child for a directory below.
 * Made once per (path, filtered tree), so two commits that show the same hold the same view.
 */
export interface View {
  /** Keys shown by the entries of this directory itself, ascending, and the object that shows each. */
  readonly keys: readonly number[];
  readonly objects: readonly number[];
  /** Path ids of the directories below that show something, ascending, and their views. */
  readonly paths: readonly number[];
  readonly children: readonly View[];
}

/** All views together unfold to this many entries at most: a bound on memory, not on any real history. */
const maxEntries = 5_000_000;
const rootPath = 0;

/** Unfolds filtered trees into paths, as far as commits show them, and asks once what shows at each (path, object). */
export class Places {
  static readonly nothing: View = { keys: [], objects: [], paths: [], children: [] };
  readonly #trees: FilteredTrees;
  readonly #names: readonly string[];
  readonly #subjectsAt: SubjectsAt;
  readonly #paths = new IntLists();
  readonly #pathTexts: string[] = [''];
  readonly #keys = new IntLists();
  readonly #asked = new IntLists();
  readonly #answers: (readonly number[])[] = [];
  readonly #views = new IntLists();
  readonly #viewOf: View[] = [];
  /** By filtered id: the view of trees that look like this as the root of a work tree. */
  readonly #roots: View[] = [];
  #entries = 0;

  constructor(trees: FilteredTrees, { names }: TreeEntries, subjectsAt: SubjectsAt) {
    this.#trees = trees;
    this.#names = names;
    this.#subjectsAt = subjectsAt;
  }

  /** How many keys there are so far. */
  get keyCount(): number {
    return this.#keys.count;
  }

  pathOf(key: number): string {
    return this.#pathTexts[this.#keys.at(key, 0)] ?? '';
  }

  subjectOf(key: number): number {
    return this.#keys.at(key, 1);
  }

  /** @returns what a tree shows as the root of a work tree. */
  viewOf(tree: number): View {
    const filtered = this.#trees.idOf(tree);
    if (filtered === FilteredTrees.empty) return Places.nothing;
    const known = this.#roots[filtered];
    if (known) return known;
    const open: (() => void)[] = [];
    const view = this.#viewAt(rootPath, filtered, open);
    for (let next = open.pop(); next; next = open.pop()) next();
    this.#roots[filtered] = view;
    return view;
  }

  #viewAt(path: number, filtered: number, open: (() => void)[]): View {
    const before = this.#views.count;
    const id = this.#views.intern([path, filtered]);
    const known = this.#viewOf[id];
    if (id !== before && known) return known;
    const view = { keys: [], objects: [], paths: [], children: [] };
    this.#viewOf.push(view);
    open.push(() => this.#fill(view, path, filtered, open));
    return view;
  }

  #fill(view: MutableView, path: number, filtered: number, open: (() => void)[]): void {
    const length = this.#trees.lists.lengthOf(filtered);
    this.#entries += length / entryWidth;
    if (this.#entries > maxEntries) {
      this.#trees.cut.add(this.#trees.sourceOf(filtered));
      return;
    }
    const shown: [key: number, object: number][] = [];
    const below: [path: number, filtered: number][] = [];
    for (let at = 0; at < length; at += entryWidth) {
      const rank = this.#trees.lists.at(filtered, at);
      const kind = this.#trees.lists.at(filtered, at + 1);
      const child = this.#trees.lists.at(filtered, at + 2);
      const place = this.#pathBelow(path, rank);
      if (kind === entryKinds.subtree) below.push([place, child]);
      else
        for (const subject of this.#answer(place, child, rank, kind)) shown.push([this.#keyOf(place, subject), child]);
    }
    shown.sort(byFirst);
    below.sort(byFirst);
    for (const [key, object] of shown) {
      // Two entries of one name: the key is shown once, by the lower object.
      if (view.keys.at(-1) === key) continue;
      view.keys.push(key);
      view.objects.push(object);
    }
    for (const [place, child] of below) {
      view.paths.push(place);
      view.children.push(this.#viewAt(place, child, open));
    }
  }

  #answer(place: number, child: number, rank: number, kind: number): readonly number[] {
    const before = this.#asked.count;
    const id = this.#asked.intern([place, child, kind]);
    if (id !== before) return this.#answers[id] ?? [];
    const nameId = this.#trees.nameIdOfRank[rank] ?? 0;
    const answer = this.#subjectsAt(this.#pathTexts[place] ?? '', child, nameId, kind === entryKinds.markedSubtree);
    this.#answers.push(answer);
    return answer;
  }

  #keyOf(place: number, subject: number): number {
    return this.#keys.intern([place, subject]);
  }

  #pathBelow(parent: number, rank: number): number {
    const before = this.#paths.count;
    const id = this.#paths.intern([parent, rank]);
    if (id === before) {
      const name = this.#names[this.#trees.nameIdOfRank[rank] ?? 0] ?? '';
      this.#pathTexts.push(parent === rootPath ? name : `${this.#pathTexts[parent]}/${name}`);
    }
    return id + 1;
  }
}

interface MutableView {
  readonly keys: number[];
  readonly objects: number[];
  readonly paths: number[];
  readonly children: View[];
}

const byFirst = (a: readonly [number, number], b: readonly [number, number]): number => a[0] - b[0] || a[1] - b[1];
