import type { View } from './places.ts';

/** A view together with the run that each of its keys belongs to. Commits that changed nothing share it. */
export interface Shown {
  readonly id: number;
  readonly view: View;
  /** One strand for each of the view's keys. */
  readonly strands: readonly number[];
  readonly children: readonly Shown[];
}

/** What is known of a run when all commits have been seen; commits are -1 where there is none. */
export interface TrackedRun {
  readonly key: number;
  /** Commits of the run without a parent in it. */
  readonly births: readonly number[];
  readonly introduced: number;
  readonly firstObject: number;
  readonly last: number;
  readonly lastObject: number;
  readonly removed: number;
  readonly objects: number;
  readonly inTips: boolean;
}

interface Step {
  readonly commit: number;
  readonly view: View;
  readonly parents: readonly Shown[];
  /** What the commit's children show. */
  readonly next: readonly View[];
}

/**
 * Follows every key through the commits, which come parents first. A strand starts where a commit shows a key that none of
 * its parents shows; merges tie strands together, and a run is a set of strands that are tied. Work is in proportion to what
 * changes: where a commit and its parent hold the same view, nothing is looked at.
 */
export class RunTracker {
  readonly #earliness: Int32Array;
  readonly #lateness: Int32Array;
  readonly #strands: Strand[] = [];
  /** Pairs (strand, object). */
  readonly #changes: number[] = [];
  readonly #ties: Tie[] = [];
  readonly #leaves: { readonly shown: Shown; readonly commit: number }[] = [];
  readonly #tips = new Map<number, Shown>();
  #shownCount = 0;

  constructor(earliness: Int32Array, lateness: Int32Array) {
    this.#earliness = earliness;
    this.#lateness = lateness;
  }

  /** Takes the next commit. @returns what it shows, for its children. */
  step({ commit, view, parents, next }: Step): Shown {
    const shown = this.#follow(commit, view, parents);
    if (next.length === 0) this.#leaves.push({ shown, commit });
    else this.#findEnds(commit, shown, next);
    return shown;
  }

  /** Says that a ref's tip shows this. */
  markTip(shown: Shown): void {
    this.#tips.set(shown.id, shown);
  }

  runs(): TrackedRun[] {
    this.#tieAll();
    this.#endLeaves();
    this.#markTips();
    return this.#collect();
  }

  #follow(commit: number, view: View, parents: readonly Shown[]): Shown {
    const open: Work[] = [];
    const shown = this.#resolve(commit, view, parents, open);
    for (let work = open.pop(); work; work = open.pop()) {
      this.#followKeys(commit, work);
      this.#followChildren(commit, work, open);
    }
    return shown;
  }

  /** Shares what a parent shows where it is the same view; the other parents are tied to it later, all at once. */
  #resolve(commit: number, view: View, parents: readonly Shown[], open: Work[]): Shown {
    const same = parents.find((parent) => parent.view === view);
    if (same) {
      for (const other of parents) if (other !== same) this.#ties.push({ shown: same, other, commit });
      return same;
    }
    const shown = { id: this.#shownCount++, view, strands: [], children: [] };
    open.push({ shown, parents });
    return shown;
  }

  #followKeys(commit: number, { shown: { view, strands }, parents }: Work): void {
    for (let i = 0; i < view.keys.length; i++) strands.push(-1);
    for (const parent of parents) {
      const { keys, objects } = parent.view;
      align(view.keys, keys, (mine, theirs) => {
        const strand = parent.strands[theirs] ?? 0;
        if (mine < 0) return this.#removedAt(strand, commit);
        const own = strands[mine] ?? -1;
        if (own >= 0) return this.#tie(own, strand);
        strands[mine] = strand;
        const object = view.objects[mine] ?? -1;
        if (object !== objects[theirs]) this.#changes.push(strand, object);
      });
    }
    for (let i = 0; i < strands.length; i++) {
      if (strands[i] === -1) strands[i] = this.#start(view.keys[i] ?? 0, commit, view.objects[i] ?? -1);
    }
  }

  #followChildren(commit: number, { shown: { view, children }, parents }: Work, open: Work[]): void {
    const sources: Shown[][] = view.paths.map(() => []);
    for (const parent of parents) {
      align(view.paths, parent.view.paths, (mine, theirs) => {
        const child = parent.children[theirs];
        if (!child) return;
        if (mine < 0) this.#removeAll(child, commit);
        else if (!sources[mine]?.includes(child)) sources[mine]?.push(child);
      });
    }
    view.children.forEach((child, i) => {
      children.push(this.#resolve(commit, child, sources[i] ?? [], open));
    });
  }

  #removeAll(shown: Shown, commit: number): void {
    for (const each of within(shown)) for (const strand of each.strands) this.#removedAt(strand, commit);
  }

  /** What the commit shows and none of its children does: there a run may end. */
  #findEnds(commit: number, shown: Shown, next: readonly View[]): void {
    const open = [{ shown, next }];
    for (let work = open.pop(); work; work = open.pop()) {
      const { view, strands, children } = work.shown;
      if (work.next.includes(view)) continue;
      const isKept = new Uint8Array(view.keys.length);
      const below: View[][] = view.paths.map(() => []);
      for (const other of work.next) {
        align(other.keys, view.keys, (theirs, mine) => {
          if (theirs >= 0) isKept[mine] = 1;
        });
        align(other.paths, view.paths, (theirs, mine) => {
          const child = other.children[theirs];
          if (child) below[mine]?.push(child);
        });
      }
      strands.forEach((strand, i) => {
        if (!isKept[i]) this.#endsAt(strand, commit, view.objects[i] ?? -1);
      });
      children.forEach((child, i) => {
        open.push({ shown: child, next: below[i] ?? [] });
      });
    }
  }

  /**
   * Ties what a merge shares with the parents it was not derived from, and notes what it did not take over. The latest merges
   * come first, so a pair that was seen already has nothing to add.
   */
  #tieAll(): void {
    const ties = this.#ties.sort((a, b) => this.#compareLateness(b.commit, a.commit));
    const seen = new Set<number>();
    for (const tie of ties) {
      const open = [{ shown: tie.shown, other: tie.other }];
      for (let pair = open.pop(); pair; pair = open.pop()) {
        const { shown, other } = pair;
        const id = shown.id * 2 ** 26 + other.id;
        if (shown === other || seen.has(id)) continue;
        seen.add(id);
        align(shown.view.keys, other.view.keys, (mine, theirs) => {
          const strand = other.strands[theirs] ?? 0;
          if (mine < 0) this.#removedAt(strand, tie.commit);
          else this.#tie(shown.strands[mine] ?? 0, strand);
        });
        align(shown.view.paths, other.view.paths, (mine, theirs) => {
          const theirChild = other.children[theirs];
          const child = shown.children[mine];
          if (!theirChild) return;
          if (child) open.push({ shown: child, other: theirChild });
          else this.#removeAll(theirChild, tie.commit);
        });
      }
    }
    ties.length = 0;
  }

  /** The latest first: whatever was reached once has its latest commit. */
  #endLeaves(): void {
    const leaves = this.#leaves.sort((a, b) => this.#compareLateness(b.commit, a.commit));
    const seen = new Set<number>();
    for (const { shown, commit } of leaves) {
      for (const { strands, view } of within(shown, seen)) {
        strands.forEach((strand, i) => {
          this.#endsAt(strand, commit, view.objects[i] ?? -1);
        });
      }
    }
    leaves.length = 0;
  }

  #markTips(): void {
    const seen = new Set<number>();
    for (const tip of this.#tips.values()) {
      for (const { strands } of within(tip, seen)) for (const strand of strands) this.#strand(strand).inTips = true;
    }
  }

  #start(key: number, commit: number, object: number): number {
    const id = this.#strands.length;
    this.#strands.push({ key, commit, object, tiedTo: id, removed: -1, last: -1, lastObject: -1, inTips: false });
    return id;
  }

  #removedAt(id: number, commit: number): void {
    const strand = this.#strand(id);
    if (this.#compareLateness(commit, strand.removed) > 0) strand.removed = commit;
  }

  #endsAt(id: number, commit: number, object: number): void {
    const strand = this.#strand(id);
    if (this.#compareLateness(commit, strand.last) <= 0) return;
    strand.last = commit;
    strand.lastObject = object;
  }

  #compareLateness(a: number, b: number): number {
    return (this.#lateness[a] ?? -1) - (this.#lateness[b] ?? -1);
  }

  #tie(a: number, b: number): void {
    const first = this.#rootOf(a);
    const second = this.#rootOf(b);
    if (first !== second) this.#strand(Math.max(first, second)).tiedTo = Math.min(first, second);
  }

  #rootOf(id: number): number {
    let at = id;
    for (let up = this.#strand(at).tiedTo; up !== at; up = this.#strand(at).tiedTo) {
      this.#strand(at).tiedTo = this.#strand(up).tiedTo;
      at = up;
    }
    return at;
  }

  #strand(id: number): Strand {
    return this.#strands[id] ?? noStrand;
  }

  #collect(): TrackedRun[] {
    const members = new Map<number, Strand[]>();
    this.#strands.forEach((strand, id) => {
      const root = this.#rootOf(id);
      const list = members.get(root);
      if (list) list.push(strand);
      else members.set(root, [strand]);
    });
    const objects = this.#countObjects();
    return [...members].map(([root, strands]) => this.#summarise(strands, objects.get(root) ?? 1));
  }

  #summarise(strands: readonly Strand[], objects: number): TrackedRun {
    const first = strands.reduce((a, b) =>
      (this.#earliness[b.commit] ?? 0) < (this.#earliness[a.commit] ?? 0) ? b : a,
    );
    const last = strands.reduce((a, b) => (this.#compareLateness(b.last, a.last) > 0 ? b : a));
    const removed = strands.reduce((a, b) => (this.#compareLateness(b.removed, a.removed) > 0 ? b : a)).removed;
    const inTips = strands.some((strand) => strand.inTips);
    return {
      key: first.key,
      births: strands.map((strand) => strand.commit),
      introduced: first.commit,
      firstObject: first.object,
      last: last.last,
      lastObject: last.lastObject,
      removed: inTips ? -1 : removed,
      objects,
      inTips,
    };
  }

  /** Distinct objects by run. */
  #countObjects(): Map<number, number> {
    const pairs = new Float64Array(this.#strands.length + this.#changes.length / 2);
    let count = 0;
    const add = (strand: number, object: number): void => {
      pairs[count++] = this.#rootOf(strand) * 2 ** 32 + object + 1;
    };
    this.#strands.forEach((strand, id) => {
      add(id, strand.object);
    });
    for (let i = 0; i < this.#changes.length; i += 2) add(this.#changes[i] ?? 0, this.#changes[i + 1] ?? -1);
    pairs.sort();
    const counts = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      if (i > 0 && pairs[i] === pairs[i - 1]) continue;
      const root = Math.floor((pairs[i] ?? 0) / 2 ** 32);
      counts.set(root, (counts.get(root) ?? 0) + 1);
    }
    return counts;
  }
}

/** Part of a run: what descends from one commit that brought the key. */
interface Strand {
  readonly key: number;
  readonly commit: number;
  readonly object: number;
  tiedTo: number;
  removed: number;
  last: number;
  lastObject: number;
  inTips: boolean;
}

const noStrand: Strand = {
  key: 0,
  commit: -1,
  object: -1,
  tiedTo: 0,
  removed: -1,
  last: -1,
  lastObject: -1,
  inTips: false,
};

interface Tie {
  readonly shown: Shown;
  readonly other: Shown;
  readonly commit: number;
}

interface Work {
  readonly shown: { readonly view: View; readonly strands: number[]; readonly children: Shown[] };
  readonly parents: readonly Shown[];
}

/** Calls back for each number of `theirs` with its index, and the index of the same number in `mine` or -1; both ascend. */
const align = (
  mine: readonly number[],
  theirs: readonly number[],
  each: (mine: number, theirs: number) => void,
): void => {
  let at = 0;
  for (let i = 0; i < theirs.length; i++) {
    const value = theirs[i] ?? 0;
    while (at < mine.length && (mine[at] ?? 0) < value) at += 1;
    each(mine[at] === value ? at : -1, i);
  }
};

/** All that is shown, directories below included; skips what is in `seen`, and adds to it. */
function* within(shown: Shown, seen?: Set<number>): Iterable<Shown> {
  const open = [shown];
  for (let next = open.pop(); next; next = open.pop()) {
    if (seen?.has(next.id)) continue;
    seen?.add(next.id);
    yield next;
    open.push(...next.children);
  }
}
