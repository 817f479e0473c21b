import { isFailure, type ParseFailure } from '../text/index.ts';
import type { Run } from './change.ts';

export interface DeltaHeader {
  readonly baseSize: number;
  /** What the delta claims to make; `plainApplyDelta` refuses what is above its cap before it allocates. */
  readonly resultSize: number;
  /** Index of the first instruction. */
  readonly next: number;
}

/**
 * Parses the two sizes at the head of a delta.
 * @see gitformat-pack(5), "Deltified representation"
 */
export const parseDeltaHeader = (delta: Uint8Array): DeltaHeader | ParseFailure => {
  const base = parseSize(delta, 0);
  if (isFailure(base)) return base;
  const result = parseSize(delta, base.next);
  if (isFailure(result)) return result;
  return { baseSize: base.size, resultSize: result.size, next: result.next };
};

/**
 * Makes an object of its base and a delta: the specification of the kernel's `applyDelta`. Every instruction is checked
 * before it is followed, and the result must have exactly the size that the delta claims.
 * @param limitBytes larger results are refused before anything is allocated.
 * @returns the object's bytes, or what is wrong with the delta; never throws.
 */
export const plainApplyDelta = (base: Uint8Array, delta: Uint8Array, limitBytes: number): Uint8Array | ParseFailure => {
  if (delta.length < shortest) return { failure: 'the delta is shorter than any', at: delta.length };
  const header = parseDeltaHeader(delta);
  if (isFailure(header)) return header;
  if (header.baseSize !== base.length) return { failure: 'the delta is for a base of another size', at: 0 };
  const reach = checkInstructions(delta, header);
  if (reach !== null) return reach;
  if (header.resultSize > limitBytes) return { failure: 'the result is larger than the limit', at: 0 };
  return follow(base, delta, header);
};

/** Two sizes and an insert of one byte; git refuses what is shorter. */
const shortest = 4;

/** Walks the instructions without following them, so that nothing is allocated for a delta that lies. */
const checkInstructions = (delta: Uint8Array, { baseSize, resultSize, next }: DeltaHeader): ParseFailure | null => {
  let at = next;
  let made = 0;
  while (at < delta.length) {
    const opcode = delta[at] ?? 0;
    const after = at + instructionLength(opcode);
    if (opcode === 0) return { failure: 'an instruction is the reserved one', at };
    if (after > delta.length) return { failure: 'an instruction is cut short', at };
    const size = opcode & 0x80 ? copySize(delta, at) : opcode;
    if (opcode & 0x80 && copyOffset(delta, at) + size > baseSize) {
      return { failure: 'a copy reaches past the end of the base', at };
    }
    made += size;
    if (made > resultSize) return { failure: 'the delta makes more than it claims', at };
    at = after;
  }
  return made === resultSize ? null : { failure: 'the delta makes less than it claims', at };
};

const follow = (base: Uint8Array, delta: Uint8Array, { resultSize, next }: DeltaHeader): Uint8Array => {
  const result = new Uint8Array(resultSize);
  let at = next;
  let made = 0;
  while (at < delta.length) {
    const opcode = delta[at] ?? 0;
    const after = at + instructionLength(opcode);
    const start = opcode & 0x80 ? copyOffset(delta, at) : at + 1;
    const size = opcode & 0x80 ? copySize(delta, at) : opcode;
    result.set((opcode & 0x80 ? base : delta).subarray(start, start + size), made);
    made += size;
    at = after;
  }
  return result;
};

/** Which parts of the result are copies: those that go on in base and result are one run. For a delta that `plainApplyDelta` accepts. */
export const plainRuns = (delta: Uint8Array, { next }: DeltaHeader): Run[] => {
  const runs: Run[] = [];
  let made = 0;
  for (let at = next; at < delta.length; at += instructionLength(delta[at] ?? 0)) {
    const opcode = delta[at] ?? 0;
    const length = opcode & 0x80 ? copySize(delta, at) : opcode;
    if (opcode & 0x80) {
      const baseStart = copyOffset(delta, at);
      const last = runs.at(-1);
      const goesOn = last && last.start + last.length === made && last.baseStart + last.length === baseStart;
      if (goesOn) runs[runs.length - 1] = { ...last, length: last.length + length };
      else runs.push({ start: made, baseStart, length });
    }
    made += length;
  }
  return runs;
};

/** Bytes of an instruction: a copy has one for each of the seven low bits that is set, an insert brings its bytes. */
const instructionLength = (opcode: number): number => {
  if (!(opcode & 0x80)) return 1 + opcode;
  let length = 1;
  for (let bit = 1; bit < 0x80; bit *= 2) if (opcode & bit) length += 1;
  return length;
};

const copyOffset = (delta: Uint8Array, at: number): number => littleEndian(delta, at, 0x01, 4);

/** A size of 0 stands for 64 KiB. */
const copySize = (delta: Uint8Array, at: number): number => littleEndian(delta, at, 0x10, 3) || 0x1_0000;

/** The number whose bytes are there only where the opcode's bits, from `firstBit` on, say so. */
const littleEndian = (delta: Uint8Array, at: number, firstBit: number, count: number): number => {
  const opcode = delta[at] ?? 0;
  let from = at + 1;
  for (let bit = 1; bit < firstBit; bit *= 2) if (opcode & bit) from += 1;
  let value = 0;
  let factor = 1;
  for (let bit = firstBit, i = 0; i < count; i++, bit *= 2, factor *= 256) {
    if (opcode & bit) value += (delta[from++] ?? 0) * factor;
  }
  return value;
};

const parseSize = (bytes: Uint8Array, start: number): { size: number; next: number } | ParseFailure => {
  let size = 0;
  // Multiplied, not shifted: shifts wrap at 2 GiB.
  for (let at = start, factor = 1; at < bytes.length; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    size += (byte & 0x7f) * factor;
    if (factor > 2 ** 53 || size > Number.MAX_SAFE_INTEGER) return { failure: 'a size of 2^53 or more', at };
    if (!(byte & 0x80)) return { size, next: at + 1 };
  }
  return { failure: 'a size is cut short', at: bytes.length };
};
