import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { KernelMemory } from '../kernel/index.ts';
import { typeCodes } from './inventory.ts';
import type { ForestPack, PackForest } from './pack-forest.ts';

/** Compressed bytes in the kernel's memory, `[at, end)`; at least `slackBytes` of memory stand behind them. */
export interface StreamAt {
  readonly at: number;
  readonly end: number;
}

export const slackBytes = 64;

/**
 * Reads the compressed bytes of entries into the kernel's memory, for one thread. Families are scattered over their pack, so small
 * blocks of it are kept: walked family by family, the blobs of redis, curl and git are read 1.7, 4.3 and 3.8 times over in blocks
 * of 16 KiB, and 6.8, 28 and 24 times in blocks of 128 KiB, with nearly as many reads.
 */
export class PackReader {
  readonly #memory: KernelMemory;
  readonly #forest: PackForest;
  readonly #files: PackFiles;
  readonly #blocks: BlockTable;
  readonly #blocksAt: number;
  readonly #stagingAt: number;
  readonly #stagingBytes: number;
  #pack = 0;

  /** @param budgetBytes of memory: three quarters of it hold blocks, the rest one entry that is no part of a block. */
  constructor(memory: KernelMemory, forest: PackForest, budgetBytes = 64 << 20) {
    this.#memory = memory;
    this.#forest = forest;
    this.#files = new PackFiles(forest.packs);
    // What does not compress is stored with a little overhead.
    this.#stagingBytes = Math.floor(budgetBytes / 4) + (64 << 10);
    const slots = Math.max(2, Math.floor((budgetBytes - this.#stagingBytes) / blockBytes));
    this.#blocks = new BlockTable(slots);
    this.#blocksAt = memory.reserve(slots * blockBytes + slackBytes, 'pack blocks');
    this.#stagingAt = memory.reserve(this.#stagingBytes + slackBytes, 'pack staging');
  }

  /**
   * The zlib stream of a node, with whatever stands between it and the next entry. It stays where it is until the next call.
   * @returns null where it could not be read whole, or is larger than there is room for.
   */
  stream(node: number): StreamAt | null {
    const { offsets, headerBytes, storedBytes, types } = this.#forest;
    const headLength = headerBytes[node] ?? 0;
    const start = (offsets[node] ?? 0) + headLength;
    const length = (storedBytes[node] ?? 0) - headLength;
    if ((types[node] ?? typeCodes.unknown) === typeCodes.unknown || length <= 0) return null;
    const pack = this.#packOf(node);
    const block = Math.floor(start / blockBytes);
    const within = start - block * blockBytes;
    const at =
      within + length <= blockBytes ? this.#inBlock(pack, block, within, length) : this.#staged(pack, start, length);
    return at === -1 ? null : { at, end: at + length };
  }

  close(): void {
    this.#files.close();
  }

  #packOf(node: number): number {
    const { packs } = this.#forest;
    const current = packs[this.#pack];
    if (current !== undefined && node >= current.firstNode && node < current.endNode) return this.#pack;
    let low = 0;
    let high = packs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (node < (packs[middle]?.endNode ?? 0)) high = middle;
      else low = middle + 1;
    }
    this.#pack = low;
    return low;
  }

  #inBlock(pack: number, block: number, within: number, length: number): number {
    const key = this.#files.firstBlock(pack) + block;
    let slot = this.#blocks.find(key);
    if (slot === -1) {
      slot = this.#blocks.take(key);
      const filled = this.#read(pack, block * blockBytes, this.#blocksAt + slot * blockBytes, blockBytes);
      this.#blocks.fill(slot, filled);
    }
    if (within + length > this.#blocks.filled(slot)) return -1;
    return this.#blocksAt + slot * blockBytes + within;
  }

  #staged(pack: number, start: number, length: number): number {
    if (length > this.#stagingBytes) return -1;
    return this.#read(pack, start, this.#stagingAt, length) === length ? this.#stagingAt : -1;
  }

  /** @returns how many bytes were read: fewer where the pack ends, or cannot be read. */
  #read(pack: number, start: number, at: number, length: number): number {
    const descriptor = this.#files.descriptor(pack);
    if (descriptor === -1) return 0;
    const { bytes } = this.#memory;
    let filled = 0;
    try {
      while (filled < length) {
        const got = readSync(descriptor, bytes, at + filled, length - filled, start + filled);
        if (got === 0) break;
        filled += got;
      }
    } catch {
      // What was not read is not there.
    }
    return filled;
  }
}

export const blockBytes = 16 << 10;

/** Which blocks stand in which slots. Where all are taken, one that was not asked for since the hand last passed makes room. */
class BlockTable {
  readonly #slots = new Map<number, number>();
  readonly #keys: Float64Array;
  readonly #filled: Uint32Array;
  readonly #isFresh: Uint8Array;
  #hand = 0;

  constructor(slots: number) {
    this.#keys = new Float64Array(slots).fill(-1);
    this.#filled = new Uint32Array(slots);
    this.#isFresh = new Uint8Array(slots);
  }

  find(key: number): number {
    const slot = this.#slots.get(key) ?? -1;
    if (slot !== -1) this.#isFresh[slot] = 1;
    return slot;
  }

  /** A slot for a block that is in none. */
  take(key: number): number {
    while (this.#isFresh[this.#hand] === 1) {
      this.#isFresh[this.#hand] = 0;
      this.#step();
    }
    const slot = this.#hand;
    this.#slots.delete(this.#keys[slot] ?? -1);
    this.#slots.set(key, slot);
    this.#keys[slot] = key;
    this.#step();
    return slot;
  }

  fill(slot: number, filled: number): void {
    this.#filled[slot] = filled;
  }

  filled(slot: number): number {
    return this.#filled[slot] ?? 0;
  }

  #step(): void {
    this.#hand = this.#hand + 1 === this.#keys.length ? 0 : this.#hand + 1;
  }
}

/** A store may have hundreds of packs, and every thread opens its own. */
const mostOpen = 16;

/** The packs' files, opened when they are asked for. */
class PackFiles {
  readonly #packs: readonly ForestPack[];
  readonly #firstBlocks: readonly number[];
  /** In the order of their last opening. */
  readonly #open = new Map<number, number>();
  readonly #unusable = new Set<number>();

  constructor(packs: readonly ForestPack[]) {
    this.#packs = packs;
    let blocks = 0;
    this.#firstBlocks = packs.map(({ sizeBytes }) => {
      const first = blocks;
      blocks += Math.ceil(sizeBytes / blockBytes);
      return first;
    });
  }

  /** Blocks are counted through all packs. */
  firstBlock(pack: number): number {
    return this.#firstBlocks[pack] ?? 0;
  }

  /** @returns -1 where the pack is gone, or is not what it was when its heads were read. */
  descriptor(pack: number): number {
    const known = this.#open.get(pack);
    if (known !== undefined) return known;
    const file = this.#packs[pack];
    if (file === undefined || this.#unusable.has(pack)) return -1;
    const descriptor = openSame(file);
    if (descriptor === -1) {
      this.#unusable.add(pack);
      return -1;
    }
    const [oldest] = this.#open;
    if (this.#open.size === mostOpen && oldest !== undefined) {
      closeSync(oldest[1]);
      this.#open.delete(oldest[0]);
    }
    this.#open.set(pack, descriptor);
    return descriptor;
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }
}

const openSame = ({ path, sizeBytes }: ForestPack): number => {
  let descriptor = -1;
  try {
    // Git follows links in its store. Without waiting: what was a file can be a pipe by now.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (stats.isFile() && stats.size === sizeBytes) return descriptor;
  } catch {
    // Gone, or not ours to read.
  }
  if (descriptor !== -1) closeSync(descriptor);
  return -1;
};
