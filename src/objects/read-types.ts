import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type GitChild, type ObjectFormat, type Oid, oidBytes, oidFromBytes, type ReadGit } from '../git/index.ts';
import { type StoreProblem, typeCodes } from './inventory.ts';
import { endlessReason } from './resolve-bases.ts';

export interface TypesRequest {
  readonly readGit: ReadGit;
  readonly format: ObjectFormat;
  /** Of all objects. */
  readonly oids: Uint8Array;
  /** The numbers of those to ask for, in the order in which git shall look at them. */
  readonly order: Uint32Array;
  /** By number, to be written where git knows: one of `typeCodes` each, and the size in bytes. */
  readonly types: Uint8Array;
  readonly sizes: Float64Array;
  /** Marks the objects over which git would never end; asked once, when it has fallen silent. */
  readonly findEndless: () => Promise<Uint8Array>;
}

/**
 * Asks `git cat-file --batch-check` for types and sizes, two at a time where there is much to ask. Where git dies or falls silent
 * over an object, that object becomes a problem and a new git goes on behind it.
 */
export const readTypes = async (request: TypesRequest): Promise<readonly StoreProblem[]> => {
  const { order } = request;
  const middle = order.length < twoFrom ? order.length : Math.ceil(order.length / 2);
  const halves = [order.subarray(0, middle), order.subarray(middle)].filter((half) => half.length > 0);
  const problems = await Promise.all(halves.map((half) => readTypesOf({ ...request, order: half })));
  return problems.flat();
};

/** A second git starts slower than the first one answers so many questions. */
const twoFrom = 20_000;

const readTypesOf = async (request: TypesRequest): Promise<StoreProblem[]> => {
  const { readGit, oids, order, format, findEndless } = request;
  const asked = new Questions(oids, order, oidBytes(format));
  const answers = new Answers(order, oidBytes(format), request);
  const problems: StoreProblem[] = [];
  const addProblem = (number: number, reason: string): void => {
    const oid = asked.oidOf(number);
    problems.push({ oid, where: oid, reason });
  };
  let deaths = 0;
  let isCautious = false;
  let rest = order;
  let endless: Uint8Array | null = null;
  while (answers.next < rest.length) {
    // With --buffer a dying git takes its last answers along. The run after a death writes every answer at once, so that
    // what comes after the last one is what git died of.
    const end = isCautious ? Math.min(rest.length, answers.next + cautiousCount) : rest.length;
    const why = await ask(readGit, asked, answers, end, isCautious);
    if (answers.next === end) {
      isCautious = false;
    } else if (why === 'silent' && endless === null) {
      const isEndless = await findEndless();
      endless = isEndless;
      const left = rest.subarray(answers.next);
      for (const number of left) if (isEndless[number] === 1) addProblem(number, endlessReason);
      rest = left.filter((number) => isEndless[number] !== 1);
      asked.order = rest;
      answers.startOver(rest);
    } else if (!isCautious) {
      isCautious = true;
    } else {
      addProblem(rest[answers.next] ?? 0, why === 'silent' ? 'git fell silent over it' : 'git died of it');
      answers.skip();
      deaths += why === 'silent' ? silenceWeight : 1;
      if (deaths >= mostDeaths) break;
    }
  }
  for (const number of answers.unreadable) addProblem(number, 'git could not read it');
  for (const number of rest.subarray(answers.next)) addProblem(number, 'not looked at: git had died too often by then');
  return problems;
};

/** After a death, so many objects are asked for with an answer written at once (three times slower). */
const cautiousCount = 2000;
/** A store in which git dies again and again gets so much patience; a minute of silence counts as many deaths. */
const mostDeaths = 500;
const silenceWeight = 250;

const ask = async (
  readGit: ReadGit,
  asked: Questions,
  answers: Answers,
  end: number,
  isCautious: boolean,
): Promise<'answered' | 'died' | 'silent'> => {
  const args = ['cat-file', '--batch-check=%(objecttype) %(objectsize)'];
  const child = readGit.spawn(isCautious ? args : [...args, '--buffer'], 'pipe');
  const writing = writeAll(child, asked.chunks(answers.next, end));
  answers.startRun(end);
  try {
    for await (const chunk of child.stdout) answers.take(chunk as Uint8Array);
  } catch {
    // A stream that is destroyed under us belongs to a child that was ended; `done` says why.
  }
  const { reason } = await child.done;
  await writing;
  if (answers.next === end) return 'answered';
  return reason === 'silent' ? 'silent' : 'died';
};

const writeAll = async (child: GitChild, chunks: Iterable<Uint8Array>): Promise<void> => {
  const stdin = child.stdin;
  if (stdin === null) return;
  let hasEnded = false;
  const ended = child.done.then(() => {
    hasEnded = true;
  });
  for (const chunk of chunks) {
    if (hasEnded || stdin.destroyed) return;
    if (!stdin.write(chunk)) await Promise.race([ended, drained(stdin)]);
  }
  stdin.end();
};

const drained = async (stdin: Writable): Promise<void> => {
  const controller = new AbortController();
  try {
    await Promise.race([
      once(stdin, 'drain', { signal: controller.signal }),
      once(stdin, 'close', { signal: controller.signal }),
    ]);
  } catch {
    // The child died; its end says so.
  } finally {
    controller.abort();
  }
};

const newline = 0x0a;
const space = 0x20;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

/** The oids, as lines of hex digits. */
class Questions {
  readonly #oids: Uint8Array;
  order: Uint32Array;
  readonly #oidLength: number;

  constructor(oids: Uint8Array, order: Uint32Array, oidLength: number) {
    this.#oids = oids;
    this.order = order;
    this.#oidLength = oidLength;
  }

  oidOf(number: number): Oid {
    return oidFromBytes(this.#oids, number * this.#oidLength, this.#oidLength);
  }

  *chunks(start: number, end: number): Generator<Uint8Array> {
    const lineLength = this.#oidLength * 2 + 1;
    const perChunk = 4096;
    for (let from = start; from < end; from += perChunk) {
      const count = Math.min(perChunk, end - from);
      const chunk = new Uint8Array(count * lineLength);
      for (let i = 0; i < count; i++) this.#writeLine(chunk, i * lineLength, this.order[from + i] ?? 0);
      yield chunk;
    }
  }

  #writeLine(chunk: Uint8Array, at: number, number: number): void {
    const oids = this.#oids;
    const start = number * this.#oidLength;
    for (let i = 0; i < this.#oidLength; i++) {
      const byte = oids[start + i] ?? 0;
      chunk[at + 2 * i] = hexDigits[byte >> 4] ?? 0;
      chunk[at + 2 * i + 1] = hexDigits[byte & 15] ?? 0;
    }
    chunk[at + 2 * this.#oidLength] = newline;
  }
}

/** The answers, one line an object: `blob 123`, or `<oid> missing`, which no other answer is as long as. */
class Answers {
  readonly types: Uint8Array;
  readonly sizes: Float64Array;
  /** Numbers of the objects that git called missing. */
  readonly unreadable: number[] = [];
  /** The place in the order whose answer comes next. */
  next = 0;
  #order: Uint32Array;
  readonly #longestAnswer: number;
  #end = 0;
  readonly #line = new Uint8Array(longestLine);
  #length = 0;

  constructor(order: Uint32Array, oidLength: number, { types, sizes }: Pick<TypesRequest, 'types' | 'sizes'>) {
    this.#order = order;
    this.#longestAnswer = oidLength * 2;
    this.types = types;
    this.sizes = sizes;
  }

  startRun(end: number): void {
    this.#end = end;
    this.#length = 0;
  }

  startOver(order: Uint32Array): void {
    this.#order = order;
    this.next = 0;
  }

  skip(): void {
    this.next += 1;
  }

  take(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte !== newline) {
        // Longer lines than any answer are kept as long as one, and are no answer.
        if (this.#length < longestLine) this.#line[this.#length++] = byte;
        continue;
      }
      if (this.next < this.#end) this.#answer();
      this.#length = 0;
    }
  }

  #answer(): void {
    const number = this.#order[this.next] ?? 0;
    const type = this.#length >= this.#longestAnswer ? typeCodes.unknown : this.#type();
    const size = type === typeCodes.unknown ? -1 : this.#size();
    if (size < 0) {
      this.unreadable.push(number);
    } else {
      this.types[number] = type;
      this.sizes[number] = size;
    }
    this.next += 1;
  }

  #type(): number {
    switch (this.#line[0] ?? 0) {
      case 0x62:
        return typeCodes.blob;
      case 0x63:
        return typeCodes.commit;
      case 0x74:
        return this.#line[1] === 0x72 ? typeCodes.tree : typeCodes.tag;
      default:
        return typeCodes.unknown;
    }
  }

  /** The number behind the only space of the line; -1 where there is none. */
  #size(): number {
    const start = this.#line.indexOf(space) + 1;
    if (start === 0 || start === this.#length) return -1;
    let size = 0;
    for (let i = start; i < this.#length; i++) {
      const digit = (this.#line[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      size = size * 10 + digit;
    }
    return Number.isSafeInteger(size) ? size : -1;
  }
}

const longestLine = 128;
