import type { FileHandle } from 'node:fs/promises';
import { overlapBytes, type VisitedObject, type Visitor, windowBytes } from '../objects/index.ts';

/** Where bytes come from, piece by piece: fills the target from its start, as far as it can; 0: there is no more. */
export type ReadInto = (target: Uint8Array) => Promise<number>;

export const readFrom =
  (file: FileHandle): ReadInto =>
  async (target) =>
    (await file.read(target, 0, target.length)).bytesRead;

/** Shows a stream of unknown length to a visitor, in the same overlapping parts as a sweep does. @returns its length in bytes. */
export const visitStream = async (read: ReadInto, visitor: Visitor, number: number): Promise<number> => {
  const window = visitor.inputFor(windowBytes);
  const object = (sizeBytes: number): VisitedObject => ({ number, type: 'blob', sizeBytes });
  let offset = 0;
  let filled = 0;
  for (;;) {
    const count = await fill(read, window.subarray(filled));
    filled += count;
    const isLast = filled < window.length;
    visitor.visit(object(offset + filled), filled, { offset, isFirst: offset === 0, isLast });
    if (isLast) return offset + filled;
    window.copyWithin(0, filled - overlapBytes, filled);
    offset += filled - overlapBytes;
    filled = overlapBytes;
  }
};

const fill = async (read: ReadInto, target: Uint8Array): Promise<number> => {
  let filled = 0;
  while (filled < target.length) {
    const count = await read(target.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return filled;
};
