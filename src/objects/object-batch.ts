import { type GitChild, type ObjectType, type Oid, parseOid, type ReadGit } from '../git/index.ts';

/** Shown one object; its bytes are the caller's to keep. */
export type ShowObject = (oid: Oid, type: ObjectType, bytes: Uint8Array) => void;

/**
 * Reads commits, trees and tags by the handful, through one git that stays: for walks in which an object says which ones come next. Blobs
 * are for sweeps: one that stands where another kind was expected is refused, so that no blob is ever held whole.
 */
export class ObjectBatch implements AsyncDisposable {
  readonly #readGit: ReadGit;
  #running: { readonly child: GitChild; readonly answers: Answers } | null = null;
  #deaths = 0;

  constructor(readGit: ReadGit) {
    this.#readGit = readGit;
  }

  /** Shows each of the objects, in this order. @returns those that could not be read, for whatever reason. */
  async read(oids: readonly Oid[], show: ShowObject): Promise<Oid[]> {
    const unread: Oid[] = [];
    for (let next = 0; next < oids.length; ) {
      if (this.#deaths >= mostDeaths) return [...unread, ...oids.slice(next)];
      const { child, answers } = this.#start();
      child.stdin?.write(`${oids.slice(next).join('\n')}\n`);
      for (let isAlive = true; isAlive && next < oids.length; next += 1) {
        const oid = oids[next];
        const answer = await answers.next();
        isAlive = answer.kind === 'object' || answer.kind === 'absent';
        if (oid !== undefined && answer.kind === 'object') show(oid, answer.type, answer.bytes);
        else if (oid !== undefined) unread.push(oid);
        if (!isAlive) await this.#stop();
      }
    }
    return unread;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }

  #start(): { readonly child: GitChild; readonly answers: Answers } {
    if (this.#running === null) {
      // Without --buffer: every answer is written at once, so what comes after the last one is what git died of.
      const child = this.#readGit.spawn(['cat-file', '--batch'], 'pipe');
      this.#running = { child, answers: new Answers(child) };
    }
    return this.#running;
  }

  async #stop(): Promise<void> {
    const child = this.#running?.child;
    this.#running = null;
    if (child === undefined) return;
    this.#deaths += 1;
    child.kill();
    await child.done;
  }
}

/** A store in which git dies again and again gets so much patience. */
const mostDeaths = 100;
/** Trees of real repositories stay far below; a commit or tag above is nobody's. */
const largestBytes = 64 << 20;
const longestHeader = 256;
const newline = 0x0a;

type Answer =
  | { readonly kind: 'object'; readonly type: ObjectType; readonly bytes: Uint8Array }
  | { readonly kind: 'absent' }
  /** Git ended, or says what we do not take. */
  | { readonly kind: 'over' };

/** The answers of `git cat-file --batch`, one after another. */
class Answers {
  readonly #chunks: AsyncIterator<unknown>;
  /** What has come and was not taken yet. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(child: GitChild) {
    this.#chunks = child.stdout[Symbol.asyncIterator]();
  }

  async next(): Promise<Answer> {
    const header = await this.#header();
    if (header === null) return { kind: 'over' };
    const [oid = '', type = '', size = ''] = header.split(' ');
    if (parseOid(oid) !== null && type === 'missing') return { kind: 'absent' };
    const sizeBytes = /^\d{1,10}$/.test(size) ? Number(size) : Number.POSITIVE_INFINITY;
    if (!isWalked(type) || sizeBytes > largestBytes) return { kind: 'over' };
    const bytes = await this.#take(sizeBytes + 1);
    // A copy: a small tree that is kept must not keep the whole piece of the stream that it came in.
    return bytes === null ? { kind: 'over' } : { kind: 'object', type, bytes: new Uint8Array(bytes.subarray(0, -1)) };
  }

  async #header(): Promise<string | null> {
    let end = this.#rest.indexOf(newline);
    while (end < 0) {
      if (this.#rest.length > longestHeader || !(await this.#more())) return null;
      end = this.#rest.indexOf(newline);
    }
    const header = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    return header;
  }

  /** Memory grows with what comes, never with what was announced. */
  async #take(length: number): Promise<Uint8Array | null> {
    const parts = [this.#rest];
    let have = this.#rest.length;
    while (have < length) {
      const chunk = await this.#chunk();
      if (chunk === null) return null;
      parts.push(chunk);
      have += chunk.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(length);
    return all.subarray(0, length);
  }

  async #more(): Promise<boolean> {
    const chunk = await this.#chunk();
    if (chunk !== null) this.#rest = Buffer.concat([this.#rest, chunk]);
    return chunk !== null;
  }

  async #chunk(): Promise<Buffer | null> {
    try {
      const { value, done } = await this.#chunks.next();
      return done === true || !Buffer.isBuffer(value) ? null : value;
    } catch {
      // A stream that is destroyed under us belongs to a child that was ended.
      return null;
    }
  }
}

const isWalked = (type: string): type is ObjectType => type === 'commit' || type === 'tree' || type === 'tag';
