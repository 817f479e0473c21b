import { type ByteSpan, latin1 } from '../text/index.ts';
import { firstLine } from './parse-headers.ts';

/** Who made a commit or a tag, and when: spans of the object's bytes, and what stands there. */
export interface Person {
  /** The whole value: name, address, date, zone, and lines that continue it. */
  readonly span: ByteSpan;
  /** Without the spaces around it. */
  readonly name: ByteSpan;
  /** Without the angle brackets. */
  readonly email: ByteSpan;
  /** Seconds since 1970; NaN where there is no date that a number can hold exactly. */
  readonly seconds: number;
  /** As written: `+0100`, also odd ones; '' where there is none. */
  readonly zone: string;
}

/**
 * Parses `Name <email> seconds zone` in the first line of the header value `span`. The date is looked for behind the last `>`, as git does;
 * whatever is missing is empty. The name is what stands before the first `<`, all of it where there is none.
 */
export const parsePerson = (bytes: Uint8Array, span: ByteSpan): Person => {
  const { start, end } = firstLine(bytes, span);
  const open = indexWithin(bytes, lessThan, start, end);
  if (open === -1) {
    return { span, name: trimmed(bytes, start, end), email: { start: end, end }, seconds: Number.NaN, zone: '' };
  }
  const close = indexWithin(bytes, greaterThan, open + 1, end);
  const emailEnd = close === -1 ? end : close;
  const tail = Math.max(emailEnd, lastIndexWithin(bytes, greaterThan, open + 1, end)) + 1;
  const date = dateAndZone.exec(latin1(bytes, Math.min(tail, end), Math.min(end, tail + longestDate)));
  return {
    span,
    name: trimmed(bytes, start, open),
    email: { start: open + 1, end: emailEnd },
    seconds: secondsOf(date?.[1]),
    zone: date?.[2] ?? '',
  };
};

const lessThan = 0x3c;
const greaterThan = 0x3e;
const longestDate = 64;
const dateAndZone = /^[ \t\r]*(-?\d+)(?:[ \t\r]*([+-]\d+))?/;

const secondsOf = (digits: string | undefined): number => {
  const seconds = digits === undefined ? Number.NaN : Number(digits);
  return Number.isSafeInteger(seconds) ? seconds : Number.NaN;
};

const indexWithin = (bytes: Uint8Array, byte: number, start: number, end: number): number => {
  const index = bytes.subarray(start, end).indexOf(byte);
  return index === -1 ? -1 : start + index;
};

const lastIndexWithin = (bytes: Uint8Array, byte: number, start: number, end: number): number => {
  const index = bytes.subarray(start, end).lastIndexOf(byte);
  return index === -1 ? -1 : start + index;
};

const trimmed = (bytes: Uint8Array, start: number, end: number): ByteSpan => {
  let from = start;
  let to = end;
  while (from < to && bytes[from] === 0x20) from += 1;
  while (to > from && bytes[to - 1] === 0x20) to -= 1;
  return { start: from, end: to };
};
