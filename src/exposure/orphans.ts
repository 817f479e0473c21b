import type { AttributionInput, Run } from './attribute.ts';
import { FilteredTrees } from './filtered-trees.ts';
import type { TreeEntries } from './history.ts';
import { Places, type View } from './places.ts';
import { compareText } from './tainted-trees.ts';

export interface OrphanInput extends Omit<AttributionInput, 'tips'> {
  /** All marked blobs, object numbers. */
  readonly blobs: readonly number[];
  /** What shows in a blob that no tree names: subject numbers, ascending. */
  readonly subjectsOf: (blob: number) => readonly number[];
  /** Refs that peel to a tree or a blob (a tag may); `ref` as in `Tip`. */
  readonly objectTips: readonly { readonly object: number; readonly ref: number }[];
}

/**
 * What no commit shows. A marked blob below a tree that no commit holds has its path from the top-most such tree, which `tree`
 * names: a part of a path, unless that tree was once a root. Equal (subject, path) of several such trees are one run. A blob
 * that no tree names has `path: null`, and a run of its own. What a ref names without a commit is here too, committed or not:
 * through that ref it is reachable, and in a tip.
 * @returns runs without commits, by subject, path (null first), blob.
 */
export const orphans = (input: OrphanInput): Run[] => {
  const trees = input.filtered ?? new FilteredTrees(input.trees, input.markedSubtreeNames);
  const places = new Places(trees, input.trees, input.subjectsAt);
  const { committed, tops } = looseTrees(input, trees);
  const found = new Map<string, Found>();
  for (const tree of tops) {
    addView(found, places, tree, (object) => committed[object] !== 1, []);
  }
  const named = below(input.trees, trees, tops);
  for (const blob of input.blobs) {
    if (committed[blob] !== 1 && named[blob] !== 1) addBlob(found, blob, input.subjectsOf(blob), []);
  }
  const marked = new Set(input.blobs);
  for (const { object, ref } of input.objectTips) {
    if (marked.has(object)) addBlob(found, object, input.subjectsOf(object), [ref]);
    else addView(found, places, object, () => true, [ref]);
  }
  return [...found.values()].map(toRun).sort(compareRuns);
};

/**
 * Asks once about each (path, object) that a commit, a tree without a commit or a ref shows, and keeps no answer: for what must be
 * known of places before there are subjects.
 */
export const askPlaces = (input: Omit<OrphanInput, 'blobs' | 'subjectsOf'>): void => {
  const trees = input.filtered ?? new FilteredTrees(input.trees, input.markedSubtreeNames);
  const places = new Places(trees, input.trees, input.subjectsAt);
  for (const tree of input.commits.trees) if (tree >= 0) places.viewOf(tree);
  for (const tree of looseTrees(input, trees).tops) places.viewOf(tree);
  for (const { object } of input.objectTips) places.viewOf(object);
};

interface LooseTrees {
  /** By object number: 1 for what commits hold. */
  readonly committed: Uint8Array;
  /** Top-most trees of those that no commit holds. */
  readonly tops: readonly number[];
}

/** Found once for the trees of one history, however often they are asked about. */
const looseTrees = (
  { trees: entries, commits }: Pick<OrphanInput, 'trees' | 'commits'>,
  trees: FilteredTrees,
): LooseTrees => {
  const known = looseTreesOf.get(trees);
  if (known?.commits === commits) return known;
  const committed = below(entries, trees, commits.trees);
  const found = { commits, committed, tops: topmost(entries, trees, committed) };
  looseTreesOf.set(trees, found);
  return found;
};

const looseTreesOf = new WeakMap<FilteredTrees, LooseTrees & { readonly commits: OrphanInput['commits'] }>();

interface Found {
  readonly subject: number;
  readonly path: string | null;
  readonly tree: number;
  readonly objects: Set<number>;
  readonly refs: Set<number>;
}

/** By object number: 1 for every marked object and tainted tree that stands below these trees, themselves included; adds to `found`. */
const below = (
  entries: TreeEntries,
  trees: FilteredTrees,
  tops: Iterable<number>,
  found: Uint8Array = new Uint8Array(trees.tainted.limit),
): Uint8Array => {
  const open: number[] = [];
  const visit = (object: number): void => {
    if (object < 0 || found[object] === 1) return;
    found[object] = 1;
    if (trees.tainted.isTainted(object)) open.push(object);
  };
  for (const top of tops) if (trees.tainted.isTainted(top)) visit(top);
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    for (const entry of trees.tainted.entriesOf(tree)) visit(entries.children[entry] ?? -1);
  }
  return found;
};

/** Tainted trees without a commit that no other tree holds; of trees that hold each other (forged names) the first. */
const topmost = (entries: TreeEntries, trees: FilteredTrees, committed: Uint8Array): number[] => {
  const loose: number[] = [];
  for (let tree = 0; tree < committed.length; tree++) {
    if (committed[tree] !== 1 && trees.tainted.isTainted(tree)) loose.push(tree);
  }
  const isHeld = new Uint8Array(committed.length);
  for (const tree of loose) {
    for (const entry of trees.tainted.entriesOf(tree)) {
      const child = entries.children[entry] ?? -1;
      if (child >= 0) isHeld[child] = 1;
    }
  }
  const tops = loose.filter((tree) => isHeld[tree] !== 1);
  const covered = below(entries, trees, tops);
  for (const tree of loose) {
    if (covered[tree] === 1) continue;
    tops.push(tree);
    below(entries, trees, [tree], covered);
  }
  return tops;
};

const addView = (
  found: Map<string, Found>,
  places: Places,
  tree: number,
  isWanted: (object: number) => boolean,
  refs: readonly number[],
): void => {
  const open: View[] = [places.viewOf(tree)];
  const seen = new Set<View>();
  for (let view = open.pop(); view; view = open.pop()) {
    if (seen.has(view)) continue;
    seen.add(view);
    open.push(...view.children);
    for (const [index, key] of view.keys.entries()) {
      const object = view.objects[index] ?? -1;
      if (!isWanted(object)) continue;
      const [subject, path] = [places.subjectOf(key), places.pathOf(key)];
      add(found, `${subject}/${path}`, { subject, path, tree, object }, refs);
    }
  }
};

const addBlob = (
  found: Map<string, Found>,
  blob: number,
  subjects: readonly number[],
  refs: readonly number[],
): void => {
  for (const subject of subjects) {
    add(found, `${subject}:${blob}`, { subject, path: null, tree: -1, object: blob }, refs);
  }
};

const add = (
  found: Map<string, Found>,
  key: string,
  { object, ...place }: { subject: number; path: string | null; tree: number; object: number },
  refs: readonly number[],
): void => {
  const entry = found.get(key) ?? { ...place, objects: new Set(), refs: new Set() };
  entry.objects.add(object);
  for (const ref of refs) entry.refs.add(ref);
  found.set(key, entry);
};

const toRun = ({ subject, path, tree, objects, refs }: Found): Run => {
  const sorted = [...objects].sort((a, b) => a - b);
  return {
    subject,
    path,
    origins: [],
    introduced: -1,
    removed: -1,
    last: -1,
    firstBlob: sorted[0] ?? -1,
    lastBlob: sorted.at(-1) ?? -1,
    blobs: sorted.length,
    refs: [...refs].filter((ref) => ref >= 0).sort((a, b) => a - b),
    inTips: refs.size > 0,
    reachable: refs.size > 0,
    tree,
  };
};

const compareRuns = (a: Run, b: Run): number =>
  a.subject - b.subject ||
  Number(a.path !== null) - Number(b.path !== null) ||
  compareText(a.path ?? '', b.path ?? '') ||
  a.firstBlob - b.firstBlob;
