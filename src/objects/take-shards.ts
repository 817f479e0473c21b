import { setImmediate } from 'node:timers/promises';
import type { TakeShard } from './sweep-shards.ts';
import type { Visitor } from './visitor.ts';

/** A list cut into shards that several threads take; over shared memory. */
export interface Shards {
  /** Shard s is `[shards[s] … shards[s + 1])` of the list. */
  readonly shards: readonly number[];
  /** [0] the next shard to take, [1] not 0: stop. */
  readonly control: Int32Array;
}

/**
 * Takes shards until none is left, or it is told to stop, and hands over what the visitor took of each.
 * @param show shows the list's place to the visitor. @returns a measure of its work, in bytes.
 */
export const takeShards = async (
  { shards, control }: Shards,
  visitor: Visitor,
  take: TakeShard,
  show: (index: number) => number,
): Promise<void> => {
  for (;;) {
    const shard = Atomics.add(control, 0, 1);
    if (shard >= shards.length - 1 || Atomics.load(control, 1) !== 0) return;
    let workBytes = 0;
    for (let index = shards[shard] ?? 0; index < (shards[shard + 1] ?? 0); index++) workBytes += show(index);
    const { result, transfer } = visitor.take();
    take(shard, result, transfer, workBytes);
    // In the main thread signals and progress want to be heard.
    await setImmediate();
  }
};
