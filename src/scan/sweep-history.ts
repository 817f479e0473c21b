import type { CommitTable, TreeEntries } from '../exposure/index.ts';
import { type Inventory, type StoreProblem, sweep, typeCodes } from '../objects/index.ts';
import { type CommitRows, joinCommits } from './commit-rows.ts';
import { verdictAt } from './expiry.ts';
import type { FindInit, FindingRow, FindResult, FoundRows } from './find-visitor.ts';
import { moduleUrl } from './module-url.ts';
import { selectRules } from './rule-selection.ts';
import { Subjects } from './subjects.ts';
import {
  bitsOf,
  commonInit,
  noStats,
  oidText,
  progressOf,
  type SweepHistoryRequest,
  type SweepStats,
  sumStats,
} from './sweep-request.ts';
import { type SweptTrees, sweepTrees, sweepTreesFor } from './sweep-trees.ts';

/** What all objects of a repository say, before anybody asked which commit showed what. */
export interface SweptHistory {
  readonly subjects: Subjects;
  readonly commits: CommitTable;
  /** Object number of a tag → object number of what it names, -1 if that is not there. */
  readonly tagTargets: ReadonlyMap<number, number>;
  /** Where the message starts in a commit or tag that shows something, in bytes of the object. */
  readonly messageStarts: ReadonlyMap<number, number>;
  readonly trees: TreeEntries;
  readonly stats: SweepStats;
  readonly scannedBlobs: number;
  readonly skipped: readonly number[];
  readonly problems: readonly StoreProblem[];
  /** Objects that trees or commits name and the store lacks: hex oids, ascending. */
  readonly missing: readonly string[];
  readonly complete: boolean;
  /** This run's key for identities. */
  readonly key: Uint8Array;
  /** How many objects an earlier scan had read. */
  readonly cached: number;
  /** All that was found, by object. */
  readonly rows: FoundRows;
  /** When findings expire, milliseconds since 1970. */
  readonly expiries: readonly number[];
  /** What it is joined of, for one more pass over trees. */
  readonly parts: { readonly found: Found; readonly trees: SweptTrees };
}

/** What blobs, commits and tags say. */
type Found = Omit<SweptHistory, 'trees' | 'parts'>;

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
  const found = await sweepForFindings(request, key, isTooLarge);
  // Asked afterwards: of what packs hold as deltas the size is known when it has been unpacked.
  const skipped = [...inventory.order.filter(isTooLarge)].sort((a, b) => a - b);
  const trees = await sweepTrees(request, taintedBy(found.subjects, inventory));
  const problems = [...inventory.problems, ...found.problems];
  return join({ ...found, commits: commitTable(inventory, found.rows.commits), skipped, problems, key }, trees);
};

/**
 * Adds to the trees what they hold of blobs that turned out to matter after the passes over them.
 * @returns `swept` itself where nothing was missing.
 */
export const sweepTreesAgain = async (
  request: SweepHistoryRequest,
  swept: SweptHistory,
  blobs: readonly number[],
): Promise<SweptHistory> => {
  const { found, trees } = swept.parts;
  const all = await sweepTreesFor(request, trees, blobs);
  return all === trees ? swept : join(found, all);
};

const join = (found: Found, trees: SweptTrees): SweptHistory => ({
  ...found,
  trees: trees.entries,
  stats: sumStats(found.stats, trees.stats),
  problems: [...found.problems, ...trees.problems],
  missing: [...new Set([...found.missing, ...trees.missing])].sort(),
  complete: found.complete && trees.complete,
  parts: { found, trees },
});

const sweepForFindings = async (
  request: SweepHistoryRequest,
  key: Uint8Array,
  isTooLarge: (object: number) => boolean,
) => {
  const { inventory, emit } = request;
  const rules = selectRules(request.rules);
  const isKnown = request.known?.isKnown;
  const counted = inventory.order.filter((object) => {
    const type = inventory.types[object];
    return type !== typeCodes.tree && type !== typeCodes.unknown && !isTooLarge(object);
  });
  const objects = isKnown === undefined ? counted : counted.filter((object) => isKnown[object] !== 1);
  const passed = progressOf(emit, 'blobs');
  const results: FindResult[] = [];
  const { problems, complete, bytesInflated, throughGit } = await sweep({
    ...request,
    objects,
    mostBlobBytes: request.maxBlobSizeBytes ?? Number.POSITIVE_INFINITY,
    visitorModule: moduleUrl('find-visitor'),
    init: { ...commonInit(request), key } satisfies FindInit,
    onShard: (shard, result, progress) => {
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
      passed(progress);
    },
  });
  const swept = results.filter((result) => result !== undefined);
  const rows = joinRows(request.known === null ? swept : [request.known.found, ...swept], inventory.count);
  const subjects = new Subjects();
  for (const row of rows.findings) {
    const rule = rules[row.rule];
    if (rule === undefined) continue;
    const { object, start, end, severity } = row;
    subjects.see(object, row.identity, { rule, start, end, severity, verdict: verdictAt(row, request.now) });
  }
  return {
    subjects,
    rows,
    cached: isKnown?.reduce((sum, one) => sum + one, 0) ?? 0,
    expiries: rows.findings.flatMap(({ expires }) => expires ?? []),
    messageStarts: messageStartsOf(rows, subjects),
    tagTargets: new Map(rows.tags.map((tag) => [tag.object, tag.target] as const)),
    stats: sumStats({ ...noStats, bytesInflated, throughGit }, ...swept.map(({ stats }) => ({ ...noStats, ...stats }))),
    scannedBlobs:
      counted.reduce(
        (sum, object) => sum + (inventory.types[object] === typeCodes.blob && !isTooLarge(object) ? 1 : 0),
        0,
      ) - problems.length,
    problems,
    // Where a shallow clone was cut, parents are missing on purpose.
    missing: rows.missing.filter(({ namedBy }) => !request.shallow.has(namedBy)).map(({ oid }) => oid),
    complete,
  };
};

/** By object and place: no thread's speed, no way of reading and no earlier scan shows in what follows. */
const joinRows = (parts: readonly FoundRows[], objectCount: number): FoundRows => ({
  findings: parts.flatMap(({ findings }) => findings).sort(byPlace),
  commits: joinCommits(
    parts.map(({ commits }) => commits),
    objectCount,
  ),
  tags: parts.flatMap(({ tags }) => tags).sort(byObject),
  missing: parts.flatMap(({ missing }) => missing),
});

const messageStartsOf = ({ commits, tags }: FoundRows, subjects: Subjects): ReadonlyMap<number, number> => {
  const starts = new Map<number, number>();
  const note = (object: number, start: number): void => {
    if (subjects.sightingsIn(object).length > 0) starts.set(object, start);
  };
  for (let row = 0; row < commits.objects.length; row++)
    note(commits.objects[row] ?? 0, commits.messageStarts[row] ?? 0);
  for (const { object, messageAt } of tags) note(object, messageAt);
  return starts;
};

const byObject = (a: { readonly object: number }, b: { readonly object: number }): number => a.object - b.object;

const byPlace = (a: FindingRow, b: FindingRow): number =>
  a.object - b.object || a.start - b.start || a.end - b.end || a.rule - b.rule;

/** @param rows by object. */
const commitTable = (inventory: Inventory, rows: CommitRows): CommitTable => {
  const { objects, trees, parentStarts, parents, dates } = rows;
  const indexOf = new Int32Array(inventory.count).fill(-1);
  for (let index = 0; index < objects.length; index++) indexOf[objects[index] ?? 0] = index;
  return {
    count: objects.length,
    objects,
    trees: trees.map((tree) => (inventory.types[tree] === typeCodes.tree ? tree : -1)),
    parentStarts,
    parents: parents.map((parent) => (parent < 0 ? -1 : (indexOf[parent] ?? -1))),
    dates,
    oid: (commit) => oidText(inventory, objects[commit] ?? 0),
  };
};

/** One bit an object: it shows something. */
export const taintedBy = (subjects: Subjects, inventory: Inventory): Uint8Array =>
  bitsOf(subjects.objects(), inventory.count);
