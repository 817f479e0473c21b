import {
  isValidRefName,
  type ObjectFormat,
  type Oid,
  oidBytes,
  parseOid,
  type RefName,
  refNameFromBytes,
} from '../git/index.ts';

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
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const next = newline === -1 ? bytes.length : newline + 1;
    let end = newline === -1 ? bytes.length : newline;
    if (end > start && bytes[end - 1] === 0x0d) end -= 1;
    line += 1;
    const text = bytes.subarray(start, end);
    start = next;
    // '#' starts the header, '^' a peeled tag.
    if (text.length === 0 || text[0] === 0x23 || text[0] === 0x5e) continue;
    const oid = parseOid(asciiOf(text.subarray(0, digits)));
    if (oid === null || text[digits] !== 0x20) {
      badLines.push({ line, reason: 'is no line of packed-refs' });
      continue;
    }
    const name = refNameFromBytes(text.subarray(digits + 1));
    if (name.startsWith('refs/') && isValidRefName(name)) refs.push({ name, oid });
    else badLines.push({ line, reason: 'has a name that no ref can have' });
  }
  return { refs, badLines };
};

const asciiOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
