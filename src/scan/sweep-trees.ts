import type { TreeEntries } from '../exposure/index.ts';
import { oidBytes, oidFromBytes } from '../git/index.ts';
import { type StoreProblem, type SweepProgress, sweep, typeCodes } from '../objects/index.ts';
import type { FurtherQuestion, TreeInit } from './entry-question.ts';
import { moduleUrl } from './module-url.ts';
import {
  bitsOf,
  commonInit,
  hasBit,
  noStats,
  oidText,
  progressOf,
  type SweepHistoryRequest,
  type SweepStats,
  sumStats,
} from './sweep-request.ts';
import { joinEntries, treesBelowSensitiveFolders } from './tree-entries.ts';
import type { TreeResult } from './tree-visitor.ts';

/** What all trees say. */
export interface SweptTrees {
  readonly entries: TreeEntries;
  readonly stats: SweepStats;
  readonly problems: readonly StoreProblem[];
  /** Objects that trees name and the store lacks: hex oids. */
  readonly missing: readonly string[];
  readonly complete: boolean;
  /** Names that made all blob entries that have them rows. */
  readonly markedNames: readonly string[];
  /** One byte an object: not 0 where the first pass met the blob at an entry that was no row of its. */
  readonly elsewhere: Uint8Array;
  /** One byte an object: 1 where all entries of a blob are rows, whatever their names. */
  readonly covered: Uint8Array;
  /** One byte an object: 1 where all blob entries of a tree are rows. */
  readonly isWhole: Uint8Array;
}

/**
 * One pass for the entries that matter; and where a folder's name makes all below it matter, one for what else stands in its trees.
 * @param tainted one bit an object: blobs that show something.
 */
export const sweepTrees = async (request: SweepHistoryRequest, tainted: Uint8Array): Promise<SweptTrees> => {
  const { inventory } = request;
  const start = startOf(request, tainted);
  const all = treesOf(request, (tree) => request.known?.isKnown[tree] !== 1);
  const passed = progressOf(request.emit, 'trees');
  // What known trees have as rows becomes rows everywhere: then one question holds for all of them.
  const wanted = bitsOf(numbersIn(start.covered), inventory.count);
  const first = await treePass(request, all, { tainted: wanted, elsewhere: start.elsewhere, further: null }, passed);
  const swept = await sweepKnownTreesFor(request, { ...first, ...start }, tainted);
  const below = treesBelowSensitiveFolders(swept.entries).filter((tree) => swept.isWhole[tree] !== 1);
  if (below.length === 0) return swept;
  const isBelow = marksOf(below, inventory.count);
  const more = await sweepMore(request, swept, (tree) => isBelow[tree] === 1, { tainted: wanted, blobs: null });
  return { ...more, isWhole: swept.isWhole.map((whole, tree) => whole | (isBelow[tree] ?? 0)) };
};

/** What known trees say, and which blobs the first pass wants: theirs, and those that show something now. */
const startOf = ({ inventory, known }: SweepHistoryRequest, tainted: Uint8Array) => {
  const { count } = inventory;
  const elsewhere = new Uint8Array(new SharedArrayBuffer(count));
  const covered = Uint8Array.from({ length: count }, (_, blob) => Number(hasBit(tainted, blob)));
  if (known === null) return { elsewhere, covered, isWhole: new Uint8Array(count) };
  const { trees } = known;
  for (let object = 0; object < count; object++) {
    if (trees.covered[object] === 1) covered[object] = 1;
    else elsewhere[object] = trees.elsewhere[object] ?? 0;
  }
  return { elsewhere, covered, isWhole: trees.isWhole };
};

/** Joins what known trees say, and asks them once more about blobs that show something only now. */
const sweepKnownTreesFor = async (
  request: SweepHistoryRequest,
  first: SweptTrees,
  tainted: Uint8Array,
): Promise<SweptTrees> => {
  const { known, inventory } = request;
  if (known === null) return first;
  const { isKnown, trees } = known;
  const joined = {
    ...first,
    entries: joinEntries([trees.entries, first.entries]),
    markedNames: [...new Set([...trees.markedNames, ...first.markedNames])],
    missing: [...trees.missing, ...first.missing],
  };
  const late = numbersIn(trees.elsewhere).filter((blob) => hasBit(tainted, blob) && trees.covered[blob] !== 1);
  if (late.length === 0) return joined;
  const question = { tainted: new Uint8Array(), blobs: bitsOf(late, inventory.count) };
  return sweepMore(request, joined, (tree) => isKnown[tree] === 1 && trees.isWhole[tree] !== 1, question);
};

/** Where a byte is not 0. */
const numbersIn = (bytes: Uint8Array): number[] => {
  const numbers: number[] = [];
  for (let number = 0; number < bytes.length; number++) if (bytes[number] !== 0) numbers.push(number);
  return numbers;
};

/**
 * Adds the entries of blobs that turned out to matter after the passes over trees. Mostly none is missing: such a blob has a sensitive
 * name wherever it stands.
 * @returns `swept` itself where nothing was missing.
 */
export const sweepTreesFor = async (
  request: SweepHistoryRequest,
  swept: SweptTrees,
  blobs: readonly number[],
): Promise<SweptTrees> => {
  const { count } = request.inventory;
  const missing = blobs.filter((blob) => swept.elsewhere[blob] === 1);
  if (missing.length === 0) return swept;
  const question = { tainted: new Uint8Array(), blobs: bitsOf(missing, count) };
  const more = await sweepMore(request, swept, (tree) => swept.isWhole[tree] !== 1, question);
  const isMissing = marksOf(missing, count);
  return { ...more, covered: swept.covered.map((covered, blob) => covered | (isMissing[blob] ?? 0)) };
};

const sweepMore = async (
  request: SweepHistoryRequest,
  swept: SweptTrees,
  isAsked: (tree: number) => boolean,
  { tainted, blobs }: Pick<TreeInit, 'tainted'> & Pick<FurtherQuestion, 'blobs'>,
): Promise<SweptTrees> => {
  const { elsewhere, markedNames } = swept;
  const init = { tainted, elsewhere, further: { blobs, markedNames } };
  const more = await treePass(request, treesOf(request, isAsked), init, () => {});
  const known = new Set(swept.problems.map(({ oid }) => oid));
  return {
    ...swept,
    entries: joinEntries([swept.entries, more.entries]),
    stats: sumStats(swept.stats, more.stats),
    problems: [...swept.problems, ...more.problems.filter(({ oid }) => !known.has(oid))],
    complete: swept.complete && more.complete,
  };
};

const treesOf = ({ inventory }: SweepHistoryRequest, isAsked: (tree: number) => boolean): Uint32Array =>
  inventory.order.filter((object) => inventory.types[object] === typeCodes.tree && isAsked(object));

const marksOf = (objects: readonly number[], count: number): Uint8Array => {
  const marks = new Uint8Array(count);
  for (const object of objects) marks[object] = 1;
  return marks;
};

const treePass = async (
  request: SweepHistoryRequest,
  objects: Uint32Array,
  init: Pick<TreeInit, 'tainted' | 'elsewhere' | 'further'>,
  passed: (progress: SweepProgress) => void,
) => {
  const results: TreeResult[] = [];
  const { problems, complete, bytesInflated, throughGit } = await sweep({
    ...request,
    objects,
    visitorModule: moduleUrl('tree-visitor'),
    init: { ...commonInit(request), ...init } satisfies TreeInit,
    onShard: (shard, result, progress) => {
      results[shard] = result as TreeResult;
      passed(progress);
    },
  });
  const inOrder = results.filter((result) => result !== undefined);
  const length = oidBytes(request.inventory.format);
  return {
    entries: joinEntries(inOrder.map(entriesOf)),
    markedNames: [
      ...new Set(inOrder.flatMap(({ nameTexts, isMarkedName }) => nameTexts.filter((_, id) => isMarkedName[id] === 1))),
    ],
    stats: sumStats(
      { ...noStats, bytesInflated, throughGit },
      ...inOrder.map(({ stats }) => ({ ...noStats, ...stats })),
    ),
    problems: [
      ...problems,
      ...inOrder.flatMap(({ malformed }) =>
        malformed.map((tree) => ({
          oid: oidText(request.inventory, tree),
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

const entriesOf = ({ nameTexts, ...rows }: TreeResult): TreeEntries => ({ ...rows, names: nameTexts });
