import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../errors.ts';
import type { CrewMessage } from './crew.ts';
import { type CrewTask, doTask } from './do-task.ts';

const port = parentPort;
invariant(port !== null, 'this module runs in a worker thread');

for (const module of workerData as readonly string[]) await import(module);

const say = (message: CrewMessage, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const serve = async (task: CrewTask): Promise<void> => {
  const report = await doTask(task, (shard, result, transfer, workBytes) =>
    say({ type: 'shard', shard, result, workBytes }, transfer),
  );
  say({ type: 'done', report });
};

// What breaks there is an unhandled rejection, which ends the thread and reaches the crew as an error.
port.on('message', (task: CrewTask) => void serve(task));
