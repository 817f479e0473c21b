import type { CommitTable, Tip } from '../exposure/index.ts';
import { type ObjectFormat, type Oid, oidBytes, oidFromBytes, parseOid, type ReadGit } from '../git/index.ts';
import {
  findObject,
  type Inventory,
  noObject,
  type ObjectBatch,
  parseCommit,
  parseTag,
  typeCodes,
} from '../objects/index.ts';
import type { Repository } from '../repo/index.ts';
import type { RefTable } from './ref-table.ts';
import { typedInventoryOf } from './small-inventory.ts';

/** A commit as far as a range needs it. */
export interface RangeCommit {
  readonly tree: Oid | null;
  readonly parents: readonly Oid[];
  /** Committer date in seconds; NaN where there is none. */
  readonly date: number;
}

export type CommitMap = ReadonlyMap<Oid, RangeCommit>;

/** Reads commits. @returns those that are there, in this order, and the oids of the others. */
export const readCommits = async (
  batch: ObjectBatch,
  format: ObjectFormat,
  oids: readonly Oid[],
): Promise<{ readonly commits: CommitMap; readonly unread: readonly Oid[] }> => {
  const commits = new Map<Oid, RangeCommit>();
  const unread = await batch.read(oids, (oid, type, bytes) => {
    if (type !== 'commit') return;
    const { tree, parents, committers } = parseCommit(bytes, format);
    commits.set(oid, { tree, parents, date: committers[0]?.seconds ?? Number.NaN });
  });
  return { commits, unread: [...unread, ...oids.filter((oid) => !commits.has(oid) && !unread.includes(oid))] };
};

/** Where refs lead: of a tag also through which tags. */
export interface RefEnds {
  readonly names: readonly string[];
  /** By ref: the tags on the way, and the commit at the end, null where there is none. */
  readonly trails: readonly { readonly tags: readonly Oid[]; readonly commit: Oid | null }[];
  readonly broken: readonly { readonly name: string; readonly oid: Oid }[];
}

/** All of refs/* and the HEAD of every worktree that is on no branch. */
export const refEnds = async (repository: Repository, readGit: ReadGit, batch: ObjectBatch): Promise<RefEnds> => {
  const heads = repository.worktrees.flatMap(({ id, head }) =>
    head.symbolic === null && head.oid !== null
      ? [{ name: id === null ? 'HEAD' : `worktrees/${id}/HEAD`, oid: head.oid }]
      : [],
  );
  const all: readonly { readonly name: string; readonly oid: Oid }[] = [...heads, ...repository.refs];
  const { format } = repository;
  const targets = new Map<Oid, { readonly oid: Oid; readonly isTag: boolean }>();
  const isCommit = new Set<Oid>();
  const seen = new Set<Oid>();
  const isThere = new Set<Oid>();
  for (let open = all.map(({ oid }) => oid); open.length > 0; ) {
    const inventory = await typedInventoryOf(readGit, open, format);
    const ofType = (type: number): Oid[] =>
      [...inventory.order.filter((object) => inventory.types[object] === type)].map((object) =>
        oidOf(inventory, object),
      );
    for (const oid of ofType(typeCodes.commit)) isCommit.add(oid);
    const tags = ofType(typeCodes.tag);
    for (const object of inventory.order) {
      if (inventory.types[object] !== typeCodes.unknown) isThere.add(oidOf(inventory, object));
      seen.add(oidOf(inventory, object));
    }
    await batch.read(tags, (oid, type, bytes) => {
      const tag = type === 'tag' ? parseTag(bytes, format) : null;
      if (tag?.object) targets.set(oid, { oid: tag.object, isTag: tag.type === 'tag' });
    });
    // A ring of tags, which only a forged store has, ends here.
    open = tags.flatMap((oid) => targets.get(oid)?.oid ?? []).filter((oid) => !seen.has(oid));
  }
  return {
    names: all.map(({ name }) => name),
    trails: all.map(({ oid }) => {
      const tags: Oid[] = [];
      let end = oid;
      for (let next = targets.get(end); next !== undefined && !tags.includes(end); next = targets.get(end)) {
        tags.push(end);
        end = next.oid;
      }
      return { tags, commit: isCommit.has(end) ? end : null };
    }),
    broken: all.filter(({ oid }) => !isThere.has(oid)),
  };
};

/** Refs as a report counts them, over the commits of a table. */
export const rangeRefs = (
  { names, trails, broken }: RefEnds,
  inventory: Inventory,
  commitOf: (oid: Oid) => number,
): RefTable => {
  const tips: Tip[] = [];
  const direct = new Map<number, number[]>();
  trails.forEach(({ tags, commit }, ref) => {
    const index = commit === null ? -1 : commitOf(commit);
    if (index >= 0) tips.push({ commit: index, ref });
    for (const tag of tags) {
      const object = findObject(inventory, Buffer.from(tag, 'hex'), 0);
      if (object >= 0) direct.set(object, [...(direct.get(object) ?? []), ref]);
    }
  });
  return { names, tips, direct, broken };
};

/** Parents by commit: commits through which refs may reach a range. */
export type Walked = ReadonlyMap<Oid, readonly Oid[]>;

/** What these reach, no further back than `sinceSeconds`. Empty where git cannot walk. */
export const walkFrom = async (
  readGit: ReadGit,
  tips: readonly Oid[],
  sinceSeconds: number | null,
): Promise<Walked> => {
  if (tips.length === 0) return new Map();
  const age = sinceSeconds === null ? [] : [`--max-age=${Math.max(0, Math.floor(sinceSeconds))}`];
  const { stdout, code } = await readGit.run(['rev-list', '--parents', ...age, '--stdin'], `${tips.join('\n')}\n`);
  if (code !== 0) return new Map();
  const lines = Buffer.from(stdout).toString('latin1').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [oid, ...parents] = line.split(' ').flatMap((word) => parseOid(word) ?? []);
      return oid === undefined ? [] : [[oid, parents] as const];
    }),
  );
};

/** The commits of a range, with those around it that tell what it brings and who reaches it. */
export interface RangeGraph {
  /** Those whose contribution is asked for. */
  readonly own: CommitMap;
  /** Their parents beyond, without any of their own: what these show was there before. */
  readonly boundary: CommitMap;
  /** Tips of refs beyond the range: what these show is still there. */
  readonly tips: CommitMap;
  /** From such tips down to the range; of these only the parents are known. */
  readonly walked: Walked;
}

export interface RangeTable {
  readonly commits: CommitTable;
  readonly indexOf: ReadonlyMap<Oid, number>;
  /** By index: 1 for the range's own. */
  readonly isOwn: Uint8Array;
}

/** Commits with an object first, by oid; then those that were only walked. */
export const rangeTable = (graph: RangeGraph, inventory: Inventory): RangeTable => {
  const known = new Map<Oid, RangeCommit>([...graph.boundary, ...graph.tips, ...graph.own]);
  const withObject = [...known.keys()].sort();
  const others = [...graph.walked.keys()].filter((oid) => !known.has(oid));
  const oids = [...withObject, ...others];
  const indexOf = new Map(oids.map((oid, index) => [oid, index] as const));
  const parents = oids.map((oid) =>
    graph.boundary.has(oid) ? [] : (graph.own.get(oid)?.parents ?? graph.walked.get(oid) ?? []),
  );
  const parentStarts = new Uint32Array(oids.length + 1);
  parents.forEach((list, index) => {
    parentStarts[index + 1] = (parentStarts[index] ?? 0) + list.length;
  });
  const numberOf = (oid: Oid | null): number => (oid === null ? -1 : findObject(inventory, Buffer.from(oid, 'hex'), 0));
  const treeOf = (oid: Oid): number => {
    const tree = numberOf(known.get(oid)?.tree ?? null);
    return inventory.types[tree] === typeCodes.tree ? tree : -1;
  };
  return {
    commits: {
      count: oids.length,
      objects: Uint32Array.from(oids, (oid) => (known.has(oid) ? numberOf(oid) : noObject)),
      trees: Int32Array.from(oids, treeOf),
      parentStarts,
      parents: Int32Array.from(parents.flatMap((list) => list.map((parent) => indexOf.get(parent) ?? -1))),
      dates: Float64Array.from(oids, (oid) => known.get(oid)?.date ?? Number.NaN),
      oid: (commit) => oids[commit] as ReturnType<CommitTable['oid']>,
    },
    indexOf,
    isOwn: Uint8Array.from(oids, (oid) => (graph.own.has(oid) ? 1 : 0)),
  };
};

export const oidOf = ({ oids, format }: Inventory, object: number): Oid =>
  oidFromBytes(oids, object * oidBytes(format), oidBytes(format));
