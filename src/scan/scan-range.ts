import { randomBytes } from 'node:crypto';
import type { Report, Scope } from '../exposure/index.ts';
import { type ObjectFormat, type Oid, ReadGit } from '../git/index.ts';
import { Crew, findObject, type Inventory, ObjectBatch, type StoreProblem, typeCodes } from '../objects/index.ts';
import { openRepository, type Repository } from '../repo/index.ts';
import { assembleReport } from './assemble-report.ts';
import { broughtRuns } from './brought-runs.ts';
import type { Emit } from './events.ts';
import { type ChosenCommits, chooseCommits } from './range-commits.ts';
import {
  oidOf,
  type RangeGraph,
  type RangeTable,
  type RefEnds,
  rangeRefs,
  rangeTable,
  readCommits,
  refEnds,
  type Walked,
  walkFrom,
} from './range-graph.ts';
import { addChanges, addPaths, type NeededObjects } from './range-objects.ts';
import type { CommitSelection, ScanRequest } from './request.ts';
import { attributeAll, type Ground, noIndexes } from './scan-repository.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { typedInventoryOf } from './small-inventory.ts';
import { type SweptHistory, sweepHistory } from './sweep-history.ts';

/**
 * Scans what some commits bring, at a cost that follows their size: what each shows and none of its parents does, its message and
 * people, and the tags that point at it. The store is not listed: objects come by name, from the commits down.
 * @throws KnownError where the repository cannot be opened, or the commits cannot be told.
 */
export const scanRange = async (
  request: ScanRequest & { readonly commits: CommitSelection },
  path: string,
  emit: Emit,
  signal: AbortSignal,
): Promise<Report> => {
  const startedAt = performance.now();
  emit({ type: 'progress', phase: 'opening', done: 0, total: 1, unit: 'objects' });
  const repository = await openRepository(path);
  emit({ type: 'progress', phase: 'listing', done: 0, total: 1, unit: 'objects' });
  const { objectDirectory, format, shallowCommits } = repository;
  const alternateDirectories = repository.alternates.map(({ directory }) => directory);
  await using readGit = await ReadGit.open({
    ...{ objectDirectory, alternateDirectories, format, shallowCommits },
    outside: repository.path,
  });
  await using batch = new ObjectBatch(readGit);
  await using crew = new Crew(request.jobs);
  const scan = await RangeScan.open({ request, repository, readGit, batch, crew, emit, signal });
  const scanned = await scan.run();
  emit({ type: 'progress', phase: 'report', done: 0, total: 1, unit: 'objects' });
  const report = await assembleReport(scanned, () =>
    request.fixedClock ? 0 : Math.round(performance.now() - startedAt),
  );
  emit({ type: 'scan-finished', report });
  return report;
};

interface RangeContext {
  readonly request: ScanRequest & { readonly commits: CommitSelection };
  readonly repository: Repository;
  readonly readGit: ReadGit;
  readonly batch: ObjectBatch;
  readonly crew: Crew;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** One range: which commits, what they need of the store, and what was found in it. */
class RangeScan {
  readonly #context: RangeContext;
  readonly #format: ObjectFormat;
  readonly #chosen: ChosenCommits;
  readonly #ends: RefEnds;
  readonly #key = randomBytes(32);
  readonly #needed: NeededObjects = { trees: new Set(), blobs: new Set() };
  #graph: RangeGraph;
  /** Commits that are named and not there. */
  readonly #missing: readonly Oid[];

  static async open(context: RangeContext): Promise<RangeScan> {
    const { repository, readGit, batch, request } = context;
    const { format } = repository;
    const ends = await refEnds(repository, readGit, batch);
    const tips = tipsOf(ends);
    const chosen = await chooseCommits({ repository, readGit, selection: request.commits, tips });
    const own = await readCommits(batch, format, chosen.commits);
    const isCut = new Set<Oid>(repository.shallowCommits);
    const parentsOf = (isWanted: (oid: Oid) => boolean): Oid[] => {
      const wanted = [...own.commits].filter(([oid]) => isWanted(oid)).flatMap(([, { parents }]) => parents);
      return [...new Set(wanted)].filter((oid) => !own.commits.has(oid));
    };
    const boundary = await readCommits(
      batch,
      format,
      parentsOf((oid) => !isCut.has(oid)),
    );
    // Where history was cut, what lies behind is not missed; but it may be there.
    const behind = await readCommits(
      batch,
      format,
      parentsOf((oid) => isCut.has(oid)),
    );
    const graph: RangeGraph = {
      own: own.commits,
      boundary: new Map([...boundary.commits, ...behind.commits]),
      tips: new Map(),
      walked: new Map(),
    };
    return new RangeScan(context, chosen, ends, graph, [...own.unread, ...boundary.unread]);
  }

  private constructor(
    context: RangeContext,
    chosen: ChosenCommits,
    ends: RefEnds,
    graph: RangeGraph,
    missing: readonly Oid[],
  ) {
    this.#context = context;
    this.#format = context.repository.format;
    this.#chosen = chosen;
    this.#ends = ends;
    this.#graph = graph;
    this.#missing = missing;
  }

  /**
   * Once for what the commits bring. Only where that shows something, it matters who reaches it and whether it is still there: then its
   * paths are read in all commits around, and all is joined anew.
   */
  async run(): Promise<ScannedRepository> {
    const { batch } = this.#context;
    await addChanges(batch, this.#format, this.#comparisons(), this.#needed);
    for (const root of this.#roots()) this.#needed.trees.add(root);
    const [inventory, swept] = await this.#sweep();
    const first = await this.#attribute(inventory, swept);
    const shown = shownBy(first, this.#graph);
    if (shown.commits.size === 0) return first;
    await this.#findRefs(shown.commits);
    const before = this.#size();
    await addPaths(batch, this.#format, this.#roots(), shown.paths, this.#needed);
    return this.#size() === before ? this.#attribute(inventory, swept) : this.#attribute(...(await this.#sweep()));
  }

  #size(): number {
    return this.#needed.trees.size + this.#needed.blobs.size + this.#graph.tips.size;
  }

  #comparisons() {
    const { own, boundary } = this.#graph;
    return [...own.values()].flatMap(({ tree, parents }) => {
      if (tree === null) return [];
      const others = parents.flatMap((oid) => own.get(oid)?.tree ?? boundary.get(oid)?.tree ?? []);
      return [{ tree, others: [...new Set(others)] }];
    });
  }

  #roots(): Oid[] {
    const { own, boundary, tips } = this.#graph;
    return [own, boundary, tips].flatMap((commits) => [...commits.values()].flatMap(({ tree }) => tree ?? []));
  }

  /** Tags that point into the range. */
  #tags(): readonly Oid[] {
    return this.#ends.trails.flatMap(({ tags, commit }) =>
      commit !== null && this.#graph.own.has(commit) ? tags : [],
    );
  }

  async #sweep(): Promise<[Inventory, SweptHistory]> {
    const { repository, readGit, emit } = this.#context;
    const { own, boundary, tips } = this.#graph;
    const read = [...own.keys(), ...this.#tags(), ...this.#needed.trees, ...this.#needed.blobs];
    const around = [...boundary.keys(), ...tips.keys()];
    const typed = await typedInventoryOf(readGit, [...read, ...around], this.#format);
    const numberOf = (oid: Oid): number => findObject(typed, Buffer.from(oid, 'hex'), 0);
    const inventory: Inventory = {
      ...typed,
      // As they were met: versions of one file stand near each other in the store too.
      order: Uint32Array.from(new Set(read.map(numberOf))),
      problems: [],
    };
    emit({
      type: 'scan-started',
      path: repository.path,
      objects: inventory.order.length,
      bytes: inventory.order.reduce((sum, object) => sum + (inventory.sizes[object] ?? 0), 0),
    });
    const swept = await sweepHistory(this.#sweepRequest(inventory));
    const unknown = typed.problems.flatMap(({ oid }: StoreProblem) => oid ?? []);
    return [inventory, { ...swept, missing: [...new Set<string>([...unknown, ...this.#missing])].sort() }];
  }

  #sweepRequest(inventory: Inventory) {
    const { request, readGit, crew, emit, signal } = this.#context;
    const rules = { only: request.onlyRules, without: request.withoutRules };
    const { maxBlobSizeBytes, now } = request;
    return {
      ...{ source: readGit, inventory, rules, shallow: new Set<number>(), maxBlobSizeBytes, crew, now, signal, emit },
      // Little is read, and nothing of it is kept.
      known: null,
      key: this.#key,
    };
  }

  #attribute(inventory: Inventory, swept: SweptHistory): Promise<ScannedRepository> {
    const { request, repository, readGit, signal, emit } = this.#context;
    const table = rangeTable(this.#graph, inventory);
    const sweepRequest = this.#sweepRequest(inventory);
    return attributeAll(
      { request, repository, source: readGit, inventory, rules: sweepRequest.rules, signal },
      sweepRequest,
      { ...swept, commits: table.commits },
      this.#ground(inventory, table),
      emit,
    );
  }

  #ground(inventory: Inventory, table: RangeTable): Ground {
    const { since, range, base, isUpToRefs } = this.#chosen;
    const scope: Scope = { mode: 'range', since, range, base };
    const isCut = new Set<Oid>(this.#context.repository.shallowCommits);
    const cutCommits = [...this.#graph.own].filter(
      ([oid, { parents }]) => isCut.has(oid) && parents.some((parent) => !table.indexOf.has(parent)),
    );
    const refs = rangeRefs(this.#ends, inventory, (oid) => table.indexOf.get(oid) ?? -1);
    return {
      scope,
      range: { commits: this.#graph.own.size, cutCommits: cutCommits.length },
      // A ref that leads to nothing matters where all refs were asked for.
      refs: isUpToRefs ? refs : { ...refs, broken: [] },
      follow: (_, { tips }, reduced, subjectsAt) => broughtRuns({ ...reduced, tips, subjectsAt }, table),
      index: noIndexes,
      countsRefNames: false,
    };
  }

  /** Which refs reach these commits, and what their tips are: first by date, and all the way where that does not lead there. */
  async #findRefs(shown: ReadonlySet<Oid>): Promise<void> {
    const { own, boundary } = this.#graph;
    if (this.#chosen.isUpToRefs) return;
    const { readGit, batch } = this.#context;
    const tips = tipsOf(this.#ends);
    const oldest = Math.min(...[...own.values()].map(({ date }) => date));
    let walked = await walkFrom(readGit, tips, Number.isNaN(oldest) ? null : oldest - clockSlackSeconds);
    if (!reachesAll(tips, walked, own, shown)) walked = await walkFrom(readGit, tips, null);
    walked = onTheWayTo(own, walked);
    const beyond = tips.filter((oid) => walked.has(oid) && !own.has(oid) && !boundary.has(oid));
    const { commits } = await readCommits(batch, this.#format, beyond);
    this.#graph = { ...this.#graph, walked, tips: commits };
  }
}

/** Clocks differ: a child may be dated before its parent. */
const clockSlackSeconds = 86_400;

const tipsOf = ({ trails }: RefEnds): Oid[] => [...new Set(trails.flatMap(({ commit }) => commit ?? []))];

const reachesAll = (tips: readonly Oid[], walked: Walked, own: RangeGraph['own'], shown: ReadonlySet<Oid>): boolean => {
  const reached = new Set<Oid>();
  const open = [...tips];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (reached.has(oid)) continue;
    reached.add(oid);
    open.push(...(walked.get(oid) ?? own.get(oid)?.parents ?? []));
  }
  return [...shown].every((oid) => reached.has(oid));
};

/** Of the walked commits those that reach the range. */
const onTheWayTo = (own: RangeGraph['own'], walked: Walked): Walked => {
  const children = new Map<Oid, Oid[]>();
  for (const [oid, parents] of walked) {
    for (const parent of parents) {
      const list = children.get(parent);
      if (list === undefined) children.set(parent, [oid]);
      else list.push(oid);
    }
  }
  const reaching = new Set<Oid>();
  const open = [...own.keys()];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (reaching.has(oid)) continue;
    reaching.add(oid);
    open.push(...(children.get(oid) ?? []));
  }
  return new Map([...walked].filter(([oid]) => reaching.has(oid)));
};

/** Commits that brought something, at which paths; and those whose message or people say something. */
const shownBy = (
  { runs, swept, inventory }: ScannedRepository,
  { own }: RangeGraph,
): { readonly commits: ReadonlySet<Oid>; readonly paths: ReadonlySet<string> } => {
  const commits = new Set(
    runs
      .flatMap(({ origins }) => origins.map((commit): Oid => swept.commits.oid(commit)))
      .filter((oid) => own.has(oid)),
  );
  for (const object of swept.subjects.objects())
    if (inventory.types[object] === typeCodes.commit) commits.add(oidOf(inventory, object));
  return { commits, paths: new Set(runs.flatMap(({ path }) => path ?? [])) };
};
