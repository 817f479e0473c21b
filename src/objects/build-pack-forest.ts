import { linkFamilies } from './link-families.ts';
import { type NumberedObjects, type NumberedPack, noObject } from './number-objects.ts';
import { OidTable } from './oid-table.ts';
import type { DeclinedObject, ForestPack, PackForest } from './pack-forest.ts';
import { HeadReader, type PackNodes, type RefDelta } from './read-pack-heads.ts';
import { resolveBases } from './resolve-bases.ts';

export interface PackForestRequest {
  readonly objects: NumberedObjects;
  /** By the number in `objects`: the object's number in the inventory, or `noObject`. The same where it is left out. */
  readonly renumbered?: Uint32Array;
  readonly oidLength: number;
}

/**
 * Reads the heads of all entries, in one pass over each pack through one buffer, and links the families. Linear in the number of
 * entries and never recursive, whatever the packs hold. Never throws for what they hold, or for packs that are gone.
 */
export const buildPackForest = ({ objects, renumbered, oidLength }: PackForestRequest): PackForest => {
  const count = objects.packs.reduce((sum, { byOffset }) => sum + byOffset.length, 0);
  const nodes = emptyNodes(count);
  const numbers = sharedUint32(count);
  const isPrimary = new Uint8Array(new SharedArrayBuffer(count));
  const reader = new HeadReader(nodes, oidLength, () => OidTable.from(objects.oids, objects.count, oidLength));
  const packs: ForestPack[] = [];
  const refDeltas: RefDelta[][] = [];
  let firstNode = 0;
  for (const pack of objects.packs) {
    nameNodes(pack, firstNode, numbers, isPrimary);
    const { ends, refs } = reader.read(pack, firstNode);
    const endNode = firstNode + pack.byOffset.length;
    packs.push({ path: pack.listed.path, firstNode, endNode, ...ends });
    refDeltas.push(refs);
    firstNode = endNode;
  }
  const resolved = resolveBases(nodes, { packs, refDeltas, numbers, isPrimary, objectCount: objects.count });
  const families = linkFamilies(nodes, resolved);
  // Bases are found by what is listed, also where an object is not counted.
  if (renumbered !== undefined) {
    for (let node = 0; node < count; node++) numbers[node] = renumbered[numbers[node] ?? 0] ?? noObject;
  }
  const { offsets, storedBytes, headerBytes, streamSizes, bases, types } = nodes;
  return {
    ...{ count, packs, objects: numbers, offsets, storedBytes, headerBytes, streamSizes, bases, types, isPrimary },
    ...families,
    declined: declinedObjects(nodes, numbers, isPrimary),
  };
};

const emptyNodes = (count: number): PackNodes => ({
  offsets: new Float64Array(new SharedArrayBuffer(count * 8)),
  storedBytes: new Float64Array(new SharedArrayBuffer(count * 8)),
  headerBytes: new Uint8Array(new SharedArrayBuffer(count)),
  streamSizes: new Float64Array(new SharedArrayBuffer(count * 8)),
  bases: new Int32Array(new SharedArrayBuffer(count * 4)).fill(-1),
  types: new Uint8Array(new SharedArrayBuffer(count)),
  declined: new Map(),
});

const sharedUint32 = (count: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(count * 4));

const nameNodes = (pack: NumberedPack, firstNode: number, numbers: Uint32Array, isPrimary: Uint8Array): void => {
  const { byOffset } = pack;
  for (let i = 0; i < byOffset.length; i++) {
    const entry = byOffset[i] ?? 0;
    numbers[firstNode + i] = pack.numbers[entry] ?? 0;
    isPrimary[firstNode + i] = pack.isFirst[entry] ?? 0;
  }
};

const declinedObjects = (
  { declined }: PackNodes,
  objects: Uint32Array,
  isPrimary: Uint8Array,
): readonly DeclinedObject[] => {
  const list: DeclinedObject[] = [];
  for (const [node, reason] of declined) {
    const object = objects[node] ?? noObject;
    if (isPrimary[node] === 1 && object !== noObject) list.push({ object, reason });
  }
  return list.sort((a, b) => a.object - b.object);
};
