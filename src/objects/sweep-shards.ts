import {
  type GitChild,
  type ObjectFormat,
  type ObjectType,
  oidBytes,
  oidFromBytes,
  ReadGit,
  type ReadGitHandle,
} from '../git/index.ts';
import { objectTypes, type StoreProblem } from './inventory.ts';
import { Spool } from './spool.ts';
import type { Visitor } from './visitor.ts';

/** All that a thread needs to take part in a sweep; structured-clonable, the arrays over shared memory. */
export interface ShardRun {
  readonly kind: 'git';
  readonly handle: ReadGitHandle;
  readonly format: ObjectFormat;
  readonly oids: Uint8Array;
  readonly types: Uint8Array;
  readonly sizes: Float64Array;
  readonly objects: Uint32Array;
  /** Shard s is `objects[shards[s] … shards[s + 1])`. */
  readonly shards: readonly number[];
  /** [0] the next shard to take, [1] not 0: stop. */
  readonly control: Int32Array;
}

/** Objects above come in parts of this size that overlap. */
export const windowBytes = 8 << 20;
/** Twice what a long rule may look at on either side of its anchor. */
export const overlapBytes = 128 << 10;

const shardBytes = 64 << 20;
const shardObjects = 32_768;

/** Cuts the list into pieces of about 64 MiB unpacked, the same on every machine. @returns bounds, first 0, last the length. */
export const cutShards = (objects: Uint32Array, sizes: Float64Array): number[] => {
  const bounds = [0];
  let bytes = 0;
  let from = 0;
  const cut = (at: number): void => {
    if (at > from) bounds.push(at);
    bytes = 0;
    from = at;
  };
  for (let index = 0; index < objects.length; index++) {
    const sizeBytes = sizes[objects[index] ?? 0] ?? 0;
    // What is larger than a shard stands alone: it is streamed.
    if (bytes + sizeBytes > shardBytes || index - from >= shardObjects) cut(index);
    bytes += sizeBytes;
  }
  cut(objects.length);
  return bounds;
};

/** @param workBytes a measure of the shard's work, for progress. */
export type TakeShard = (shard: number, result: unknown, transfer: ArrayBuffer[], workBytes: number) => void;

/**
 * Takes shards until none is left, and shows their objects to the visitor. While one is looked at, git already unpacks the next. Where git
 * dies early, the object it died on is a problem, and another child goes on behind it.
 */
export const sweepShards = async (run: ShardRun, visitor: Visitor, take: TakeShard): Promise<StoreProblem[]> => {
  const git = ReadGit.attach(run.handle);
  const problems: StoreProblem[] = [];
  const spools = [new Spool(run.handle.gitDir), new Spool(run.handle.gitDir)] as const;
  try {
    let ahead = ask(run, git, nextShard(run), spools[0]);
    for (let turn = 1; ahead !== null; turn++) {
      const current = ahead;
      ahead = ask(run, git, nextShard(run), spools[turn % 2] ?? spools[0]);
      const isWhole = await showShard(run, git, current, visitor, problems);
      if (!isWhole) {
        ahead?.child.kill();
        break;
      }
      const { result, transfer } = visitor.take();
      take(current.shard, result, transfer, shardSize(run, current.shard));
    }
  } finally {
    for (const spool of spools) spool.close();
  }
  return problems;
};

/** A shard, from its object at `from` on, for which git is at work. */
interface AskedShard {
  readonly shard: number;
  readonly from: number;
  readonly child: GitChild;
  readonly spool: Spool;
  /** The answer comes through a pipe: a single object larger than a shard is not held whole. */
  readonly isStreamed: boolean;
}

const nextShard = ({ control, shards }: ShardRun): { shard: number; from: number } | null => {
  const shard = Atomics.add(control, 0, 1);
  return shard >= shards.length - 1 || isStopped(control) ? null : { shard, from: shards[shard] ?? 0 };
};

const isStopped = (control: Int32Array): boolean => Atomics.load(control, 1) !== 0;

const endOf = ({ shards }: ShardRun, shard: number): number => shards[shard + 1] ?? 0;

const shardSize = (run: ShardRun, shard: number): number => {
  let sum = 0;
  for (let index = run.shards[shard] ?? 0; index < endOf(run, shard); index++)
    sum += run.sizes[run.objects[index] ?? 0] ?? 0;
  return sum;
};

/**
 * Asks git for the objects. The answer goes to a file that nobody else can open: through a pipe, git and we would wake each other for
 * every object, which cost more than all of our own work (docs/engine.md).
 */
const ask = (
  run: ShardRun,
  git: ReadGit,
  next: { shard: number; from: number } | null,
  spool: Spool,
  isCautious = false,
): AskedShard | null => {
  if (next === null) return null;
  const lines = oidLines(run, next.from, endOf(run, next.shard));
  const args = ['cat-file', '--batch'];
  if (isCautious) {
    // No file at all: one that ran out of room ends git early too.
    const child = git.spawn(args, 'pipe');
    child.stdin?.end(lines);
    return { ...next, child, spool, isStreamed: true };
  }
  const isStreamed = shardSize(run, next.shard) > shardBytes;
  if (!isStreamed) spool.rewind();
  const questions = Spool.withText(run.handle.gitDir, lines);
  const child = git.spawn([...args, '--buffer'], questions.descriptor, isStreamed ? {} : { stdout: spool.descriptor });
  questions.close();
  return { ...next, child, spool, isStreamed };
};

const oidLines = (run: ShardRun, from: number, to: number): string => {
  const lines: string[] = [];
  for (let index = from; index < to; index++) lines.push(oidAt(run, run.objects[index] ?? 0));
  return `${lines.join('\n')}\n`;
};

/** @returns false when the sweep was told to stop. */
const showShard = async (
  run: ShardRun,
  git: ReadGit,
  asked: AskedShard,
  visitor: Visitor,
  problems: StoreProblem[],
): Promise<boolean> => {
  const end = endOf(run, asked.shard);
  let isCautious = false;
  for (let current: AskedShard | null = asked; current !== null; ) {
    const reader = new BatchReader(run, current.from, visitor, problems);
    if (!(await readAnswer(current, reader, run.control))) return false;
    const { stderr, reason } = await current.child.done;
    if (reader.at >= end) return true;
    let from = reader.at;
    if (isCautious) {
      const why = reason === 'silent' ? 'git said nothing for 60 s' : firstLine(stderr);
      problems.push({ oid: oidAt(run, run.objects[from] ?? 0), where: 'object', reason: why });
      from++;
    }
    // A git that dies takes along the answers that it had not written yet. Without its buffer it writes each at once, and what comes after
    // the last answer is what it died of.
    isCautious = true;
    current = ask(run, git, from < end ? { shard: asked.shard, from } : null, current.spool, isCautious);
  }
  return true;
};

const readAnswer = async (
  { child, spool, isStreamed }: AskedShard,
  reader: BatchReader,
  control: Int32Array,
): Promise<boolean> => {
  if (!isStreamed) {
    await child.done;
    if (isStopped(control)) return false;
    for (const piece of spool.pieces()) reader.push(piece);
    return true;
  }
  try {
    for await (const chunk of child.stdout) {
      if (isStopped(control)) {
        child.kill();
        return false;
      }
      reader.push(chunk as Buffer);
    }
  } catch (error) {
    // A child that was ended breaks its output off, and `done` says why; anything else is a visitor's failure.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  return true;
};

const oidAt = (run: ShardRun, object: number) => {
  const length = oidBytes(run.format);
  return oidFromBytes(run.oids, object * length, length);
};

const firstLine = (stderr: string): string =>
  stderr.split('\n', 1)[0]?.replace(/^(?:fatal|error): /, '') || 'git ended before it was read';

const newline = 0x0a;
const longestHeader = 128;

/** Takes git's output apart: `<oid> <type> <size>`, the bytes, a newline; and hands the bytes to the visitor. */
class BatchReader {
  /** Index, in the list of the run, of the object that git answers next. */
  at: number;
  readonly #run: ShardRun;
  readonly #visitor: Visitor;
  readonly #problems: StoreProblem[];
  #header = '';
  #inBody = false;
  /** Bytes of the body still to come, the newline behind it not counted. */
  #left = 0;
  #sizeBytes = 0;
  #type: ObjectType = 'blob';
  #window: Uint8Array = new Uint8Array(0);
  #filled = 0;
  #offset = 0;

  constructor(run: ShardRun, at: number, visitor: Visitor, problems: StoreProblem[]) {
    this.#run = run;
    this.at = at;
    this.#visitor = visitor;
    this.#problems = problems;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at = this.#inBody ? this.#readBody(chunk, at) : this.#readHeader(chunk, at);
  }

  get #object(): number {
    return this.#run.objects[this.at] ?? 0;
  }

  #readHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(newline, at);
    this.#header += chunk.toString('latin1', at, end < 0 ? chunk.length : end);
    if (this.#header.length > longestHeader)
      throw new RangeError('git cat-file answered with a line that is no header');
    if (end < 0) return chunk.length;
    this.#beginObject();
    return end + 1;
  }

  #beginObject(): void {
    const [, type = '', size = ''] = this.#header.split(' ');
    this.#header = '';
    const object = this.#object;
    if (type === 'missing') {
      this.#problems.push({ oid: oidAt(this.#run, object), where: 'object', reason: 'missing or damaged' });
      this.at++;
      return;
    }
    this.#type = objectTypes[this.#run.types[object] ?? 0] ?? (type as ObjectType);
    this.#sizeBytes = Number(size);
    this.#left = this.#sizeBytes;
    this.#offset = 0;
    this.#filled = 0;
    this.#inBody = true;
    // The size is git's word, not the file's: bounded by the window all the same.
    this.#window = this.#visitor.inputFor(Math.min(this.#sizeBytes, windowBytes));
    if (this.#left === 0) this.#show(true);
  }

  #readBody(chunk: Buffer, at: number): number {
    if (this.#left === 0) {
      this.#inBody = false;
      this.at++;
      return at + 1; // the newline behind the body
    }
    const length = Math.min(this.#left, chunk.length - at, this.#window.length - this.#filled);
    this.#window.set(chunk.subarray(at, at + length), this.#filled);
    this.#filled += length;
    this.#left -= length;
    if (this.#left === 0) this.#show(true);
    else if (this.#filled === this.#window.length) this.#show(false);
    return at + length;
  }

  #show(isLast: boolean): void {
    const object = { number: this.#object, type: this.#type, sizeBytes: this.#sizeBytes };
    this.#visitor.visit(object, this.#filled, { offset: this.#offset, isFirst: this.#offset === 0, isLast });
    if (isLast) return;
    this.#window.copyWithin(0, this.#filled - overlapBytes, this.#filled);
    this.#offset += this.#filled - overlapBytes;
    this.#filled = overlapBytes;
  }
}
