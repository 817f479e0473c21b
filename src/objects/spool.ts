import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../errors.ts';

/** Memory, where the system offers a folder of it: what passes through a spool needs no disk. */
const memoryFolder = '/dev/shm';

const pieceBytes = 256 << 10;

/**
 * A file without a name, between git and us: opened for this process alone and unlinked at once, so that nothing is left whatever
 * happens. It is written over again and again where the system says how far a writer came (Linux): fresh pages for every
 * answer cost as much as the answer.
 */
export class Spool {
  readonly #file: number;
  readonly #path: string;
  #writer: number | null = null;

  /** @param folder private to us, for systems that have no memory folder. */
  constructor(folder: string) {
    const opened = (hasRoom() ? openUnnamed(memoryFolder) : null) ?? openUnnamed(folder);
    invariant(opened !== null, 'our own private folder takes files');
    this.#file = opened;
    this.#path = `/proc/self/fd/${opened}`;
  }

  /** For a child that reads: text that it gets from the start. */
  static withText(folder: string, text: string): Spool {
    const spool = new Spool(folder);
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; ) at += writeSync(spool.#file, bytes, at, bytes.length - at, at);
    return spool;
  }

  get descriptor(): number {
    return this.#writer ?? this.#file;
  }

  /** Before the next child writes: it does so from the start. */
  rewind(): void {
    this.#endWriter();
    try {
      this.#writer = openSync(this.#path, 'r+');
    } catch {
      ftruncateSync(this.#file, 0);
    }
  }

  /** What the child wrote, piece by piece, in memory that the next piece uses again: small enough to stay in a core's cache. */
  *pieces(): Generator<Buffer> {
    const memory = Buffer.allocUnsafeSlow(pieceBytes);
    const size = this.#writer === null ? fstatSync(this.#file).size : positionOf(this.#writer);
    for (let at = 0; at < size; ) {
      const length = readSync(this.#file, memory, 0, Math.min(memory.length, size - at), at);
      if (length === 0) return;
      yield memory.subarray(0, length);
      at += length;
    }
  }

  close(): void {
    this.#endWriter();
    closeSync(this.#file);
  }

  #endWriter(): void {
    if (this.#writer !== null) closeSync(this.#writer);
    this.#writer = null;
  }
}

/** Parent and child share the position of a descriptor that one gave the other: how far the child wrote. */
const positionOf = (descriptor: number): number => {
  const position = /^pos:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
  invariant(position !== undefined, 'Linux tells the position of an open file');
  return Number(position);
};

/** A container's memory folder holds 64 MiB by default: too little for what passes through the spools of all workers. */
const roomBytes = 1 << 30;

const hasRoom = (): boolean => {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    return bavail * bsize >= roomBytes;
  } catch {
    return false;
  }
};

const openUnnamed = (folder: string): number | null => {
  if (!existsSync(folder)) return null;
  const path = join(folder, `unleak-${randomUUID()}`);
  try {
    // Appending, where nothing else keeps a child from writing behind what was cut off.
    const descriptor = openSync(path, existsSync('/proc/self/fdinfo') ? 'wx+' : 'ax+', 0o600);
    unlinkSync(path);
    return descriptor;
  } catch {
    return null;
  }
};
