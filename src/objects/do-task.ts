import type { CrewTask } from './crew.ts';
import { sweepLoose } from './loose-shards.ts';
import { walkShards } from './pack-shards.ts';
import { sweepShards, type TakeShard } from './sweep-shards.ts';
import type { TaskReport } from './task-report.ts';
import type { CreateVisitor } from './visitor.ts';

/** Does one thread's share of a task: takes shards until none is left. */
export const doTask = async ({ visitorModule, init, work }: CrewTask, take: TakeShard): Promise<TaskReport> => {
  const { createVisitor } = (await import(visitorModule)) as { createVisitor: CreateVisitor };
  const visitor = await createVisitor(init);
  if (work.kind === 'packs') return walkShards(work, visitor, take);
  if (work.kind === 'loose') return sweepLoose(work, visitor, take);
  return { problems: await sweepShards(work, visitor, take), declined: [], bytesInflated: 0 };
};
