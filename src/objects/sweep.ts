import { Worker } from 'node:worker_threads';
import { invariant } from '../errors.ts';
import { oidBytes, oidFromBytes, type ReadGit } from '../git/index.ts';
import type { Inventory, StoreProblem } from './inventory.ts';
import type { ReadWithoutGit } from './no-git-reader.ts';
import { cutShards, type ShardRun, sweepShards } from './sweep-shards.ts';
import type { CreateVisitor, Visitor } from './visitor.ts';

/** Where a sweep reads: through git, or, where there is none, object by object. */
export type ObjectSource = ReadGit | ReadWithoutGit;

export interface SweepRequest {
  readonly source: ObjectSource;
  readonly inventory: Inventory;
  /** Numbers of the objects to show, in the order in which their bytes are cheap to read. */
  readonly objects: Uint32Array;
  /** The visitor's module, as a URL; it exports `createVisitor`. */
  readonly visitorModule: string;
  /** Plain data for `createVisitor`. */
  readonly init: unknown;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** What one shard's visitor took; called in no promised order, but `shard` is the same on every machine and with any `jobs`. */
  readonly onShard: (shard: number, result: unknown, sizeBytes: number) => void;
}

export interface SweepResult {
  /** Objects that could not be read, by oid. */
  readonly problems: readonly StoreProblem[];
  readonly shards: number;
  /** False when the signal ended the sweep before all objects were shown. */
  readonly complete: boolean;
}

/** Below this, starting threads costs more than it saves. */
const threadsFromBytes = 8 << 20;

/**
 * Shows every object of the list once to a visitor, on all cores. Memory does not grow with an object's size: above a window an
 * object comes in overlapping parts.
 * @throws whatever a visitor throws: a crash of one worker fails the sweep, it never makes the result smaller.
 */
export const sweep = async (request: SweepRequest): Promise<SweepResult> => {
  const { source, inventory, objects, jobs } = request;
  if (typeof source === 'function') return sweepWithoutGit(source, request);
  const run = shardRun(source, inventory, objects);
  const { shards } = run;
  const stop = (): void => {
    Atomics.store(run.control, 1, 1);
  };
  request.signal.addEventListener('abort', stop);
  if (request.signal.aborted) stop();
  try {
    const totalBytes = sizeOf(objects, inventory.sizes);
    const workers = Math.min(jobs, shards.length - 1);
    const problems =
      workers <= 1 || totalBytes < threadsFromBytes
        ? await sweepHere(request, run)
        : await sweepInThreads(request, run, workers);
    return {
      problems: problems.sort((a, b) => ((a.oid ?? '') < (b.oid ?? '') ? -1 : 1)),
      shards: shards.length - 1,
      complete: !request.signal.aborted,
    };
  } finally {
    request.signal.removeEventListener('abort', stop);
  }
};

const shardRun = (readGit: ReadGit, inventory: Inventory, objects: Uint32Array): ShardRun => ({
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

const sweepHere = async (request: SweepRequest, run: ShardRun): Promise<StoreProblem[]> => {
  const { createVisitor } = (await import(request.visitorModule)) as { createVisitor: CreateVisitor };
  const visitor = await createVisitor(request.init);
  return sweepShards(run, visitor, (shard, result, _transfer, sizeBytes) => request.onShard(shard, result, sizeBytes));
};

/** Shows a few objects to a visitor in this thread, in the order of the list: for what needs secrets, which no worker gives away. */
export const visitHere = async (
  { source, inventory, objects }: Pick<SweepRequest, 'source' | 'inventory' | 'objects'>,
  visitor: Visitor,
): Promise<readonly StoreProblem[]> => {
  if (typeof source === 'function') return visitOneByOne(source, inventory, objects, visitor);
  const run = shardRun(source, inventory, objects);
  return sweepShards(run, visitor, () => {});
};

const sweepWithoutGit = async (source: ReadWithoutGit, request: SweepRequest): Promise<SweepResult> => {
  const { inventory, objects, signal } = request;
  const { createVisitor } = (await import(request.visitorModule)) as { createVisitor: CreateVisitor };
  const visitor = await createVisitor(request.init);
  const bounds = cutShards(objects, inventory.sizes);
  const problems: StoreProblem[] = [];
  for (let shard = 0; shard + 1 < bounds.length && !signal.aborted; shard++) {
    const own = objects.subarray(bounds[shard], bounds[shard + 1]);
    problems.push(...(await visitOneByOne(source, inventory, own, visitor)));
    request.onShard(shard, visitor.take().result, sizeOf(own, inventory.sizes));
  }
  return { problems, shards: bounds.length - 1, complete: !signal.aborted };
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

/** What a worker says; `problems` is its last word. */
export type WorkerMessage =
  | { readonly type: 'shard'; readonly shard: number; readonly result: unknown; readonly sizeBytes: number }
  | { readonly type: 'problems'; readonly problems: readonly StoreProblem[] };

const workerFile = import.meta.url.endsWith('.ts') ? './sweep-worker.ts' : './sweep-worker.js';

const sweepInThreads = async (request: SweepRequest, run: ShardRun, count: number): Promise<StoreProblem[]> => {
  const workerData = { run, visitorModule: request.visitorModule, init: request.init };
  const workers = Array.from({ length: count }, () => new Worker(new URL(workerFile, import.meta.url), { workerData }));
  try {
    const problems = await Promise.all(workers.map((worker) => lastWordOf(worker, request)));
    return problems.flat();
  } finally {
    // Where one failed, the others stop asking git for more before they are ended.
    Atomics.store(run.control, 1, 1);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
};

const lastWordOf = (worker: Worker, request: SweepRequest): Promise<readonly StoreProblem[]> =>
  new Promise((resolve, reject) => {
    let problems: readonly StoreProblem[] | undefined;
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'shard') request.onShard(message.shard, message.result, message.sizeBytes);
      else problems = message.problems;
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      try {
        invariant(problems !== undefined, 'a worker says what it could not read before it ends');
        resolve(problems);
      } catch (error) {
        reject(error);
      }
    });
  });
