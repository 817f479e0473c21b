import { latin1 } from '../../text/index.ts';
import { unwrap } from './wrapping.ts';

/** One armored block, as it lies in a text. */
export interface PemBlock {
  /** From the first hyphen of BEGIN to behind the last one of END. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** The lines between, unwrapped: headers and base64. */
  readonly content: string;
  /** The lines between as stored, escapes included. */
  readonly raw: string;
}

const dash = String.raw`(?:-|\\{1,8}u002[dD]|%2[dD]|&#45;)`;
const blank = String.raw`(?:[ +]|%20|\\{1,8}u0020)`;
const blanks = new RegExp(blank, 'g');
const hyphensBefore = new RegExp(`${dash}{4,5}${blank}?$`);
const labelBehind = new RegExp(
  `${blank}((?:[A-Za-z0-9.]{1,20}${blank}){0,5}[A-Za-z0-9.]{1,20})${blank}?${dash}{4,5}`,
  'y',
);
/** The hyphens of one side, escaped in the longest way; a whole line of that kind. */
const hyphenBytes = 70;
const edgeBytes = 260;

/** A BEGIN or END line. */
export interface Edge {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** @returns the BEGIN line that holds the byte at `anchorAt`, or null. */
export const beginLineAt = (text: Uint8Array, anchorAt: number): Edge | null => edgeAt(text, anchorAt, 'BEGIN');

/**
 * Finds the block behind a BEGIN line.
 * @returns null where no END of the same label follows within `maxBytes`, or another BEGIN is nearer: that is text about keys.
 */
export const closedBlock = (text: Uint8Array, begin: Edge, maxBytes: number): PemBlock | null => {
  const limit = nextBegin(text, begin.end, Math.min(text.length, begin.end + maxBytes));
  const finish = findEnd(text, begin.end, limit);
  if (finish === null || finish.label !== begin.label) return null;
  const raw = latin1(text, begin.end, finish.start);
  const before = latin1(text, Math.max(0, begin.start - 200), begin.start);
  return { start: begin.start, end: finish.end, label: begin.label, content: unwrap(raw, before), raw };
};

/** The base64 that follows a BEGIN line at once and has no END: a key that was cut out of its armor may still be whole. */
export const openBlock = (text: Uint8Array, begin: Edge, maxBytes: number): PemBlock | null => {
  const limit = nextBegin(text, begin.end, Math.min(text.length, begin.end + maxBytes));
  if (limit - begin.end < 60) return null;
  const raw = /^(?:[A-Za-z0-9+/=\s]|\\[nr])*[A-Za-z0-9+/=]/.exec(latin1(text, begin.end, limit))?.[0] ?? '';
  if (raw.length < 60) return null;
  return { start: begin.start, end: begin.end + raw.length, label: begin.label, content: unwrap(raw, ''), raw };
};

const edgeAt = (text: Uint8Array, at: number, word: string): Edge | null => {
  const from = Math.max(0, at - edgeBytes);
  const window = latin1(text, from, Math.min(text.length, at + edgeBytes));
  const wordAt = window.lastIndexOf(word, at - from);
  if (wordAt < 0) return null;
  const lead = hyphensBefore.exec(window.slice(Math.max(0, wordAt - hyphenBytes), wordAt))?.[0];
  labelBehind.lastIndex = wordAt + word.length;
  const match = lead === undefined ? null : labelBehind.exec(window);
  if (lead === undefined || match === null) return null;
  const [start, end] = [from + wordAt - lead.length, from + labelBehind.lastIndex];
  return start <= at && at < end ? { start, end, label: (match[1] ?? '').replace(blanks, ' ') } : null;
};

/** Where the next BEGIN line stands, or `limit`. */
const nextBegin = (text: Uint8Array, from: number, limit: number): number => {
  const zone = bufferOf(text).subarray(0, limit);
  let at = zone.indexOf('BEGIN', from, 'latin1');
  while (at >= 0 && !isBlank(zone[at + 5])) at = zone.indexOf('BEGIN', at + 5, 'latin1');
  return at < 0 ? limit : at;
};

/** As it may stand behind BEGIN and END: plain, in a form, escaped. */
const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x2b || byte === 0x25 || byte === 0x5c;

/** A body may hold the three letters by chance; the first that stands in an END line counts. */
const findEnd = (text: Uint8Array, from: number, limit: number): Edge | null => {
  const zone = bufferOf(text).subarray(0, limit);
  for (let at = zone.indexOf('END', from, 'latin1'); at >= 0; at = zone.indexOf('END', at + 3, 'latin1')) {
    const found = isBlank(zone[at + 3]) ? edgeAt(zone, at, 'END') : null;
    if (found !== null && found.start >= from) return found;
  }
  return null;
};

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export interface PemBody {
  /** `Name: value` lines before the base64, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
}

/** @returns headers and decoded body of unwrapped lines, or null where what is left is no base64. */
export const pemBodyOf = (content: string): PemBody | null => {
  const headers = new Map<string, string>();
  // On one line with blanks, headers are told by their own shape.
  const rest = content.replace(
    /(Proc-Type): {0,2}(4, {0,2}ENCRYPTED)|(DEK-Info): {0,2}([A-Z0-9-]{3,20}(?:, {0,2}[0-9A-Fa-f]{1,64})?)/g,
    (_, type?: string, four?: string, __?: string, info?: string) => {
      headers.set(type ? 'proc-type' : 'dek-info', four ?? info ?? '');
      return '\n';
    },
  );
  const lines = rest.split('\n').filter((line) => {
    const header = /^\s{0,8}([A-Za-z][A-Za-z0-9-]{1,30}):(?: (.{0,400})|)$/.exec(line);
    if (header !== null) headers.set((header[1] ?? '').toLowerCase(), header[2] ?? '');
    return header === null;
  });
  const joined = lines.join('').replace(/[\s"'`,;.|&]/g, '');
  const withoutChecksum = joined.replace(/(={0,2})=[A-Za-z0-9+/]{4}$/, '$1'); // OpenPGP puts one behind the body
  const bytes = decodeBase64(withoutChecksum);
  return bytes && { headers, bytes };
};

/**
 * A second try where the glue is of a kind that `unwrap` does not know: the long runs of base64 and the last short one.
 * Good only for bytes that prove themselves.
 */
export const rescuedBytesOf = (text: string): Uint8Array | null => {
  const runs = text.match(/[A-Za-z0-9+/]{2,}={0,2}/g) ?? [];
  const last = runs.findLastIndex((run) => run.length >= 4 && run.length % 4 === 0);
  const kept = runs.filter((run, index) => run.length >= 40 || index === last);
  return decodeBase64(kept.join(''));
};

/** Strict about the alphabet, not about padding. */
export const decodeBase64 = (text: string): Uint8Array | null =>
  /^[A-Za-z0-9+/]{16,}={0,3}$/.test(text) ? Buffer.from(text, 'base64') : null;

/** How many bytes of `raw`, escapes and blanks included, the first `characters` of its base64 take. */
export const rawLength = (raw: string, characters: number): number => {
  let left = characters;
  for (const match of raw.matchAll(/\\{1,4}[nr]|[A-Za-z0-9+/=]/g)) {
    if (!match[0].startsWith('\\')) left -= 1;
    if (left === 0) return match.index + 1;
  }
  return raw.trimEnd().length;
};
