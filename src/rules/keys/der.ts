/** One DER element inside some bytes: `at` is its tag, `[start, end)` its content. */
export interface Element {
  readonly tag: number;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
  context0: 0xa0,
  context1: 0xa1,
} as const;

/**
 * Reads the element at `at`; total, and never past `limit`.
 * @returns null where there is none: a tag of several bytes, an indefinite length (that is BER), or one that runs too far.
 * @see X.690, 8.1 and 10.1
 */
export const readElement = (bytes: Uint8Array, at: number, limit = bytes.length): Element | null => {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit || (tag & 0x1f) === 0x1f) return null;
  if (first < 0x80) return within({ tag, at, start: at + 2, end: at + 2 + first }, limit);
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || at + 2 + octets > limit) return null;
  let length = 0;
  for (let i = 0; i < octets; i += 1) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  return within({ tag, at, start: at + 2 + octets, end: at + 2 + octets + length }, limit);
};

const within = (element: Element, limit: number): Element | null => (element.end <= limit ? element : null);

/** @returns the elements that `parent` is made of, or null if they do not fill it exactly or are more than `most`. */
export const childrenOf = (bytes: Uint8Array, parent: Element, most = 64): readonly Element[] | null => {
  const found: Element[] = [];
  for (let at = parent.start; at < parent.end; ) {
    const element = readElement(bytes, at, parent.end);
    if (element === null || found.length >= most) return null;
    found.push(element);
    at = element.end;
  }
  return found;
};

export const contentOf = (bytes: Uint8Array, element: Element): Uint8Array =>
  bytes.subarray(element.start, element.end);

export const wholeOf = (bytes: Uint8Array, element: Element): Uint8Array => bytes.subarray(element.at, element.end);

/** The magnitude of an INTEGER that is not negative, without leading zeros; the number zero has no bytes. */
export const magnitudeOf = (bytes: Uint8Array, element: Element): Uint8Array => trimmed(contentOf(bytes, element));

/** The same number without leading zeros. */
export const trimmed = (number: Uint8Array): Uint8Array => {
  let at = 0;
  while (number[at] === 0) at += 1;
  return number.subarray(at);
};

/** @returns the dotted form of an OID, or null where it is none (or longer than any in use). */
export const oidOf = (bytes: Uint8Array, element: Element): string | null => {
  const content = contentOf(bytes, element);
  if (element.tag !== tags.oid || content.length === 0 || content.length > 40) return null;
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) return null;
    if (byte & 0x80) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
};

/** Writes an element: tag, length, the parts one after the other. */
export const encode = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest & 0xff);
  const header = content.length < 0x80 ? [tag, content.length] : [tag, 0x80 | length.length, ...length];
  return Buffer.concat([Uint8Array.from(header), content]);
};

/** An INTEGER from a magnitude: a zero byte is put before a set top bit. */
export const encodeInteger = (magnitude: Uint8Array): Uint8Array => {
  const number = trimmed(magnitude);
  return encode(tags.integer, (number[0] ?? 0) >= 0x80 || number.length === 0 ? Uint8Array.of(0) : empty, number);
};

export const encodeOid = (dotted: string): Uint8Array => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(tags.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
};

/** A BIT STRING of whole bytes. */
export const encodeBits = (bytes: Uint8Array): Uint8Array => encode(tags.bitString, Uint8Array.of(0), bytes);

const empty = new Uint8Array(0);

const base128 = (arc: number): number[] => {
  const digits = [arc & 0x7f];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
};
