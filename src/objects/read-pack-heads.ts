import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { deltaKinds, EntryHead, longestHeadBytes } from './entry-head.ts';
import type { NumberedPack } from './number-objects.ts';
import type { OidTable } from './oid-table.ts';

/** What the heads say, by node; see `PackForest`. */
export interface PackNodes {
  readonly offsets: Float64Array;
  readonly storedBytes: Float64Array;
  readonly headerBytes: Uint8Array;
  readonly streamSizes: Float64Array;
  readonly bases: Int32Array;
  /** Of nodes that are no deltas: theirs; of all others unknown as yet. */
  readonly types: Uint8Array;
  /** Why a node is declined. */
  readonly declined: Map<number, string>;
}

/** A node whose base is named by its oid. */
export interface RefDelta {
  readonly node: number;
  /** The base's number among all listed objects. */
  readonly number: number;
}

export interface PackEnds {
  readonly dataEnd: number;
  readonly sizeBytes: number;
}

/** Reads the heads of the entries of one pack after the other through one buffer. */
export class HeadReader {
  readonly #nodes: PackNodes;
  readonly #oidLength: number;
  readonly #makeTable: () => OidTable;
  readonly #head = new EntryHead();
  readonly #window = new Window();
  #table: OidTable | undefined;

  /** @param makeTable of all listed objects; asked once, by the first delta that names its base by oid: most packs have none. */
  constructor(nodes: PackNodes, oidLength: number, makeTable: () => OidTable) {
    this.#nodes = nodes;
    this.#oidLength = oidLength;
    this.#makeTable = makeTable;
  }

  /** Fills the pack's nodes, from `firstNode` on. @returns its deltas whose bases are named by oid, and where it ends. */
  read({ listed, byOffset }: NumberedPack, firstNode: number): { ends: PackEnds; refs: RefDelta[] } {
    const endNode = firstNode + byOffset.length;
    const { offsets } = this.#nodes;
    for (let i = 0; i < byOffset.length; i++) offsets[firstNode + i] = listed.index.offset(byOffset[i] ?? 0);
    const file = listed.fits ? openPack(listed.path) : null;
    if (file === null) {
      for (let node = firstNode; node < endNode; node++) this.#nodes.declined.set(node, 'its pack could not be read');
      return { ends: { dataEnd: 0, sizeBytes: 0 }, refs: [] };
    }
    try {
      const ends = { dataEnd: file.sizeBytes - this.#oidLength, sizeBytes: file.sizeBytes };
      this.#measure(firstNode, endNode, ends.dataEnd);
      return { ends, refs: this.#readHeads(file.descriptor, firstNode, endNode) };
    } finally {
      closeSync(file.descriptor);
    }
  }

  /** From the last entry to the first; several may claim to start at one place. */
  #measure(firstNode: number, endNode: number, dataEnd: number): void {
    const { offsets, storedBytes, declined } = this.#nodes;
    let start = dataEnd;
    let end = dataEnd;
    for (let node = endNode - 1; node >= firstNode; node--) {
      const offset = offsets[node] ?? 0;
      if (offset < packHeadBytes || offset >= dataEnd) {
        declined.set(node, 'its index points outside the pack');
        continue;
      }
      if (offset !== start) end = start;
      start = offset;
      storedBytes[node] = end - offset;
    }
  }

  #readHeads(descriptor: number, firstNode: number, endNode: number): RefDelta[] {
    const { offsets, storedBytes, declined } = this.#nodes;
    const refs: RefDelta[] = [];
    const window = this.#window;
    window.open(descriptor);
    for (let node = firstNode; node < endNode; node++) {
      const stored = storedBytes[node] ?? 0;
      if (stored === 0) continue; // declined
      const offset = offsets[node] ?? 0;
      const length = Math.min(stored, longestHeadBytes);
      if (!window.holds(offset, length)) window.read(offset, windowEnd(offsets, node, endNode));
      const reason = window.holds(offset, length)
        ? this.#readHead(node, firstNode, offset - window.start, length, refs)
        : 'its pack could not be read';
      if (reason !== null) declined.set(node, reason);
    }
    return refs;
  }

  #readHead(node: number, firstNode: number, at: number, length: number, refs: RefDelta[]): string | null {
    const head = this.#head;
    const { bytes } = this.#window;
    const { offsets, headerBytes, streamSizes, bases, types } = this.#nodes;
    const reason = head.parse(bytes, at, at + length, this.#oidLength);
    if (reason !== null) return reason;
    headerBytes[node] = head.next - at;
    streamSizes[node] = head.sizeBytes;
    if (head.kind === deltaKinds.ofs) {
      const base = nodeAt(offsets, firstNode, node, (offsets[node] ?? 0) - head.distance);
      if (base === -1) return 'no entry starts where its base should';
      bases[node] = base;
    } else if (head.kind === deltaKinds.ref) {
      this.#table ??= this.#makeTable();
      const number = this.#table.find(bytes, head.baseAt);
      if (number === -1) return 'its base is in no pack';
      refs.push({ node, number });
    } else {
      types[node] = head.kind;
    }
    return null;
  }
}

/** Signature, version, count. */
const packHeadBytes = 12;

const openPack = (path: string): { readonly descriptor: number; readonly sizeBytes: number } | null => {
  let descriptor: number | undefined;
  try {
    // Without waiting: what was a file when the store was listed can be a pipe by now.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (stats.isFile()) return { descriptor, sizeBytes: stats.size };
    closeSync(descriptor);
    return null;
  } catch {
    if (descriptor !== undefined) closeSync(descriptor);
    return null;
  }
};

/** How far to read from the entry at `node` on: as long as heads follow each other closely, and the buffer has room. */
const windowEnd = (offsets: Float64Array, node: number, endNode: number): number => {
  const start = offsets[node] ?? 0;
  let end = start + longestHeadBytes;
  for (let next = node + 1; next < endNode; next++) {
    const offset = offsets[next] ?? 0;
    // Below `start` stand those without a usable offset, behind all others.
    if (offset < start || offset - end > gapBytes || offset + longestHeadBytes - start > windowBytes) break;
    end = offset + longestHeadBytes;
  }
  return end;
};

/** To read on costs less than to ask anew up to here. */
const gapBytes = 16 << 10;
const windowBytes = 1 << 20;

/** A piece of a pack in memory. */
class Window {
  readonly bytes = new Uint8Array(windowBytes);
  /** Where it starts in the pack. */
  start = 0;
  #end = 0;
  #descriptor = -1;

  open(descriptor: number): void {
    this.#descriptor = descriptor;
    this.#end = 0;
  }

  holds(offset: number, length: number): boolean {
    return offset >= this.start && offset + length <= this.#end;
  }

  /** Reads `[start, end)` of the pack, or as much as can be read. */
  read(start: number, end: number): void {
    this.start = start;
    this.#end = start;
    try {
      while (this.#end < end) {
        const length = readSync(this.#descriptor, this.bytes, this.#end - start, end - this.#end, this.#end);
        if (length === 0) return;
        this.#end += length;
      }
    } catch {
      // What was not read is not held.
    }
  }
}

/** The node in `[first, end)` whose entry starts at `offset`, or -1. Bases stand close before their deltas: searched from there. */
const nodeAt = (offsets: Float64Array, first: number, end: number, offset: number): number => {
  let step = 1;
  let low = end - 1;
  while (low >= first && (offsets[low] ?? 0) > offset) {
    end = low;
    low -= step;
    step *= 2;
  }
  low = Math.max(low, first);
  while (low < end) {
    const middle = (low + end) >>> 1;
    const found = offsets[middle] ?? 0;
    if (found === offset) return middle;
    if (found < offset) low = middle + 1;
    else end = middle;
  }
  return -1;
};
