import { type Change, mostRuns } from './change.ts';
import type { KernelMemory, TextAt } from './memory.ts';

/** A delta in the kernel's memory, its two sizes read. */
export interface Delta {
  readonly baseSize: number;
  readonly resultSize: number;
  /** The instructions stand in [at, end), 16 readable bytes behind them. */
  readonly at: number;
  readonly end: number;
}

/** Git refuses what is shorter than two sizes and an insert of one byte. */
const shortestDelta = 4;

/** Makes texts of their bases and deltas, in one kernel memory. */
export class Deltas {
  readonly #memory: KernelMemory;
  readonly #runs: number;
  /** Behind the size that was read last. */
  #next = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.#runs = memory.reserve(mostRuns * 12, 'runs');
  }

  /** Reads the sizes at the head of a delta. @returns null where it has none, or they are 2^32 or more. */
  parse({ at, length }: TextAt): Delta | null {
    if (length < shortestDelta) return null;
    const end = at + length;
    const baseSize = this.#sizeAt(at, end);
    const resultSize = baseSize < 0 ? -1 : this.#sizeAt(this.#next, end);
    return resultSize < 0 ? null : { baseSize, resultSize, at: this.#next, end };
  }

  /** @returns -1 where there is none, or it is too large. */
  #sizeAt(at: number, end: number): number {
    const { bytes } = this.#memory;
    let value = 0;
    let factor = 1;
    for (let next = at; next < end; factor *= 128) {
      const byte = bytes[next++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (value >= 2 ** 32) return -1;
      if ((byte & 0x80) === 0) {
        this.#next = next;
        return value;
      }
    }
    return -1;
  }

  /**
   * @param text where the result goes: `delta.resultSize` bytes and its padding.
   * @returns what it shares with its base, good until the next call; null where the delta is damaged.
   */
  apply(base: TextAt, delta: Delta, text: TextAt): Change | null {
    if (base.length !== delta.baseSize) return null;
    const { kernel } = this.#memory;
    const runsEnd = this.#runs + mostRuns * 12;
    const count = kernel.applyDelta(
      base.at,
      base.length,
      delta.at,
      delta.end,
      text.at,
      text.length,
      this.#runs,
      runsEnd,
    );
    if (count < 0) return null;
    return {
      baseLength: base.length,
      length: text.length,
      runCount: kernel.deltaOverflowed() === 0 ? count : 0,
      runsAt: this.#runs / 4,
      hasNewZeros: kernel.deltaHasZeros() !== 0 || kernel.deltaOverflowed() !== 0,
    };
  }
}
