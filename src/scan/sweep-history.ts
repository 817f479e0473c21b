import type { CommitTable, TreeEntries } from '../exposure/index.ts';
import { oidBytes, oidFromBytes } from '../git/index.ts';
import { type Inventory, type ObjectSource, type StoreProblem, sweep, typeCodes } from '../objects/index.ts';
import { createPathMatcher, pathRules } from '../rules/index.ts';
import type { Emit, Phase } from './events.ts';
import { verdictAt } from './expiry.ts';
import type { CommitRow, FindInit, FindResult } from './find-visitor.ts';
import { moduleUrl } from './module-url.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';
import { Subjects } from './subjects.ts';
import type { TreeInit, TreeResult } from './tree-visitor.ts';

/** What all objects of a repository say, before anybody asked which commit showed what. */
export interface SweptHistory {
  readonly subjects: Subjects;
  readonly commits: CommitTable;
  /** Object number of a tag → object number of what it names, -1 if that is not there. */
  readonly tagTargets: ReadonlyMap<number, number>;
  /** Where the message starts in a commit or tag that shows something, in bytes of the object. */
  readonly messageStarts: ReadonlyMap<number, number>;
  readonly trees: TreeEntries;
  readonly stats: { bytesInflated: number; bytesLookedAt: number; candidates: number; decided: number };
  readonly scannedBlobs: number;
  readonly skipped: readonly number[];
  readonly problems: readonly StoreProblem[];
  /** Objects that trees or commits name and the store lacks: hex oids, ascending. */
  readonly missing: readonly string[];
  readonly complete: boolean;
  /** This run's key for identities. */
  readonly key: Uint8Array;
  /** When findings expire, milliseconds since 1970. */
  readonly expiries: readonly number[];
}

export interface SweepHistoryRequest {
  readonly source: ObjectSource;
  readonly inventory: Inventory;
  readonly rules: RuleSelection;
  /** Commits at which history was cut. */
  readonly shallow: ReadonlySet<number>;
  readonly maxBlobSizeBytes: number | null;
  readonly jobs: number;
  /** For identities: random, of this run alone or of the cache. */
  readonly key: Uint8Array;
  /** This run's time, milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/**
 * Reads every object once: blobs, commits and tags for what leaked, then trees for where. Trees come after blobs, so that one pass
 * over them knows which blobs matter; what a sensitive name leads to is read again after it.
 */
export const sweepHistory = async (request: SweepHistoryRequest): Promise<SweptHistory> => {
  const { inventory, maxBlobSizeBytes } = request;
  const { key } = request;
  const isTooLarge = (object: number): boolean =>
    maxBlobSizeBytes !== null &&
    inventory.types[object] === typeCodes.blob &&
    (inventory.sizes[object] ?? 0) > maxBlobSizeBytes;
  const skipped = [...inventory.order.filter(isTooLarge)].sort((a, b) => a - b);
  const found = await sweepForFindings(request, key, isTooLarge);
  const trees = await sweepTrees(request, found.subjects);
  return {
    ...found,
    commits: commitTable(inventory, found.commitRows),
    trees: trees.entries,
    stats: sumStats(found.stats, trees.stats),
    skipped,
    problems: [...inventory.problems, ...found.problems, ...trees.problems],
    missing: [...new Set([...found.missing, ...trees.missing])].sort(),
    complete: found.complete && trees.complete,
    key,
  };
};

/** The pass over trees once more, for blobs that turned out to matter after the first. */
export const sweepTreesAgain = async (request: SweepHistoryRequest, swept: SweptHistory): Promise<SweptHistory> => {
  const { entries, stats, complete } = await sweepTrees(request, swept.subjects);
  return { ...swept, trees: entries, stats: sumStats(swept.stats, stats), complete: swept.complete && complete };
};

const commonInit = ({ inventory, rules }: SweepHistoryRequest) => ({
  oids: inventory.oids,
  count: inventory.count,
  format: inventory.format,
  rules,
});

/** Counts what is done of a phase, in bytes. */
const progressOf = (emit: Emit, phase: Phase, total: number): ((sizeBytes: number) => void) => {
  let done = 0;
  emit({ type: 'progress', phase, done, total, unit: 'bytes' });
  return (sizeBytes) => {
    done += sizeBytes;
    emit({ type: 'progress', phase, done, total, unit: 'bytes' });
  };
};

const bytesOf = (inventory: Inventory, objects: Uint32Array): number =>
  objects.reduce((sum, object) => sum + (inventory.sizes[object] ?? 0), 0);

const sweepForFindings = async (
  request: SweepHistoryRequest,
  key: Uint8Array,
  isTooLarge: (object: number) => boolean,
) => {
  const { inventory, emit } = request;
  const rules = selectRules(request.rules);
  const objects = inventory.order.filter((object) => {
    const type = inventory.types[object];
    return type !== typeCodes.tree && type !== typeCodes.unknown && !isTooLarge(object);
  });
  const total = bytesOf(inventory, objects);
  const passed = progressOf(emit, 'blobs', total);
  const results: FindResult[] = [];
  const { problems, complete } = await sweep({
    ...request,
    objects,
    visitorModule: moduleUrl('find-visitor'),
    init: { ...commonInit(request), key } satisfies FindInit,
    onShard: (shard, result, sizeBytes) => {
      results[shard] = result as FindResult;
      for (const row of (result as FindResult).findings) {
        const rule = rules[row.rule];
        if (rule === undefined) continue;
        emit({
          type: 'finding-found',
          rule: rule.id,
          oid: oidText(inventory, row.object),
          severity: row.severity,
          verdict: verdictAt(row, request.now),
        });
      }
      passed(sizeBytes);
    },
  });
  // By shard, which is the order of the store: no thread's speed shows in what follows.
  const inOrder = results.filter((result) => result !== undefined);
  const subjects = new Subjects();
  for (const { findings } of inOrder) {
    for (const row of findings) {
      const rule = rules[row.rule];
      if (rule !== undefined) {
        const { object, start, end, severity } = row;
        subjects.see(object, row.identity, { rule, start, end, severity, verdict: verdictAt(row, request.now) });
      }
    }
  }
  const commitRows = inOrder.flatMap(({ commits }) => commits);
  return {
    subjects,
    commitRows,
    expiries: inOrder.flatMap(({ findings }) => findings.flatMap(({ expires }) => expires ?? [])),
    messageStarts: new Map(
      inOrder.flatMap(({ commits, tags }) =>
        [...commits, ...tags]
          .filter(({ object }) => subjects.sightingsIn(object).length > 0)
          .map(({ object, messageAt }) => [object, messageAt] as const),
      ),
    ),
    tagTargets: new Map(inOrder.flatMap(({ tags }) => tags.map((tag) => [tag.object, tag.target] as const))),
    stats: sumStats(
      { ...noStats, bytesInflated: total },
      ...inOrder.map(({ stats }) => ({ ...stats, bytesInflated: 0 })),
    ),
    scannedBlobs:
      objects.reduce((sum, object) => sum + (inventory.types[object] === typeCodes.blob ? 1 : 0), 0) - problems.length,
    problems,
    // Where a shallow clone was cut, parents are missing on purpose.
    missing: inOrder.flatMap(({ missing }) =>
      missing.filter(({ namedBy }) => !request.shallow.has(namedBy)).map(({ oid }) => oid),
    ),
    complete,
  };
};

type Stats = SweptHistory['stats'];
const noStats: Stats = { bytesInflated: 0, bytesLookedAt: 0, candidates: 0, decided: 0 };
const sumStats = (...list: readonly Stats[]): Stats =>
  list.reduce(
    (sum, one) => ({
      bytesInflated: sum.bytesInflated + one.bytesInflated,
      bytesLookedAt: sum.bytesLookedAt + one.bytesLookedAt,
      candidates: sum.candidates + one.candidates,
      decided: sum.decided + one.decided,
    }),
    noStats,
  );

const oidText = (inventory: Inventory, object: number): string => {
  const length = oidBytes(inventory.format);
  return oidFromBytes(inventory.oids, object * length, length);
};

const commitTable = (inventory: Inventory, rows: readonly CommitRow[]): CommitTable => {
  const sorted = [...rows].sort((a, b) => a.object - b.object);
  const indexOf = new Int32Array(inventory.count).fill(-1);
  sorted.forEach(({ object }, index) => {
    indexOf[object] = index;
  });
  const parentStarts = new Uint32Array(sorted.length + 1);
  sorted.forEach(({ parents }, index) => {
    parentStarts[index + 1] = (parentStarts[index] ?? 0) + parents.length;
  });
  const objects = Uint32Array.from(sorted, ({ object }) => object);
  return {
    count: sorted.length,
    objects,
    trees: Int32Array.from(sorted, ({ tree }) => (inventory.types[tree] === typeCodes.tree ? tree : -1)),
    parentStarts,
    parents: Int32Array.from(
      sorted.flatMap(({ parents }) => parents),
      (parent) => (parent < 0 ? -1 : (indexOf[parent] ?? -1)),
    ),
    dates: Float64Array.from(sorted, ({ date }) => date),
    oid: (commit) => oidText(inventory, objects[commit] ?? 0) as ReturnType<CommitTable['oid']>,
  };
};

/** One bit an object: it shows something. */
export const taintedBy = (subjects: Subjects, inventory: Inventory): Uint8Array => {
  const tainted = new Uint8Array(new SharedArrayBuffer(Math.ceil(inventory.count / 8)));
  for (const object of subjects.objects()) tainted[object >> 3] = (tainted[object >> 3] ?? 0) | (1 << (object & 7));
  return tainted;
};

/** One pass for the entries that matter, and where a folder's name makes all below it matter, one more over its trees. */
const sweepTrees = async (request: SweepHistoryRequest, subjects: Subjects) => {
  const { inventory } = request;
  const tainted = taintedBy(subjects, inventory);
  const all = inventory.order.filter((object) => inventory.types[object] === typeCodes.tree);
  const passed = progressOf(request.emit, 'trees', bytesOf(inventory, all));
  const first = await treePass(request, all, tainted, false, passed);
  const below = treesBelowSensitiveFolders(first.entries);
  if (below.length === 0) return first;
  const second = await treePass(request, Uint32Array.from(below), tainted, true, () => {});
  return {
    ...first,
    entries: replaceTrees(first.entries, second.entries),
    stats: sumStats(first.stats, second.stats),
    problems: first.problems,
  };
};

const treePass = async (
  request: SweepHistoryRequest,
  objects: Uint32Array,
  tainted: Uint8Array,
  everything: boolean,
  passed: (sizeBytes: number) => void,
) => {
  const results: TreeResult[] = [];
  const { problems, complete } = await sweep({
    ...request,
    objects,
    visitorModule: moduleUrl('tree-visitor'),
    init: { ...commonInit(request), tainted, everything } satisfies TreeInit,
    onShard: (shard, result, sizeBytes) => {
      results[shard] = result as TreeResult;
      passed(sizeBytes);
    },
  });
  const inOrder = results.filter((result) => result !== undefined);
  const length = oidBytes(request.inventory.format);
  const bytesInflated = bytesOf(request.inventory, objects);
  return {
    entries: concatEntries(inOrder),
    stats: sumStats({ ...noStats, bytesInflated }, ...inOrder.map(({ stats }) => ({ ...stats, bytesInflated: 0 }))),
    problems: [
      ...problems,
      ...inOrder.flatMap(({ malformed }) =>
        malformed.map((tree) => ({
          oid: oidText(request.inventory, tree) as StoreProblem['oid'],
          where: 'object',
          reason: 'a tree that ends in the middle of an entry',
        })),
      ),
    ],
    missing: inOrder.flatMap(({ missing }) =>
      Array.from(
        { length: missing.length / length },
        (_, index) => oidFromBytes(missing, index * length, length) as string,
      ),
    ),
    complete,
  };
};

const concatEntries = (results: readonly TreeResult[]): TreeEntries => {
  const names = new Names();
  return joinEntries(
    results.map((result) => ({
      count: result.trees.length,
      trees: result.trees,
      nameIds: names.renumber(result.names, result.nameTexts),
      children: result.children,
      isSubtree: result.isSubtree,
    })),
    names.list,
  );
};

/** The second list's trees replace their rows in the first: it holds all of their entries. */
const replaceTrees = (first: TreeEntries, second: TreeEntries): TreeEntries => {
  const replaced = new Set(second.trees);
  const names = new Names();
  const isKept = (_: number, row: number): boolean => !replaced.has(first.trees[row] ?? 0);
  const kept = {
    trees: first.trees.filter(isKept),
    nameIds: names.renumber(first.nameIds, first.names).filter(isKept),
    children: first.children.filter(isKept),
    isSubtree: first.isSubtree.filter(isKept),
  };
  const added = { ...second, nameIds: names.renumber(second.nameIds, second.names) };
  return joinEntries([{ ...kept, count: kept.trees.length }, added], names.list);
};

const joinEntries = (parts: readonly Omit<TreeEntries, 'names'>[], names: readonly string[]): TreeEntries => {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const joined = {
    trees: new Uint32Array(count),
    nameIds: new Uint32Array(count),
    children: new Int32Array(count),
    isSubtree: new Uint8Array(count),
  };
  let at = 0;
  for (const part of parts) {
    joined.trees.set(part.trees, at);
    joined.nameIds.set(part.nameIds, at);
    joined.children.set(part.children, at);
    joined.isSubtree.set(part.isSubtree, at);
    at += part.count;
  }
  return { count, ...joined, names };
};

/** Names of several lists in one, each once. */
class Names {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  renumber(ids: Uint32Array, texts: readonly string[]): Uint32Array {
    const numbers = texts.map((text) => {
      const known = this.#numbers.get(text);
      if (known !== undefined) return known;
      const number = this.list.push(text) - 1;
      this.#numbers.set(text, number);
      return number;
    });
    return ids.map((id) => numbers[id] ?? 0);
  }
}

const treesBelowSensitiveFolders = (entries: TreeEntries): number[] => {
  const matcher = createPathMatcher(pathRules);
  const isFolder = entries.names.map((name) => matcher.maybeFolder(name));
  const below = new Map<number, number[]>();
  const open: number[] = [];
  for (let row = 0; row < entries.count; row++) {
    if (entries.isSubtree[row] !== 1) continue;
    const child = entries.children[row] ?? -1;
    if (child < 0) continue;
    const tree = entries.trees[row] ?? 0;
    const list = below.get(tree);
    if (list === undefined) below.set(tree, [child]);
    else list.push(child);
    if (isFolder[entries.nameIds[row] ?? 0] === true) open.push(child);
  }
  const seen = new Set<number>();
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    if (seen.has(tree)) continue;
    seen.add(tree);
    open.push(...(below.get(tree) ?? []));
  }
  return [...seen].sort((a, b) => a - b);
};
