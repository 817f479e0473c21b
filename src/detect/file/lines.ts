/** Places in a text of lines. Text is Latin-1: one character is one byte. */

/** @returns where the line that `at` is in ends: at its newline, or at the end of the text. */
export const endOfLine = (text: string, at: number): number => {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found;
};

/** Where the first line begins: behind a byte order mark. */
export const startOfLines = (text: string): number => (text.startsWith('\xef\xbb\xbf') ? 3 : 0);

/** The byte at a place of a line; a newline at its end. Never behind the text's end: `charCodeAt` is slow ever after where it gave NaN once. */
export const byteAt = (text: string, at: number, lineEnd: number): number =>
  at < lineEnd ? text.charCodeAt(at) : newline;

const newline = 0x0a;

/** A table of the bytes that the pattern, a class of characters, takes. */
export const bytesOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0));

/** @returns the first place from `at` whose byte is not in the table, at most `lineEnd`. */
export const skipBytes = (text: string, at: number, lineEnd: number, table: Uint8Array): number => {
  let end = at;
  while (end < lineEnd && table[text.charCodeAt(end)] === 1) end++;
  return end;
};
