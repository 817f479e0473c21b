import type { Detector } from '../detect/index.ts';
import {
  type AttributionInput,
  askPlaces,
  attribute,
  FilteredTrees,
  orphans,
  type Report,
  type Run,
  type SubjectsAt,
} from '../exposure/index.ts';
import { findGit, type Oid, ReadGit } from '../git/index.ts';
import {
  Crew,
  findObject,
  type Inventory,
  inventoryWithoutGit,
  type ObjectSource,
  openWithoutGit,
  packedBytes,
  readInventory,
  typeCodes,
} from '../objects/index.ts';
import { openRepository, type Repository, readIndex } from '../repo/index.ts';
import { isAtLeastAsSure } from '../rules/index.ts';
import { latin1Bytes, utf8Bytes } from '../text/index.ts';
import { assembleReport } from './assemble-report.ts';
import type { Emit } from './events.ts';
import { identityOf } from './find-visitor.ts';
import { FileInspections, inspectObjects } from './inspect-files.ts';
import { moduleUrl } from './module-url.ts';
import { PathRuleSets } from './path-rule-sets.ts';
import { type RefTable, refTable } from './ref-table.ts';
import type { ScanRequest } from './request.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';
import { ScanCache } from './scan-cache.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { contentSubject, nameSubject } from './subject-numbers.ts';
import { type SweptHistory, sweepHistory, sweepTreesAgain, taintedBy } from './sweep-history.ts';
import type { SweepHistoryRequest } from './sweep-request.ts';
import { threadDetector } from './thread-detector.ts';
import { reachersOfEach, Traces } from './traces.ts';

/** Scans everything that a repository holds. @throws KnownError where it cannot be opened. */
export const scanRepository = async (
  request: ScanRequest,
  path: string,
  emit: Emit,
  signal: AbortSignal,
): Promise<Report> => {
  const startedAt = performance.now();
  emit({ type: 'progress', phase: 'opening', done: 0, total: 1, unit: 'objects' });
  const repository = await openRepository(path);
  const cache = await ScanCache.open(request, repository, emit);
  const durationMs = (): number => (request.fixedClock ? 0 : Math.round(performance.now() - startedAt));
  const kept = cache.report();
  if (kept !== null) {
    const { objects, bytes } = kept.coverage;
    emit({ type: 'scan-started', path: repository.path, objects, bytes });
    const report = { ...kept, durationMs: durationMs() };
    emit({ type: 'scan-finished', report });
    return report;
  }
  emit({ type: 'progress', phase: 'listing', done: 0, total: 1, unit: 'objects' });
  // Git says its version while threads are started.
  const git = findGit(repository.path);
  const sizeBytes = await storedBytes(repository);
  await using crew = new Crew(request.jobs, sizeBytes <= smallBytes);
  if (request.jobs > 1 && sizeBytes >= worthThreadsBytes)
    crew.start([moduleUrl('find-visitor'), moduleUrl('tree-visitor')]);
  await using store = await openStore(request, repository, git);
  const { source, inventory } = store;
  emit({
    type: 'scan-started',
    path: repository.path,
    objects: inventory.count,
    bytes: inventory.sizes.reduce((sum, size) => sum + size, 0),
  });
  const rules = { only: request.onlyRules, without: request.withoutRules };
  const shallow = new Set(repository.shallowCommits.map((oid) => findObject(inventory, Buffer.from(oid, 'hex'), 0)));
  const sweepRequest: SweepHistoryRequest = {
    source,
    inventory,
    rules,
    shallow,
    maxBlobSizeBytes: request.maxBlobSizeBytes,
    crew,
    known: cache.history(inventory),
    key: cache.key,
    now: request.now,
    signal,
    emit,
  };
  const swept = await sweepHistory(sweepRequest);
  const ground: Ground = {
    scope: { mode: 'history', since: null, range: null, base: null },
    range: null,
    refs: refTable(repository, inventory, swept.tagTargets, commitNumbers(swept)),
    follow,
    index: typeof source === 'function' ? noIndexes : await readIndexes(repository, inventory, source),
    countsRefNames: true,
  };
  const scanned = await attributeAll(
    { request, repository, source, inventory, rules, signal },
    sweepRequest,
    swept,
    ground,
    emit,
  );
  emit({ type: 'progress', phase: 'report', done: 0, total: 1, unit: 'objects' });
  // Threads have no more to do: they end while the report is made, and nobody waits for them.
  void crew[Symbol.asyncDispose]();
  const report = await assembleReport(scanned, durationMs);
  if (!signal.aborted) cache.keep(report, scanned);
  emit({ type: 'scan-finished', report });
  return report;
};

const storedBytes = async ({ objectDirectory, alternates }: Repository): Promise<number> => {
  const sizes = await Promise.all([objectDirectory, ...alternates.map(({ directory }) => directory)].map(packedBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** Threads need as long to start as the store to be listed: where there is enough to read, they start beside it. */
const worthThreadsBytes = 2 << 20;
/** Up to here, a thread less is worth more than a thread that listens: express takes 30 MB less, and a little less time. */
const smallBytes = 32 << 20;

interface OpenStore extends AsyncDisposable {
  readonly source: ObjectSource;
  readonly inventory: Inventory;
}

/** Through git where there is one; else what the refs reach, by a reader that needs none. */
const openStore = async (
  request: ScanRequest,
  repository: Repository,
  git: ReturnType<typeof findGit>,
): Promise<OpenStore> => {
  const { objectDirectory, format } = repository;
  const alternateDirectories = repository.alternates.map(({ directory }) => directory);
  if ((await git) === null) {
    const objectDirectories = [objectDirectory, ...alternateDirectories];
    const inventory = await inventoryWithoutGit({ objectDirectories, format, tips: rootsOf(repository) });
    return {
      source: await openWithoutGit(objectDirectories),
      inventory,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const readGit = await ReadGit.open({ objectDirectory, alternateDirectories, format, outside: repository.path });
  const stores = [objectDirectory, ...alternateDirectories].map((directory, index) => ({
    directory,
    isAlternate: index > 0,
  }));
  const reachable = request.alternates === 'all' ? {} : { reachableFrom: rootsOf(repository) };
  const inventory = await readInventory({ stores, readGit, format, engine: request.engine, ...reachable });
  return { source: readGit, inventory, [Symbol.asyncDispose]: () => readGit[Symbol.asyncDispose]() };
};

/** Every oid from which something of ours can be reached: what an alternate holds counts only then. */
const rootsOf = (repository: Repository): Oid[] => [
  ...repository.refs.map(({ oid }) => oid),
  ...repository.worktrees.flatMap(({ head }) => (head.oid === null ? [] : [head.oid])),
];

export type Opened = Pick<ScannedRepository, 'request' | 'repository' | 'source' | 'inventory' | 'rules' | 'signal'>;

/** What attribution stands on: all history, or what a range of it needs. */
export interface Ground extends Pick<ScannedRepository, 'scope' | 'range' | 'refs'> {
  readonly follow: (
    swept: SweptHistory,
    refs: RefTable,
    reduced: ReducedHistory,
    subjectsAt: SubjectsAt,
  ) => { readonly runs: readonly Run[]; readonly cut: readonly number[] };
  readonly index: { readonly blobs: ReadonlySet<number>; readonly problems: ScannedRepository['indexProblems'] };
  readonly countsRefNames: boolean;
}

/** Object number → index in the table of commits, -1 for what is no commit. */
const commitNumbers = ({ commits }: SweptHistory): ((object: number) => number) => {
  const index = new Map<number, number>([...commits.objects].map((object, commit) => [object, commit]));
  return (object) => index.get(object) ?? -1;
};

/** Joins what was found to the commits that showed it. */
export const attributeAll = async (
  opened: Opened,
  sweepRequest: SweepHistoryRequest,
  first: SweptHistory,
  ground: Ground,
  emit: Emit,
): Promise<ScannedRepository> => {
  emit({ type: 'progress', phase: 'history', done: 0, total: 1, unit: 'objects' });
  const { inventory, repository } = opened;
  const { refs, follow, index } = ground;
  const commitIndex = new Map<number, number>([...first.commits.objects].map((object, commit) => [object, commit]));
  const ruleSets = new PathRuleSets(opened.rules);
  const inspections = new FileInspections();
  // Paths are known only after trees are joined to commits, and a file's parser is chosen by its path: so the places are asked for
  // once, the files read, and then attributed.
  const askAt: SubjectsAt = (path, child, _name, isSubtree) => {
    const set = isSubtree ? null : ruleSets.of(path);
    if (set !== null && child >= 0 && inventory.types[child] === typeCodes.blob) inspections.ask(child, set);
    return [];
  };
  const withoutNames = reduce(first, new Set());
  askPlaces({ ...withoutNames, objectTips: objectTips(refs), subjectsAt: askAt });
  const before = new Set(first.subjects.objects());
  await inspectObjects(sweepRequest, inspections, { ...first, tainted: taintedBy(first.subjects, inventory) });
  const fresh = first.subjects.objects().filter((object) => !before.has(object));
  // A file's parser found what no anchor leads to: the same bytes may stand at other paths, which only the trees tell.
  const shown = fresh.filter((object) => mayBeShown(first, object, opened.request));
  const swept = await sweepTreesAgain(sweepRequest, first, shown);
  const names = secretNames(swept, opened.rules);
  const subjectsAt: SubjectsAt = (path, child, name, isSubtree) => {
    const inName = (names.get(name) ?? []).map(nameSubject);
    if (isSubtree) return inName;
    const set = ruleSets.of(path);
    const file = set === null ? undefined : inspections.fileAt(child, set);
    const ofFile = file === undefined ? [] : [contentSubject(swept.subjects.file(child, file.rule))];
    return [...swept.subjects.shownBy(child).map(contentSubject), ...ofFile, ...inName].sort((a, b) => a - b);
  };
  const isSame = swept.trees === first.trees && names.size === 0;
  const reduced = isSame ? withoutNames : reduce(swept, new Set(names.keys()));
  const { runs, cut } = follow(swept, refs, reduced, subjectsAt);
  const messages = numbersOf(swept, commitIndex);
  const refsOfCommits = reachersOfEach(swept.commits, refs.tips, messages);
  const lost = [
    ...runs.filter((run) => !run.reachable).flatMap((run) => run.origins),
    ...messages.filter((commit) => refsOfCommits.get(commit)?.length === 0),
  ];
  return {
    ...opened,
    swept,
    scope: ground.scope,
    range: ground.range,
    refs,
    inspections,
    runs,
    cut,
    commitIndex,
    refNames: ground.countsRefNames ? subjectsOfRefNames(swept, refs, opened.rules) : [],
    indexBlobs: index.blobs,
    indexProblems: index.problems,
    refsOfCommits,
    traces: new Traces({
      ...{ repository, inventory, commits: swept.commits, commitIndex, refs, indexBlobs: index.blobs },
      lost: [...new Set(lost)].sort((a, b) => a - b),
      now: opened.request.now,
    }),
  };
};

/** Where an object shows nothing that a report of this run shows, nobody asks for all of its places. */
const mayBeShown = ({ subjects }: SweptHistory, object: number, { minVerdict }: ScanRequest): boolean =>
  subjects
    .shownBy(object)
    .some((subject) => subjects.standingsOf(subject).some(({ verdict }) => isAtLeastAsSure(verdict, minVerdict)));

/** Commits that say something in their message or people. */
const numbersOf = (swept: SweptHistory, commitIndex: ReadonlyMap<number, number>): readonly number[] =>
  swept.subjects.objects().flatMap((object) => commitIndex.get(object) ?? []);

export type ReducedHistory = Omit<AttributionInput, 'tips' | 'subjectsAt'>;

/** Reducing trees is most of what an answer costs, so it is done once for all questions. */
const reduce = ({ commits, trees }: SweptHistory, markedSubtreeNames: ReadonlySet<number>): ReducedHistory => ({
  ...{ commits, trees, markedSubtreeNames },
  filtered: new FilteredTrees(trees, markedSubtreeNames),
});

/** What commits show, and what no commit shows. */
const follow = (
  { subjects }: SweptHistory,
  refs: RefTable,
  reduced: ReducedHistory,
  subjectsAt: SubjectsAt,
): { readonly runs: readonly Run[]; readonly cut: readonly number[] } => {
  const { runs, cut } = attribute({ ...reduced, tips: refs.tips, subjectsAt });
  const loose = orphans({
    ...reduced,
    subjectsAt,
    blobs: subjects.objects(),
    subjectsOf: (blob) => subjects.shownBy(blob).map(contentSubject),
    objectTips: objectTips(refs),
  });
  return { runs: [...runs, ...loose], cut };
};

const objectTips = ({ direct }: RefTable) =>
  [...direct].flatMap(([object, refs]) => refs.map((ref) => ({ object, ref })));

/** Names of tree entries that hold a secret themselves: name id → credentials. */
const secretNames = (swept: SweptHistory, rules: RuleSelection): ReadonlyMap<number, readonly number[]> => {
  const detector = threadDetector(selectRules(rules));
  const found = new Map<number, readonly number[]>();
  swept.trees.names.forEach((name, id) => {
    const subjects = subjectsIn(latin1Bytes(name), detector, swept);
    if (subjects.length > 0) found.set(id, subjects);
  });
  return found;
};

const subjectsIn = (text: Uint8Array, detector: Detector, swept: SweptHistory): readonly number[] => {
  const numbers = detector.find(text).map(({ secret, rule, judgement }) => {
    const standing = { verdict: judgement.verdict, severity: judgement.severity ?? rule.severity };
    return swept.subjects.credential(identityOf(secret.reveal(), swept.key), rule, standing);
  });
  return [...new Set(numbers)];
};

const subjectsOfRefNames = (swept: SweptHistory, refs: RefTable, rules: RuleSelection) => {
  const detector = threadDetector(selectRules(rules));
  return refs.names.flatMap((name, ref) =>
    subjectsIn(utf8Bytes(name), detector, swept).map((subject) => ({ subject, ref })),
  );
};

/** Without git no index is read; the report says that it is not complete. */
export const noIndexes: Ground['index'] = { blobs: new Set<number>(), problems: [] };

const readIndexes = async (
  repository: Repository,
  inventory: Inventory,
  readGit: ReadGit,
): Promise<Ground['index']> => {
  const blobs = new Set<number>();
  const problems: { where: string; reason: string }[] = [];
  for (const worktree of repository.worktrees) {
    const { entries, problem } = await readIndex(repository, worktree, readGit);
    if (problem !== null)
      problems.push({ where: worktree.id === null ? 'index' : `worktrees/${worktree.id}/index`, reason: problem });
    for (const { oid } of entries) {
      const object = findObject(inventory, Buffer.from(oid, 'hex'), 0);
      if (object >= 0) blobs.add(object);
    }
  }
  return { blobs, problems };
};
