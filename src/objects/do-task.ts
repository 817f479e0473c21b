import { type LooseTask, sweepLoose } from './loose-shards.ts';
import { type PackTask, walkShards } from './pack-shards.ts';
import { type ShardRun, sweepShards, type TakeShard } from './sweep-shards.ts';
import type { TaskReport } from './task-report.ts';
import type { CreateVisitor } from './visitor.ts';

/** Work for every thread of a crew; structured-clonable, its large arrays over shared memory. */
export interface CrewTask {
  /** The visitor's module, as a URL; it exports `createVisitor`. */
  readonly visitorModule: string;
  readonly init: unknown;
  /** Read from packs, from loose files, or by asking git. */
  readonly work: PackTask | LooseTask | ShardRun;
}

/** Does one thread's share of a task: takes shards until none is left. */
export const doTask = async ({ visitorModule, init, work }: CrewTask, take: TakeShard): Promise<TaskReport> => {
  const { createVisitor } = (await import(visitorModule)) as { createVisitor: CreateVisitor };
  const visitor = await createVisitor(init);
  if (work.kind === 'packs') return walkShards(work, visitor, take);
  if (work.kind === 'loose') return sweepLoose(work, visitor, take);
  return { problems: await sweepShards(work, visitor, take), declined: [], bytesInflated: 0 };
};
