import { typeCodes } from './inventory.ts';
import type { PackNodes, RefDelta } from './read-pack-heads.ts';

export interface BaseRequest {
  readonly packs: readonly { readonly firstNode: number; readonly endNode: number }[];
  /** By pack. */
  readonly refDeltas: readonly (readonly RefDelta[])[];
  /** By node: the object's number among all listed ones. */
  readonly numbers: Uint32Array;
  readonly isPrimary: Uint8Array;
  /** How many objects are listed. */
  readonly objectCount: number;
}

/**
 * Finds the bases that are named by oid, in the same pack or else where the object is stored first, and follows every chain to
 * its type. A delta whose chain has no end, or ends in a declined node, is declined.
 * @returns the nodes that are not declined, each behind its base.
 */
export const resolveBases = (nodes: PackNodes, request: BaseRequest): Uint32Array => {
  findNamedBases(nodes, request);
  const { bases, types, declined } = nodes;
  const count = bases.length;
  const resolved = new Uint32Array(count);
  let resolvedCount = 0;
  const states = new Uint8Array(count);
  const path: number[] = [];
  for (let start = 0; start < count; start++) {
    let node = start;
    while (node !== -1 && states[node] === unseen) {
      states[node] = onPath;
      path.push(node);
      node = bases[node] ?? -1;
    }
    const isEndless = node !== -1 && (states[node] === onPath || declined.get(node) === endlessReason);
    let type = node === -1 ? typeCodes.unknown : (types[node] ?? typeCodes.unknown);
    for (let passed = path.pop(); passed !== undefined; passed = path.pop()) {
      states[passed] = done;
      if (bases[passed] === -1) {
        type = types[passed] ?? typeCodes.unknown;
      } else if (type === typeCodes.unknown) {
        bases[passed] = -1;
        declined.set(passed, isEndless ? endlessReason : 'its base cannot be read');
      } else {
        types[passed] = type;
      }
      if (type !== typeCodes.unknown) resolved[resolvedCount++] = passed;
    }
  }
  return resolved.subarray(0, resolvedCount);
};

/** Why a node is declined over which git would never end. */
export const endlessReason = 'its chain of deltas has no end';

const unseen = 0;
const onPath = 1;
const done = 2;

const findNamedBases = (nodes: PackNodes, { packs, refDeltas, numbers, isPrimary, objectCount }: BaseRequest): void => {
  if (refDeltas.every((refs) => refs.length === 0)) return;
  const { bases, declined } = nodes;
  const firstNodes = new Int32Array(objectCount).fill(-1);
  for (let node = 0; node < numbers.length; node++) if (isPrimary[node] === 1) firstNodes[numbers[node] ?? 0] = node;
  // One table for all packs: what another pack left in it lies outside this one's nodes.
  const inPack = new Int32Array(objectCount).fill(-1);
  for (const [i, { firstNode, endNode }] of packs.entries()) {
    const refs = refDeltas[i] ?? [];
    if (refs.length === 0) continue;
    for (let node = firstNode; node < endNode; node++) inPack[numbers[node] ?? 0] = node;
    for (const { node, number } of refs) {
      const near = inPack[number] ?? -1;
      const base = near >= firstNode ? near : (firstNodes[number] ?? -1);
      if (base === -1) declined.set(node, 'its base is in no pack');
      else bases[node] = base;
    }
  }
};
