import {
  isValidRefName,
  type ObjectFormat,
  type Oid,
  oidBytes,
  parseOid,
  type RefName,
  refName,
  refNameFromBytes,
} from '../git/index.ts';
import { latin1, latin1Bytes } from '../text/index.ts';

export interface PackedRef {
  readonly name: RefName;
  readonly oid: Oid;
}

/**
 * Parses a packed-refs file. Total: takes every good line and names the others, where git itself gives up at the first
 * bad one and so hides all refs after it. Peeled lines (`^`) are passed over.
 * @returns `badLines`: line numbers, counted from 1, and what is wrong with them.
 * @see git-pack-refs(1), refs/packed-backend.c
 */
export const parsePackedRefs = (
  bytes: Uint8Array,
  format: ObjectFormat,
): { readonly refs: readonly PackedRef[]; readonly badLines: readonly { line: number; reason: string }[] } => {
  const refs: PackedRef[] = [];
  const badLines: { line: number; reason: string }[] = [];
  const digits = oidBytes(format) * 2;
  let line = 0;
  for (const text of linesOf(bytes)) {
    line += 1;
    // '#' starts the header, '^' a peeled tag.
    if (text.length === 0 || text[0] === '#' || text[0] === '^') continue;
    const oid = parseOid(text.slice(0, digits));
    if (oid === null || text[digits] !== ' ') {
      badLines.push({ line, reason: 'is no line of packed-refs' });
      continue;
    }
    const own = text.slice(digits + 1);
    const name = isAscii(own) ? refName(own) : refNameFromBytes(latin1Bytes(own));
    if (name.startsWith('refs/') && isValidRefName(name)) refs.push({ name, oid });
    else badLines.push({ line, reason: 'has a name that no ref can have' });
  }
  return { refs, badLines };
};

/** A file may be longer than a text can be. */
const pieceBytes = 1 << 20;

/**
 * The lines, a character a byte, without their ends. Cut from long pieces of text: thousands of small views of the bytes took twice as
 * long in a cold process.
 */
function* linesOf(bytes: Uint8Array): Generator<string> {
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from + pieceBytes);
    const to = newline === -1 ? bytes.length : newline + 1;
    const lines = latin1(bytes, from, to).split('\n');
    // What stands behind the last newline is a line only where something stands there.
    if (lines.at(-1) === '') lines.pop();
    for (const text of lines) yield text.endsWith('\r') ? text.slice(0, -1) : text;
    from = to;
  }
}

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);
