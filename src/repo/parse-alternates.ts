import { decodeText } from '../git/index.ts';

/**
 * Parses `objects/info/alternates`: one path a line, `#` comments, C-style quotes. Total.
 * @returns paths as written, unquoted; may be relative to the object directory that the file belongs to.
 * @see gitrepository-layout(5), odb.c
 */
export const parseAlternates = (bytes: Uint8Array): readonly string[] =>
  decodeText(bytes)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => unquote(line) ?? line);

const letters: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** @returns null where the text is not quoted, or wrongly: git then takes it literally. */
const unquote = (line: string): string | null => {
  const match = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"$/.exec(line);
  if (match === null) return null;
  const bytes = (match[1] ?? '').replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) =>
    String.fromCharCode(letters[code] ?? Number.parseInt(code, 8)),
  );
  // Octal escapes are bytes; text outside them that is no byte means that nothing was escaped that way.
  return [...bytes].every((character) => character <= '\xff') ? decodeText(Buffer.from(bytes, 'latin1')) : bytes;
};
