import { linkFamilies } from './link-families.ts';
import { type NumberedObjects, type NumberedPack, noObject } from './number-objects.ts';
import { OidTable } from './oid-table.ts';
import { HeadReader, type PackNodes, type RefDelta } from './read-pack-heads.ts';
import { resolveBases } from './resolve-bases.ts';

/**
 * Every entry of every pack as a node, by pack and by offset, and which entries are deltas of which. Typed arrays by node, over
 * shared memory, so that workers get it without a copy. What an index or a head of an entry claims is checked as far as it can be
 * without inflating; where it does not hold, the node is declined: its type is unknown, and it stands in no family.
 */
export interface PackForest {
  readonly count: number;
  readonly packs: readonly ForestPack[];
  /** The object's number in the inventory; `noObject` where it is not counted (it may be a base all the same). */
  readonly objects: Uint32Array;
  /** Where the entry starts in its pack, in bytes. */
  readonly offsets: Float64Array;
  /** From the entry's start to that of the next, or to the end of the pack's data. */
  readonly storedBytes: Float64Array;
  /** From the entry's start to its zlib stream. */
  readonly headerBytes: Uint8Array;
  /** What the stream claims to inflate to: the object, or the delta. A claim, never a reason to allocate. */
  readonly streamSizes: Float64Array;
  /** The node that this one is a delta of, -1 where it is whole. */
  readonly bases: Int32Array;
  /** One of `typeCodes`, through the chain of deltas; unknown where the node is declined. */
  readonly types: Uint8Array;
  /** 1 where this is its object's first place of storage, the one that `Inventory.order` means. */
  readonly isPrimary: Uint8Array;
  /** The node's first delta, and the next delta of the same base, or -1: by node, but the one with the heaviest family comes last. */
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** `storedBytes` of the node and of all that are made of it. */
  readonly weights: Float64Array;
  /** Nodes that are no deltas and not declined, ascending. */
  readonly roots: Uint32Array;
  /** Objects, counted ones, whose first place of storage is declined. */
  readonly declined: readonly DeclinedObject[];
}

export interface ForestPack {
  readonly path: string;
  readonly firstNode: number;
  readonly endNode: number;
  /** Where its checksum starts, in bytes. */
  readonly dataEnd: number;
  /** Of the file, when its heads were read. */
  readonly sizeBytes: number;
}

export interface DeclinedObject {
  readonly object: number;
  readonly reason: string;
}

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
  const numbers = new Uint32Array(count);
  const isPrimary = new Uint8Array(new SharedArrayBuffer(count));
  const table = OidTable.from(objects.oids, objects.count, oidLength);
  const reader = new HeadReader(nodes, table, oidLength);
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
  const named = sharedUint32(count);
  for (let node = 0; node < count; node++) {
    const number = numbers[node] ?? 0;
    named[node] = renumbered === undefined ? number : (renumbered[number] ?? noObject);
  }
  const { offsets, storedBytes, headerBytes, streamSizes, bases, types } = nodes;
  return {
    ...{ count, packs, objects: named, offsets, storedBytes, headerBytes, streamSizes, bases, types, isPrimary },
    ...families,
    declined: declinedObjects(nodes, named, isPrimary),
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
