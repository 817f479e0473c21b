const printable = /^[\x20-\x7e]*$/;
// C0, DEL, C1, format characters (bidi controls, zero-width, BOM), line and paragraph separators, lone surrogates,
// private use and unassigned: whatever can move a cursor, hide, reorder or impersonate.
const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu;
// A flood of combining marks covers the lines above and below; real text needs very few in a row.
const markFlood = /(\p{M}{4})\p{M}+/gu;

/**
 * Text of a scanned repository made safe for one line of a terminal or a log: control, format and bidi characters become
 * visible escapes, bytes that are not UTF-8 become `\xNN`. Colours are added after, by the caller.
 */
export const display = (text: string | Uint8Array): string => {
  const decoded = typeof text === 'string' ? text : decodeVisibly(text);
  if (printable.test(decoded)) return decoded;
  return decoded.replace(dangerous, escapeCodePoint).replace(markFlood, '$1…');
};

const escapeCodePoint = (character: string): string => {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default: {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
      return `\\u{${code.toString(16)}}`;
    }
  }
};

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 where it is valid; every byte that is not becomes `\xNN`. */
export const decodeVisibly = (bytes: Uint8Array): string => {
  try {
    return strict.decode(bytes);
  } catch {
    return decodePiecewise(bytes);
  }
};

const decodePiecewise = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) {
      text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
      at += 1;
    } else {
      text += strict.decode(bytes.subarray(at, at + length));
      at += length;
    }
  }
  return text;
};

/** Bytes of the valid UTF-8 sequence at `at`, 0 if there is none. */
const sequenceLength = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
};
