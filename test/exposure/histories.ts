import fc from 'fast-check';
import type { CommitTable, TreeEntries } from '../../src/exposure/index.ts';
import type { Oid } from '../../src/git/index.ts';

export interface Row {
  readonly tree: number;
  readonly name: string;
  readonly child: number;
  readonly isSubtree: boolean;
}

/** A whole history as plain values: all rows of all trees, and the commits. */
export interface History {
  readonly commits: CommitTable;
  readonly rows: readonly Row[];
  readonly blobs: readonly number[];
}

/** One commit of a drawn history. Numbers are taken modulo what there is. */
export interface Draw {
  readonly parents: readonly number[];
  readonly changes: readonly { readonly path: string; readonly blob: number | null; readonly isExecutable: boolean }[];
  readonly date: number;
  /** Takes the whole tree of this other commit: reverts, re-introductions. */
  readonly treeOf: number | null;
}

/** Few and nested, so that files become directories and back, and the same blob stands at several paths. */
export const paths = ['a', 'a/b', 'a/b/c', 'a/d', 'e/f', 'e/g/h', 'e', 'i', 'i.b', 'i/j'];
export const blobChoices = 6;

export const drawnHistory = (maxCommits: number, minCommits = 1): fc.Arbitrary<readonly Draw[]> =>
  fc.array(
    fc.record({
      // Mostly the commit just before, now and then others: branches, merges, octopus, new roots.
      parents: fc.oneof(
        { weight: 6, arbitrary: fc.constant([0]) },
        { weight: 2, arbitrary: fc.uniqueArray(fc.nat(5), { minLength: 2, maxLength: 4 }) },
        { weight: 2, arbitrary: fc.array(fc.nat(9), { minLength: 1, maxLength: 1 }) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      changes: fc.array(
        fc.record({
          path: fc.constantFrom(...paths),
          blob: fc.option(fc.nat(blobChoices - 1), { freq: 3 }),
          isExecutable: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      date: fc.oneof({ weight: 4, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(40) }),
      treeOf: fc.option(fc.nat(9), { freq: 8 }),
    }),
    { minLength: minCommits, maxLength: maxCommits, size: 'max' },
  );

export interface PlannedCommit {
  readonly parents: readonly number[];
  readonly files: ReadonlyMap<string, { readonly blob: number; readonly isExecutable: boolean }>;
  readonly date: number;
}

/** What the draws mean: every commit with its parents (earlier commits) and its whole tree. */
export const plan = (draws: readonly Draw[]): PlannedCommit[] => {
  const commits: PlannedCommit[] = [];
  draws.forEach((draw, index) => {
    const parents = index === 0 ? [] : [...new Set(draw.parents.map((back) => Math.max(0, index - 1 - back)))];
    const from = draw.treeOf === null || index === 0 ? parents[0] : Math.max(0, index - 1 - draw.treeOf);
    const files = new Map(from === undefined ? [] : commits[from]?.files);
    for (const { path, blob, isExecutable } of draw.changes) {
      for (const other of [...files.keys()]) {
        if (other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other);
      }
      if (blob !== null) files.set(path, { blob, isExecutable });
    }
    commits.push({ parents, files, date: draw.date < 0 ? index : draw.date });
  });
  return commits;
};

/** The plan as numbered objects, without git: blobs first, then trees. */
export const inMemory = (planned: readonly PlannedCommit[]): History => {
  const rows: Row[] = [];
  const treeNumbers = new Map<string, number>();
  let next = blobChoices;
  const treeOf = (files: ReadonlyMap<string, number>): number => {
    const here = new Map<string, { blob: number } | { files: Map<string, number> }>();
    for (const [path, blob] of files) {
      const [name = '', ...rest] = path.split('/');
      if (rest.length === 0) here.set(name, { blob });
      else {
        const known = here.get(name);
        const below = known && 'files' in known ? known.files : new Map<string, number>();
        here.set(name, { files: below.set(rest.join('/'), blob) });
      }
    }
    const entries = [...here].map(([name, entry]) =>
      'blob' in entry
        ? { name, child: entry.blob, isSubtree: false }
        : { name, child: treeOf(entry.files), isSubtree: true },
    );
    const content = JSON.stringify(entries.sort((a, b) => (a.name < b.name ? -1 : 1)));
    const known = treeNumbers.get(content);
    if (known !== undefined) return known;
    const tree = next++;
    treeNumbers.set(content, tree);
    rows.push(...entries.map((entry) => ({ tree, ...entry })));
    return tree;
  };
  const commits = planned.map(({ parents, files, date }) => ({
    parents,
    date,
    tree: treeOf(new Map([...files].map(([path, { blob }]) => [path, blob]))),
  }));
  return { commits: commitTable(commits), rows, blobs: Array.from({ length: blobChoices }, (_, i) => i) };
};

export const commitTable = (
  commits: readonly { readonly parents: readonly number[]; readonly tree: number; readonly date: number }[],
  oids: readonly Oid[] = [],
): CommitTable => {
  const starts = [0];
  for (const { parents } of commits) starts.push((starts.at(-1) ?? 0) + parents.length);
  return {
    count: commits.length,
    objects: Uint32Array.from(commits, (_, index) => 10_000 + index),
    trees: Int32Array.from(commits, ({ tree }) => tree),
    parentStarts: Uint32Array.from(starts),
    parents: Int32Array.from(commits.flatMap(({ parents }) => parents)),
    dates: Float64Array.from(commits, ({ date }) => date),
    oid: (commit) => oids[commit] ?? (commit.toString(16).padStart(40, '0') as Oid),
  };
};

/** Rows as the pass over trees records them, in the order given: a list for each run of rows of one tree, and an entry a row. */
export const treeEntries = (rows: readonly Row[]): TreeEntries => {
  const names = [...new Set(rows.map(({ name }) => name))];
  const starts = [...rows.keys(), rows.length].filter(
    (at) => rows[at] === undefined || rows[at].tree !== rows[at - 1]?.tree,
  );
  return {
    trees: Uint32Array.from(starts.slice(0, -1), (at) => rows[at]?.tree ?? -1),
    starts: Uint32Array.from(starts),
    rows: Uint32Array.from(rows.keys()),
    nameIds: Uint32Array.from(rows, ({ name }) => names.indexOf(name)),
    children: Int32Array.from(rows, ({ child }) => child),
    isSubtree: Uint8Array.from(rows, ({ isSubtree }) => Number(isSubtree)),
    names,
  };
};

export type FilesOf = (tree: number) => ReadonlyMap<string, ReadonlySet<number>>;

/** Path → objects of a tree, by plain recursion over all rows. */
export const flattener = (rows: readonly Row[]): FilesOf => {
  const byTree = Map.groupBy(rows, ({ tree }) => tree);
  const known = new Map<number, Map<string, Set<number>>>();
  const flatten = (tree: number): Map<string, Set<number>> => {
    const done = known.get(tree);
    if (done) return done;
    const files = new Map<string, Set<number>>();
    const add = (path: string, object: number) => {
      files.set(path, (files.get(path) ?? new Set()).add(object));
    };
    for (const { name, child, isSubtree } of byTree.get(tree) ?? []) {
      if (!isSubtree) add(name, child);
      else for (const [path, objects] of flatten(child)) for (const object of objects) add(`${name}/${path}`, object);
    }
    known.set(tree, files);
    return files;
  };
  return flatten;
};
