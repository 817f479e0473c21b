import { type ObjectFormat, type Oid, oidBytes } from '../git/index.ts';
import { parseCommit } from './parse-commit.ts';

/**
 * Reads what joins a commit to the rest of history: what `parseCommit` says of it, at a tenth of its cost where the commit is as git
 * writes it, which nearly all are; a history has a hundred thousand. One reader reads one commit after another.
 */
export class CommitLinkReader {
  /** Raw oids, one after another: the tree's, then the parents'. Where there is no tree, what stands in its place means nothing. */
  oids: Uint8Array;
  hasTree = false;
  parentCount = 0;
  /** Committer date, seconds since 1970; NaN where there is none. */
  seconds = Number.NaN;
  /** Where the message starts. */
  messageAt = 0;
  readonly #format: ObjectFormat;
  readonly #oidLength: number;

  constructor(format: ObjectFormat) {
    this.#format = format;
    this.#oidLength = oidBytes(format);
    this.oids = new Uint8Array(8 * this.#oidLength);
  }

  read(bytes: Uint8Array): void {
    if (!this.#readPlain(bytes)) this.#readAny(bytes);
  }

  /** @returns false where the commit is not as git writes it, or this does not know. */
  #readPlain(bytes: Uint8Array): boolean {
    let at = this.#oidLine(bytes, 0, treeWord, 0);
    if (at < 0) return false;
    this.hasTree = true;
    this.parentCount = 0;
    for (;;) {
      const next = this.#oidLine(bytes, at, parentWord, this.parentCount + 1);
      if (next < 0) break;
      this.parentCount += 1;
      at = next;
    }
    if (!startsWith(bytes, at, authorWord)) return false;
    at = endOfLine(bytes, at) + 1;
    if (!startsWith(bytes, at, committerWord)) return false;
    const end = endOfLine(bytes, at);
    this.seconds = plainDate(bytes, at + committerWord.length, end);
    if (Number.isNaN(this.seconds)) return false;
    for (at = end; at + 1 < bytes.length; at = endOfLine(bytes, at + 1)) {
      if (bytes[at + 1] !== newLine) continue;
      this.messageAt = at + 2;
      return true;
    }
    return false;
  }

  /** A header that is a word and an oid: the oid becomes number `index`. @returns where the next line starts, -1: it is none. */
  #oidLine(bytes: Uint8Array, at: number, word: Uint8Array, index: number): number {
    const hexAt = at + word.length;
    const end = hexAt + 2 * this.#oidLength;
    if (end >= bytes.length || bytes[end] !== newLine || !startsWith(bytes, at, word)) return -1;
    this.#reserve(index);
    let to = index * this.#oidLength;
    for (let from = hexAt; from < end; from += 2) {
      const high = digits[bytes[from] ?? 0] ?? noDigit;
      const low = digits[bytes[from + 1] ?? 0] ?? noDigit;
      if ((high | low) > 15) return -1;
      this.oids[to++] = high * 16 + low;
    }
    return end + 1;
  }

  #readAny(bytes: Uint8Array): void {
    const { tree, parents, committers, message } = parseCommit(bytes, this.#format);
    this.hasTree = tree !== null;
    this.parentCount = parents.length;
    this.seconds = committers[0]?.seconds ?? Number.NaN;
    this.messageAt = message.start;
    const put = (oid: Oid | null, index: number): void => {
      this.#reserve(index);
      if (oid !== null) this.oids.set(Buffer.from(oid, 'hex'), index * this.#oidLength);
    };
    put(tree, 0);
    for (const [index, parent] of parents.entries()) put(parent, index + 1);
  }

  #reserve(index: number): void {
    if ((index + 1) * this.#oidLength <= this.oids.length) return;
    const larger = new Uint8Array(2 * this.oids.length);
    larger.set(this.oids);
    this.oids = larger;
  }
}

const newLine = 0x0a;
const treeWord = Buffer.from('tree ');
const parentWord = Buffer.from('parent ');
const authorWord = Buffer.from('author ');
const committerWord = Buffer.from('committer ');

const noDigit = 0xff;
/** By byte: the value of a hexadecimal digit, in small letters as git writes them. */
const digits = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(byte));
  return value < 0 ? noDigit : value;
});

const startsWith = (bytes: Uint8Array, at: number, word: Uint8Array): boolean => {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
};

/** @returns where the line ends: its line feed, or the end of the bytes. */
const endOfLine = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (at < bytes.length && bytes[at] !== newLine) at++;
  return at;
};

/** The seconds of `name <email> seconds +zone`, with one `<` and one `>`; NaN where the text is anything else. */
const plainDate = (bytes: Uint8Array, start: number, end: number): number => {
  const zoneAt = end - '+0000'.length;
  if (zoneAt - 1 < start || bytes[zoneAt - 1] !== 0x20 || !isZone(bytes, zoneAt)) return Number.NaN;
  let at = zoneAt - 2;
  let seconds = 0;
  for (let scale = 1; isDigit(bytes[at]) && scale < 1e15; at--, scale *= 10)
    seconds += ((bytes[at] ?? 0) - 0x30) * scale;
  if (at === zoneAt - 2 || bytes[at] !== 0x20 || bytes[at - 1] !== 0x3e) return Number.NaN;
  const mailEnd = at - 1;
  let opened = 0;
  for (let i = start; i < mailEnd; i++) {
    if (bytes[i] === 0x3e) return Number.NaN;
    if (bytes[i] === 0x3c) opened += 1;
  }
  return opened === 1 ? seconds : Number.NaN;
};

const isZone = (bytes: Uint8Array, at: number): boolean => {
  if (bytes[at] !== 0x2b && bytes[at] !== 0x2d) return false;
  for (let i = at + 1; i < at + 5; i++) if (!isDigit(bytes[i])) return false;
  return true;
};

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
