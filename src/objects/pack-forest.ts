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
