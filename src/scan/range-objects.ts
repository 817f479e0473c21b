import type { ObjectFormat, Oid } from '../git/index.ts';
import type { ObjectBatch } from '../objects/index.ts';
import { changedEntries, eachEntry } from './tree-changes.ts';

/** What of the store a range needs, in the order in which it was met. */
export interface NeededObjects {
  readonly trees: Set<Oid>;
  readonly blobs: Set<Oid>;
}

/** A commit's root tree, and those of its parents as far as they are here. */
export interface Comparison {
  readonly tree: Oid;
  readonly others: readonly Oid[];
}

/**
 * Adds what the trees have and none of those that they are compared with: new blobs, what stood in their place before (to tell what is new in
 * them), and the trees on the way. Work follows what differs: where two trees are one, nothing below is looked at.
 */
export const addChanges = async (
  batch: ObjectBatch,
  format: ObjectFormat,
  comparisons: readonly Comparison[],
  needed: NeededObjects,
): Promise<void> => {
  const done = new Set<string>();
  for (let at = 0; at < comparisons.length; at += comparisonsAtOnce) {
    const trees = new Map<Oid, Uint8Array>();
    let open = notDone(comparisons.slice(at, at + comparisonsAtOnce), done);
    while (open.length > 0) {
      await readTrees(batch, new Set(open.flatMap(({ tree, others }) => [tree, ...others])), trees);
      open = notDone(
        open.flatMap((comparison) => compare(comparison, trees, format, needed)),
        done,
      );
    }
  }
};

/** Their trees are in memory together, a level of folders at a time. */
const comparisonsAtOnce = 64;

const notDone = (comparisons: readonly Comparison[], done: Set<string>): readonly Comparison[] =>
  comparisons.filter(({ tree, others }) => {
    const key = [tree, ...others].join(' ');
    if (others.includes(tree) || done.has(key)) return false;
    done.add(key);
    return true;
  });

const readTrees = async (batch: ObjectBatch, wanted: ReadonlySet<Oid>, trees: Map<Oid, Uint8Array>): Promise<void> => {
  await batch.read(
    [...wanted].filter((oid) => !trees.has(oid)),
    (oid, type, bytes) => {
      if (type === 'tree') trees.set(oid, bytes);
    },
  );
};

/** What cannot be read shows nothing; as an object that is needed it is missed later, and named. */
const compare = (
  { tree, others }: Comparison,
  trees: ReadonlyMap<Oid, Uint8Array>,
  format: ObjectFormat,
  needed: NeededObjects,
): readonly Comparison[] => {
  for (const oid of [tree, ...others]) needed.trees.add(oid);
  const bytes = trees.get(tree);
  if (bytes === undefined) return [];
  const theirs = others.flatMap((oid) => trees.get(oid) ?? []);
  const below: Comparison[] = [];
  for (const { kind, oid, before } of changedEntries(bytes, theirs, format)) {
    if (kind === 'tree') below.push({ tree: oid, others: before });
    else for (const blob of [oid, ...before]) needed.blobs.add(blob);
  }
  return below;
};

/**
 * Adds what stands at these paths, in all of these root trees: so is known when a thing that a commit brought went, also where a merge took
 * the other side's version. @param paths Latin-1 of their bytes.
 */
export const addPaths = async (
  batch: ObjectBatch,
  format: ObjectFormat,
  roots: readonly Oid[],
  paths: Iterable<string>,
  needed: NeededObjects,
): Promise<void> => {
  const top = folderOf(paths);
  const done = new Map<Folder, Set<Oid>>();
  let open = new Map<Oid, Set<Folder>>([...new Set(roots)].map((oid) => [oid, new Set([top])]));
  while (open.size > 0) {
    const next = new Map<Oid, Set<Folder>>();
    const current = open;
    await batch.read([...current.keys()], (tree, type, bytes) => {
      if (type !== 'tree') return;
      needed.trees.add(tree);
      eachEntry(bytes, format, (name, kind, oid) => {
        for (const folder of current.get(tree) ?? []) {
          if (kind === 'blob' && folder.files.has(name)) needed.blobs.add(oid);
          const below = kind === 'tree' ? folder.folders.get(name) : undefined;
          if (below !== undefined && isNew(done, below, oid)) next.set(oid, (next.get(oid) ?? new Set()).add(below));
        }
      });
    });
    open = next;
  }
};

interface Folder {
  readonly files: Set<string>;
  readonly folders: Map<string, Folder>;
}

const folderOf = (paths: Iterable<string>): Folder => {
  const top: Folder = { files: new Set(), folders: new Map() };
  for (const path of paths) {
    const names = path.split('/');
    const file = names.pop() ?? '';
    let folder = top;
    for (const name of names) {
      const below: Folder = folder.folders.get(name) ?? { files: new Set(), folders: new Map() };
      folder.folders.set(name, below);
      folder = below;
    }
    folder.files.add(file);
  }
  return top;
};

const isNew = (done: Map<Folder, Set<Oid>>, folder: Folder, oid: Oid): boolean => {
  const seen = done.get(folder) ?? new Set();
  if (seen.has(oid)) return false;
  done.set(folder, seen.add(oid));
  return true;
};
