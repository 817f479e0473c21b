import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { type ObjectFormat, oidBytes, oidFromBytes } from '../git/index.ts';
import { padBefore, padBehind } from '../kernel/index.ts';
import { objectTypeOf, typeCodes } from './inventory.ts';
import { type TakeShard, windowBytes } from './sweep-shards.ts';
import { type Shards, takeShards } from './take-shards.ts';
import type { TaskReport } from './task-report.ts';
import { looksAtDeltas, type Visitor } from './visitor.ts';

/** All that a thread needs to take part in a sweep of loose objects; structured-clonable, the arrays over shared memory. */
export interface LooseTask extends Shards {
  readonly kind: 'loose';
  /** Object directories, in the order in which git looks. */
  readonly directories: readonly string[];
  readonly format: ObjectFormat;
  readonly oids: Uint8Array;
  readonly types: Uint8Array;
  readonly sizes: Float64Array;
  /** The list of the shards. */
  readonly objects: Uint32Array;
}

/**
 * Takes shards until none is left, and shows their objects to the visitor. What is not a plain loose object, whole, of the type and size
 * that git says, and of at most a window, is left to git.
 */
export const sweepLoose = async (task: LooseTask, visitor: Visitor, take: TakeShard): Promise<TaskReport> => {
  const declined: number[] = [];
  let bytesInflated = 0;
  await takeShards(task, visitor, take, (index) => {
    const object = task.objects[index] ?? 0;
    const bytes = readLoose(task, object);
    if (bytes === null) declined.push(object);
    else {
      show(task, object, bytes, visitor);
      bytesInflated += bytes.length;
    }
    return task.sizes[object] ?? 0;
  });
  return { problems: [], declined, bytesInflated };
};

const show = ({ types }: LooseTask, number: number, bytes: Uint8Array, visitor: Visitor): void => {
  const object = { number, type: objectTypeOf(types[number] ?? typeCodes.unknown), sizeBytes: bytes.length };
  if (looksAtDeltas(visitor)) {
    // Not in the input: whoever looks may use that for something else.
    const room = visitor.memory.reserve(padBefore + windowBytes + padBehind, 'loose object');
    const text = { at: room + padBefore, length: bytes.length };
    visitor.memory.textOf(text).set(bytes);
    visitor.memory.pad(text);
    visitor.look(object, text, null);
    return;
  }
  visitor.inputFor(bytes.length).set(bytes);
  visitor.visit(object, bytes.length, { offset: 0, isFirst: true, isLast: true });
};

/** `blob 123` and a zero byte; longer than any. */
const headerBytes = 64;

/** @returns the object's bytes, or null where they are for git to judge. */
const readLoose = (task: LooseTask, object: number): Uint8Array | null => {
  const length = oidBytes(task.format);
  const oid = oidFromBytes(task.oids, object * length, length);
  const sizeBytes = task.sizes[object] ?? 0;
  if (sizeBytes > windowBytes) return null;
  for (const directory of task.directories) {
    const stored = readFile(join(directory, oid.slice(0, 2), oid.slice(2)));
    if (stored === null) continue;
    const unpacked = inflated(stored);
    const header = `${objectTypeOf(task.types[object] ?? typeCodes.unknown)} ${sizeBytes}\0`;
    const isWhole =
      unpacked?.length === header.length + sizeBytes && unpacked.toString('latin1', 0, header.length) === header;
    return isWhole ? unpacked.subarray(header.length) : null;
  }
  return null;
};

const inflated = (stored: Uint8Array): Buffer | null => {
  try {
    return inflateSync(stored, { maxOutputLength: windowBytes + headerBytes });
  } catch {
    return null;
  }
};

/** A regular file of at most a window; anything else is no loose object for us. */
const readFile = (path: string): Uint8Array | null => {
  let descriptor: number;
  try {
    // A FIFO would wait for a writer.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > windowBytes) return null;
    const bytes = new Uint8Array(stats.size);
    return readSync(descriptor, bytes, 0, bytes.length, 0) === bytes.length ? bytes : null;
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
};
