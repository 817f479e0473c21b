import { oidBytes, oidFromBytes, type ReadGit } from '../git/index.ts';
import type { Crew, OnShard } from './crew.ts';
import { type CrewTask, doTask } from './do-task.ts';
import { type Inventory, type StoreProblem, typeCodes } from './inventory.ts';
import { type LooseTask, sweepLoose } from './loose-shards.ts';
import type { ReadWithoutGit } from './no-git-reader.ts';
import type { PackForest } from './pack-forest.ts';
import { planPackWalk, walkShards } from './pack-shards.ts';
import { readTypes } from './read-types.ts';
import { cutShards, type ShardRun, sweepShards } from './sweep-shards.ts';
import type { TaskReport } from './task-report.ts';
import type { CreateVisitor, Visitor } from './visitor.ts';

/** Where a sweep reads: through git, or, where there is none, object by object. */
export type ObjectSource = ReadGit | ReadWithoutGit;

export interface SweepRequest {
  readonly source: ObjectSource;
  /** With a forest, packs are read directly; what cannot be read so goes through git. */
  readonly inventory: Inventory;
  /** Numbers of the objects to show, in the order in which their bytes are cheap to read. */
  readonly objects: Uint32Array;
  /** The visitor's module, as a URL; it exports `createVisitor`. */
  readonly visitorModule: string;
  /** Plain data for `createVisitor`. */
  readonly init: unknown;
  readonly crew: Crew;
  readonly signal: AbortSignal;
  /** Blobs above are not shown. */
  readonly mostBlobBytes?: number;
  /** What one shard's visitor took; called in no promised order, but `shard` is the same on every machine and with any crew. */
  readonly onShard: (shard: number, result: unknown, progress: SweepProgress) => void;
}

/** A measure of work, in bytes as they are stored or unpacked. */
export interface SweepProgress {
  readonly done: number;
  readonly total: number;
}

export interface SweepResult {
  /** Objects that could not be read, by oid. */
  readonly problems: readonly StoreProblem[];
  readonly bytesInflated: number;
  /** How many objects git was asked for. */
  readonly throughGit: number;
  /** False when the signal ended the sweep before all objects were shown. */
  readonly complete: boolean;
}

/** Below this, starting threads costs more than it saves. */
const threadsFrom = { packs: 1 << 20, loose: 8 << 20, git: 8 << 20 } as const;

/**
 * Shows every object of the list once to a visitor, on all cores. Memory does not grow with an object's size: above a window an
 * object comes in overlapping parts.
 * @throws whatever a visitor throws: a crash of one worker fails the sweep, it never makes the result smaller.
 */
export const sweep = async (request: SweepRequest): Promise<SweepResult> => {
  const { source, inventory, objects, signal } = request;
  if (typeof source === 'function') return sweepWithoutGit(source, request);
  const stages = new Stages(request);
  const direct = inventory.forest === null ? null : await readDirectly(request, inventory.forest, stages);
  const rest = direct?.rest ?? objects;
  const problems = [...(direct?.problems ?? [])];
  let bytesInflated = direct?.bytesInflated ?? 0;
  if (rest.length > 0 && !signal.aborted) {
    const run = shardRun(source, inventory, rest);
    bytesInflated += sizeOf(rest, inventory.sizes);
    const reports = await stages.run(run, sizeOf(rest, inventory.sizes));
    problems.push(...reports.flatMap((report) => report.problems));
  }
  return {
    problems: problems.sort((a, b) => ((a.oid ?? '') < (b.oid ?? '') ? -1 : 1)),
    bytesInflated,
    throughGit: rest.length,
    complete: !signal.aborted,
  };
};

/** Runs one kind of work after the other; shards and progress go on counting. */
class Stages {
  readonly #request: SweepRequest;
  #shards = 0;
  #done = 0;
  #total = 0;

  constructor(request: SweepRequest) {
    this.#request = request;
  }

  async run(work: CrewTask['work'], workBytes: number): Promise<readonly TaskReport[]> {
    const { visitorModule, init, crew, signal } = this.#request;
    const shards = work.shards.length - 1;
    const firstShard = this.#shards;
    this.#shards += shards;
    this.#total += workBytes;
    const onShard: OnShard = (shard, result, done) => {
      this.#done += done;
      this.#request.onShard(firstShard + shard, result, { done: this.#done, total: this.#total });
    };
    const stop = (): void => {
      Atomics.store(work.control, 1, 1);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      const task = { visitorModule, init, work };
      const isSmall = shards <= 1 || (!crew.isStarted && workBytes < threadsFrom[work.kind]);
      if (crew.jobs > 1 && !isSmall) return await crew.run(task, onShard);
      return [await doTask(task, (shard, result, _transfer, done) => onShard(shard, result, done))];
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/** @returns what is left for git, from packs and from loose files. */
const readDirectly = async (
  request: SweepRequest,
  forest: PackForest,
  stages: Stages,
): Promise<{ rest: Uint32Array; problems: readonly StoreProblem[]; bytesInflated: number }> => {
  const { inventory, objects, mostBlobBytes = Number.POSITIVE_INFINITY } = request;
  const { task, others, workBytes } = planPackWalk(forest, objects, inventory.sizes, mostBlobBytes);
  const walked = task.roots.length === 0 ? [] : await stages.run(task, workBytes);
  const declined = Uint32Array.from(walked.flatMap((report) => report.declined)).sort();
  const problems = [...(await judgeAgain(request, declined)), ...endlessProblems(walked, inventory)];
  const loose = looseTask(inventory, others);
  const read = others.length === 0 ? [] : await stages.run(loose, sizeOf(others, inventory.sizes));
  const isReadable = (object: number): boolean =>
    inventory.types[object] !== typeCodes.unknown &&
    !(inventory.types[object] === typeCodes.blob && (inventory.sizes[object] ?? 0) > mostBlobBytes);
  return {
    rest: Uint32Array.from([
      ...read.flatMap((report) => report.declined).sort((a, b) => a - b),
      ...declined.filter(isReadable),
    ]),
    problems,
    bytesInflated: [...walked, ...read].reduce((sum, report) => sum + report.bytesInflated, 0),
  };
};

const endlessProblems = (reports: readonly TaskReport[], { oids, format }: Inventory): StoreProblem[] =>
  reports
    .flatMap(({ endless = [] }) => endless)
    .map((object) => {
      const oid = oidFromBytes(oids, object * oidBytes(format), oidBytes(format));
      return { oid, where: oid, reason: 'its chain of deltas branches so often that unpacking it does not end' };
    });

/** What is damaged, or too large for us, is git's to judge, from its size on. */
const judgeAgain = async ({ source, inventory, signal }: SweepRequest, declined: Uint32Array) =>
  declined.length === 0 || signal.aborted || typeof source === 'function'
    ? []
    : readTypes({
        ...{ readGit: source, format: inventory.format, oids: inventory.oids, order: declined },
        ...{ types: inventory.types, sizes: inventory.sizes },
        // Chains without an end have no place in the forest.
        findEndless: () => Promise.resolve(new Uint8Array(inventory.count)),
      });

const looseTask = ({ directories, format, oids, types, sizes }: Inventory, objects: Uint32Array): LooseTask => ({
  kind: 'loose',
  ...{ directories, format, oids, types, sizes },
  objects: shared(objects),
  shards: cutShards(objects, sizes),
  control: new Int32Array(new SharedArrayBuffer(8)),
});

const shardRun = (readGit: ReadGit, inventory: Inventory, objects: Uint32Array): ShardRun => ({
  kind: 'git',
  handle: readGit.handle,
  format: inventory.format,
  oids: inventory.oids,
  types: inventory.types,
  sizes: inventory.sizes,
  objects: shared(objects),
  shards: cutShards(objects, inventory.sizes),
  control: new Int32Array(new SharedArrayBuffer(8)),
});

const sizeOf = (objects: Uint32Array, sizes: Float64Array): number => {
  let sum = 0;
  for (const object of objects) sum += sizes[object] ?? 0;
  return sum;
};

const shared = (numbers: Uint32Array): Uint32Array => {
  const copy = new Uint32Array(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
};

/**
 * Shows a few objects to a visitor in this thread, in no promised order: for what needs secrets, which no worker gives away. Git is started
 * only for what cannot be read directly.
 */
export const visitHere = async (
  { source, inventory, objects }: Pick<SweepRequest, 'source' | 'inventory' | 'objects'>,
  visitor: Visitor,
): Promise<readonly StoreProblem[]> => {
  if (typeof source === 'function') return visitOneByOne(source, inventory, objects, visitor);
  const { forest } = inventory;
  const direct = forest === null ? null : await visitDirectly(inventory, forest, objects, visitor);
  const rest = direct?.rest ?? objects;
  const problems = direct?.problems ?? [];
  if (rest.length === 0) return problems;
  return [...problems, ...(await sweepShards(shardRun(source, inventory, rest), visitor, () => {}))];
};

/** @returns what is left for git, and what cannot be read at all. */
const visitDirectly = async (
  inventory: Inventory,
  forest: PackForest,
  objects: Uint32Array,
  visitor: Visitor,
): Promise<{ rest: Uint32Array; problems: readonly StoreProblem[] }> => {
  const { task, others } = planPackWalk(forest, objects, inventory.sizes, Number.POSITIVE_INFINITY);
  const walked = await walkShards(task, visitor, () => {});
  const read = others.length === 0 ? null : await sweepLoose(looseTask(inventory, others), visitor, () => {});
  return {
    rest: Uint32Array.from([...walked.declined, ...(read?.declined ?? [])]).sort(),
    problems: endlessProblems([walked], inventory),
  };
};

const sweepWithoutGit = async (source: ReadWithoutGit, request: SweepRequest): Promise<SweepResult> => {
  const { inventory, objects, signal } = request;
  const { createVisitor } = (await import(request.visitorModule)) as { createVisitor: CreateVisitor };
  const visitor = await createVisitor(request.init);
  const bounds = cutShards(objects, inventory.sizes);
  const problems: StoreProblem[] = [];
  const total = sizeOf(objects, inventory.sizes);
  let done = 0;
  for (let shard = 0; shard + 1 < bounds.length && !signal.aborted; shard++) {
    const own = objects.subarray(bounds[shard], bounds[shard + 1]);
    problems.push(...(await visitOneByOne(source, inventory, own, visitor)));
    done += sizeOf(own, inventory.sizes);
    request.onShard(shard, visitor.take().result, { done, total });
  }
  return { problems, bytesInflated: done, throughGit: 0, complete: !signal.aborted };
};

/** Such objects are in memory whole already: they come in one part. */
const visitOneByOne = async (
  source: ReadWithoutGit,
  inventory: Inventory,
  objects: Uint32Array,
  visitor: Visitor,
): Promise<StoreProblem[]> => {
  const length = oidBytes(inventory.format);
  const problems: StoreProblem[] = [];
  for (const number of objects) {
    const object = await source(oidFromBytes(inventory.oids, number * length, length));
    if (object.kind === 'unreadable') {
      problems.push({ oid: object.oid, where: 'object', reason: object.reason });
      continue;
    }
    const { type, bytes } = object;
    visitor.inputFor(bytes.length).set(bytes);
    visitor.visit({ number, type, sizeBytes: bytes.length }, bytes.length, { offset: 0, isFirst: true, isLast: true });
  }
  return problems;
};
