import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../errors.ts';
import type { WorkerMessage } from './sweep.ts';
import { type ShardRun, sweepShards } from './sweep-shards.ts';
import type { CreateVisitor } from './visitor.ts';

const { run, visitorModule, init } = workerData as { run: ShardRun; visitorModule: string; init: unknown };
const port = parentPort;
invariant(port !== null, 'this module runs in a worker thread');

const { createVisitor } = (await import(visitorModule)) as { createVisitor: CreateVisitor };
const visitor = await createVisitor(init);
const problems = await sweepShards(run, visitor, (shard, result, transfer, sizeBytes) => {
  port.postMessage({ type: 'shard', shard, result, sizeBytes } satisfies WorkerMessage, transfer);
});
port.postMessage({ type: 'problems', problems } satisfies WorkerMessage);
