import type { ByteSpan } from '../text/index.ts';

/** One header of a commit or a tag. */
export interface Header {
  /** Latin-1; '' where a line has no space. */
  readonly name: string;
  /** Its value in the object's bytes, continuation lines (each behind a newline and a space) included. */
  readonly span: ByteSpan;
}

/**
 * Splits a commit or a tag into headers and message, as tolerantly as can be: headers end at the first empty line, or at the
 * end; NULs and lines without a name are headers like others.
 */
export const parseHeaders = (
  bytes: Uint8Array,
): { readonly headers: readonly Header[]; readonly message: ByteSpan } => {
  const headers: Header[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== newline) {
    const end = valueEnd(bytes, at);
    headers.push(headerAt(bytes, at, end));
    at = end + 1;
  }
  const start = Math.min(at + 1, bytes.length);
  return { headers, message: { start, end: bytes.length } };
};

/** A header's value without its continuation lines. */
export const firstLine = (bytes: Uint8Array, { start, end }: ByteSpan): ByteSpan => {
  const length = bytes.subarray(start, end).indexOf(newline);
  return length === -1 ? { start, end } : { start, end: start + length };
};

const newline = 0x0a;
const space = 0x20;

/** Index of the newline that ends the header at `start` and its continuation lines; the end of `bytes` if there is none. */
const valueEnd = (bytes: Uint8Array, start: number): number => {
  let end = bytes.indexOf(newline, start);
  while (end !== -1 && bytes[end + 1] === space) end = bytes.indexOf(newline, end + 1);
  return end === -1 ? bytes.length : end;
};

/** No name is longer; a line without a space can be megabytes long, and each is looked at once. */
const longestName = 64;

const headerAt = (bytes: Uint8Array, start: number, end: number): Header => {
  const line = firstLine(bytes, { start, end: Math.min(end, start + longestName + 1) });
  const gap = bytes.subarray(line.start, line.end).indexOf(space);
  if (gap <= 0) return { name: '', span: { start, end } };
  const name = Buffer.from(bytes.buffer, bytes.byteOffset + start, gap).toString('latin1');
  return { name, span: { start: start + gap + 1, end } };
};
