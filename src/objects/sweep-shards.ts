import {
  type GitChild,
  type ObjectFormat,
  type ObjectType,
  oidBytes,
  oidFromBytes,
  ReadGit,
  type ReadGitHandle,
} from '../git/index.ts';
import { type StoreProblem, typeCodes } from './inventory.ts';
import type { Visitor } from './visitor.ts';

/** All that a thread needs to take part in a sweep; structured-clonable, the arrays over shared memory. */
export interface ShardRun {
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

const shardBytes = 16 << 20;
const shardObjects = 8192;

/** Cuts the list into pieces of about 16 MiB unpacked, the same on every machine. @returns bounds, first 0, last the length. */
export const cutShards = (objects: Uint32Array, sizes: Float64Array): number[] => {
  const bounds = [0];
  let bytes = 0;
  let from = 0;
  for (let index = 0; index < objects.length; index++) {
    bytes += sizes[objects[index] ?? 0] ?? 0;
    if (bytes < shardBytes && index + 1 - from < shardObjects) continue;
    bounds.push(index + 1);
    bytes = 0;
    from = index + 1;
  }
  if (bounds.at(-1) !== objects.length) bounds.push(objects.length);
  return bounds;
};

type TakeShard = (shard: number, result: unknown, transfer: ArrayBuffer[], sizeBytes: number) => void;

/**
 * Takes shards until none is left, and shows their objects to the visitor. One git child serves all of them; two shards are asked
 * for ahead, since git holds its last output back until more is asked. When it dies early, the object it died on is a problem, and
 * another child goes on behind it.
 */
export const sweepShards = async (run: ShardRun, visitor: Visitor, take: TakeShard): Promise<StoreProblem[]> => {
  const queue = new ShardQueue(run);
  const git = ReadGit.attach(run.handle);
  const problems: StoreProblem[] = [];
  while (queue.hasMore()) {
    const child = git.spawn(['cat-file', '--batch', '--buffer'], 'pipe');
    const reader = new BatchReader(run, queue, visitor, take, problems);
    const stopped = await readAll(child, queue, reader, run);
    if (stopped) break;
    const { stderr, reason } = await child.done;
    if (!queue.hasMore()) break;
    const lost = queue.current();
    if (lost === null) continue;
    problems.push({
      oid: oidAt(run, lost),
      where: 'object',
      reason: reason === 'silent' ? 'git said nothing for 60 s' : firstLine(stderr),
    });
    reader.finishObject();
  }
  return problems;
};

/** @returns true when the sweep was told to stop. */
const readAll = async (child: GitChild, queue: ShardQueue, reader: BatchReader, run: ShardRun): Promise<boolean> => {
  const { stdin } = child;
  // A child that died takes no more input: its end is handled below, through `done`.
  stdin?.on('error', () => {});
  stdin?.write(queue.askAgain());
  const feed = (): void => {
    const more = queue.askMore();
    if (more !== null) stdin?.write(more);
    if (queue.isAllAsked()) stdin?.end();
  };
  feed();
  // Sizes lie: two shards that promise gigabytes may be answered in a few bytes, which git holds back until it is asked for more.
  let isMoving = true;
  const stalled = setInterval(() => {
    if (!isMoving) {
      const more = queue.askOneMore();
      if (more !== null) stdin?.write(more);
      if (queue.isAllAsked()) stdin?.end();
    }
    isMoving = false;
  }, stalledMs);
  try {
    for await (const chunk of child.stdout) {
      if (Atomics.load(run.control, 1) !== 0) {
        child.kill();
        return true;
      }
      isMoving = true;
      reader.push(chunk as Buffer);
      feed();
    }
  } catch (error) {
    // A child that was ended breaks its output off, and `done` says why; anything else is a visitor's failure.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    clearInterval(stalled);
  }
  return false;
};

const stalledMs = 250;

/** Which objects were asked of git and not yet seen, and which shard they belong to. */
class ShardQueue {
  readonly #run: ShardRun;
  /** Shards taken, in order; the first is the one being read. */
  readonly #taken: number[] = [];
  #at = 0;
  #noMore = false;

  constructor(run: ShardRun) {
    this.#run = run;
    this.#takeUpTo(2);
  }

  hasMore(): boolean {
    return this.#taken.length > 0;
  }

  isAllAsked(): boolean {
    return this.#noMore;
  }

  /** The object that git answers next. */
  current(): number | null {
    return this.#taken.length === 0 ? null : (this.#run.objects[this.#at] ?? null);
  }

  /** @returns the shard that ended with this object, or null. */
  advance(): number | null {
    const shard = this.#taken[0];
    this.#at++;
    if (shard === undefined || this.#at < (this.#run.shards[shard + 1] ?? 0)) return null;
    this.#taken.shift();
    const next = this.#taken[0];
    if (next !== undefined) this.#at = this.#run.shards[next] ?? 0;
    return shard;
  }

  /** All that is taken and not seen: what a new child is asked first. */
  askAgain(): string {
    return this.#taken
      .map((shard, index) => this.#ask(index === 0 ? this.#at : (this.#run.shards[shard] ?? 0), shard))
      .join('');
  }

  askMore(): string | null {
    return this.#taken.length >= 2 ? null : this.#askUpTo(2);
  }

  askOneMore(): string | null {
    return this.#askUpTo(this.#taken.length + 1);
  }

  #askUpTo(count: number): string | null {
    const before = this.#taken.length;
    if (this.#noMore) return null;
    this.#takeUpTo(count);
    const added = this.#taken.slice(before);
    return added.length === 0 ? null : added.map((shard) => this.#ask(this.#run.shards[shard] ?? 0, shard)).join('');
  }

  #takeUpTo(count: number): void {
    while (this.#taken.length < count && !this.#noMore) {
      const shard = Atomics.add(this.#run.control, 0, 1);
      if (shard >= this.#run.shards.length - 1) this.#noMore = true;
      else {
        if (this.#taken.length === 0) this.#at = this.#run.shards[shard] ?? 0;
        this.#taken.push(shard);
      }
    }
  }

  #ask(from: number, shard: number): string {
    const lines: string[] = [];
    for (let index = from; index < (this.#run.shards[shard + 1] ?? 0); index++)
      lines.push(oidAt(this.#run, this.#run.objects[index] ?? 0));
    return `${lines.join('\n')}\n`;
  }
}

const oidAt = (run: ShardRun, object: number) => {
  const length = oidBytes(run.format);
  return oidFromBytes(run.oids, object * length, length);
};

const firstLine = (stderr: string): string =>
  stderr.split('\n', 1)[0]?.replace(/^(?:fatal|error): /, '') || 'git ended before it was read';

const typeNames: Readonly<Record<number, ObjectType>> = {
  [typeCodes.commit]: 'commit',
  [typeCodes.tree]: 'tree',
  [typeCodes.blob]: 'blob',
  [typeCodes.tag]: 'tag',
};
const newline = 0x0a;
const longestHeader = 128;

/** Takes git's output apart: `<oid> <type> <size>`, the bytes, a newline; and hands the bytes to the visitor. */
class BatchReader {
  readonly #run: ShardRun;
  readonly #queue: ShardQueue;
  readonly #visitor: Visitor;
  readonly #take: TakeShard;
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
  #shardBytes = 0;

  constructor(run: ShardRun, queue: ShardQueue, visitor: Visitor, take: TakeShard, problems: StoreProblem[]) {
    this.#run = run;
    this.#queue = queue;
    this.#visitor = visitor;
    this.#take = take;
    this.#problems = problems;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at = this.#inBody ? this.#readBody(chunk, at) : this.#readHeader(chunk, at);
  }

  /** Done with the current object, seen or lost. */
  finishObject(): void {
    const shard = this.#queue.advance();
    if (shard === null) return;
    const { result, transfer } = this.#visitor.take();
    this.#take(shard, result, transfer, this.#shardBytes);
    this.#shardBytes = 0;
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
    const object = this.#queue.current() ?? 0;
    if (type === 'missing') {
      this.#problems.push({ oid: oidAt(this.#run, object), where: 'object', reason: 'missing or damaged' });
      this.finishObject();
      return;
    }
    this.#type = typeNames[this.#run.types[object] ?? 0] ?? (type as ObjectType);
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
      this.#shardBytes += this.#sizeBytes;
      this.finishObject();
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
    const object = { number: this.#queue.current() ?? 0, type: this.#type, sizeBytes: this.#sizeBytes };
    this.#visitor.visit(object, this.#filled, { offset: this.#offset, isFirst: this.#offset === 0, isLast });
    if (isLast) return;
    this.#window.copyWithin(0, this.#filled - overlapBytes, this.#filled);
    this.#offset += this.#filled - overlapBytes;
    this.#filled = overlapBytes;
  }
}
