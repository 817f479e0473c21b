import { inflateWritesBehind, type KernelMemory, padBefore, padBehind, type TextAt } from '../kernel/index.ts';

const grainBytes = 4096;

interface Block {
  readonly at: number;
  readonly end: number;
}

/**
 * Room for the texts that a walk through a family holds at once. Few live at a time, of sizes alike: the first gap that fits is
 * taken.
 */
export class Arena {
  readonly #memory: KernelMemory;
  readonly #start: number;
  readonly #end: number;
  /** By address. */
  readonly #blocks: Block[] = [];

  constructor(memory: KernelMemory, sizeBytes: number) {
    this.#memory = memory;
    this.#start = memory.reserve(sizeBytes, 'arena');
    this.#end = this.#start + sizeBytes;
  }

  /** @returns room for a text and what may be written around it; null where there is none. */
  take(length: number): TextAt | null {
    const needed = Math.ceil((padBefore + length + Math.max(padBehind, inflateWritesBehind)) / grainBytes) * grainBytes;
    let at = this.#start;
    let place = 0;
    for (; place < this.#blocks.length; place++) {
      const block = this.#blocks[place];
      if (block === undefined || block.at - at >= needed) break;
      at = block.end;
    }
    if (at + needed > this.#end) return null;
    this.#blocks.splice(place, 0, { at, end: at + needed });
    return { at: at + padBefore, length };
  }

  give(text: TextAt): void {
    const at = text.at - padBefore;
    let place = this.#blocks.length - 1;
    while (place >= 0 && this.#blocks[place]?.at !== at) place--;
    if (place >= 0) this.#blocks.splice(place, 1);
  }

  clear(): void {
    this.#blocks.length = 0;
  }

  get memory(): KernelMemory {
    return this.#memory;
  }
}
