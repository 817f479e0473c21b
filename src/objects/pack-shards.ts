import { KernelMemory } from '../kernel/index.ts';
import { FamilyWalker, type WalkRequest } from './family-walker.ts';
import { noObject } from './number-objects.ts';
import type { PackForest } from './pack-forest.ts';
import type { TakeShard } from './sweep-shards.ts';
import { type Shards, takeShards } from './take-shards.ts';
import type { TaskReport } from './task-report.ts';
import { looksAtDeltas, type Visitor } from './visitor.ts';

/** All that a thread needs to take part in a walk through packs; structured-clonable, the arrays over shared memory. */
export interface PackTask extends WalkRequest, Shards {
  readonly kind: 'packs';
  /** The same for all walks over the same forest. */
  readonly forestId: number;
  /** Roots of families: the list of the shards. */
  readonly roots: Uint32Array;
}

/** Families above stand alone in a shard, the others come together up to this, in stored bytes. */
const shardBytes = 1 << 20;

let lastForestId = 0;
const forestIds = new WeakMap<PackForest, number>();

/**
 * Plans a walk that shows these objects, as far as packs hold them. The heaviest families come first, so that no thread has one left when
 * all others are done; the rest in the order of the packs. The same on every machine.
 * @returns the task, and the objects that are no entry of a family.
 */
export const planPackWalk = (
  forest: PackForest,
  objects: Uint32Array,
  sizes: Float64Array,
  mostBlobBytes: number,
): { readonly task: PackTask; readonly others: Uint32Array; readonly workBytes: number } => {
  const { needed, others } = markNeeded(forest, objects, sizes.length);
  const isNeeded = (root: number): boolean => needed[root] !== 0;
  const weight = (root: number): number => forest.weights[root] ?? 0;
  const own = forest.roots.filter(isNeeded);
  const heavy = [...own.filter((root) => weight(root) > shardBytes)].sort((a, b) => weight(b) - weight(a) || a - b);
  const light = own.filter((root) => weight(root) <= shardBytes);
  const roots = new Uint32Array(new SharedArrayBuffer(own.length * 4));
  roots.set(heavy);
  roots.set(light, heavy.length);
  const forestId = forestIds.get(forest) ?? ++lastForestId;
  forestIds.set(forest, forestId);
  const task: PackTask = {
    kind: 'packs',
    forest: { ...forest, declined: [] },
    forestId,
    needed,
    sizes,
    mostBlobBytes,
    roots,
    shards: boundsOf(roots, heavy.length, weight),
    control: new Int32Array(new SharedArrayBuffer(8)),
  };
  return { task, others, workBytes: own.reduce((sum, root) => sum + weight(root), 0) };
};

const markNeeded = (
  { objects: numbers, isPrimary, types, bases, count }: PackForest,
  objects: Uint32Array,
  objectCount: number,
): { needed: Uint8Array; others: Uint32Array } => {
  const isAsked = new Uint8Array(objectCount);
  for (const object of objects) isAsked[object] = 1;
  const needed = new Uint8Array(new SharedArrayBuffer(count));
  for (let node = 0; node < count; node++) {
    const object = numbers[node] ?? noObject;
    if (object === noObject || isPrimary[node] !== 1 || isAsked[object] !== 1 || types[node] === 0) continue;
    isAsked[object] = 0;
    needed[node] = 2;
    for (let base = bases[node] ?? -1; base >= 0 && needed[base] === 0; base = bases[base] ?? -1) needed[base] = 1;
  }
  return { needed, others: objects.filter((object) => isAsked[object] === 1) };
};

const boundsOf = (roots: Uint32Array, heavyCount: number, weight: (root: number) => number): number[] => {
  const bounds = [0];
  let bytes = 0;
  for (let index = 0; index < roots.length; index++) {
    const own = weight(roots[index] ?? 0);
    const isFirst = index === bounds.at(-1);
    if (!isFirst && (index <= heavyCount || bytes + own > shardBytes)) {
      bounds.push(index);
      bytes = 0;
    }
    bytes += own;
  }
  if (roots.length > 0) bounds.push(roots.length);
  return bounds;
};

/** One walker a memory: what it reserves is reserved once, and the packs stay open from task to task. */
const walkers = new WeakMap<KernelMemory, { readonly forestId: number; readonly walker: FamilyWalker }>();
/** For visitors that bring no memory of their own. */
let spareMemory: KernelMemory | undefined;

const memoryOf = (visitor: Visitor): KernelMemory => {
  if (looksAtDeltas(visitor)) return visitor.memory;
  spareMemory ??= new KernelMemory();
  return spareMemory;
};

const walkerOf = (task: PackTask, visitor: Visitor): FamilyWalker => {
  const memory = memoryOf(visitor);
  const known = walkers.get(memory);
  if (known?.forestId === task.forestId) {
    known.walker.begin(task, visitor);
    return known.walker;
  }
  known?.walker[Symbol.dispose]();
  const walker = new FamilyWalker(memory, task, visitor);
  walkers.set(memory, { forestId: task.forestId, walker });
  return walker;
};

/** Takes shards until none is left, and shows their objects to the visitor. */
export const walkShards = async (task: PackTask, visitor: Visitor, take: TakeShard): Promise<TaskReport> => {
  const walker = walkerOf(task, visitor);
  await takeShards(task, visitor, take, (index) => {
    const root = task.roots[index] ?? 0;
    walker.walk(root);
    return task.forest.weights[root] ?? 0;
  });
  return { problems: [], ...walker.take() };
};
