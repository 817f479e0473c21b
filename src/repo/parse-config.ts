import { decodeText } from '../git/index.ts';

/** One `name = value` of a Git config file, in file order. */
export interface ConfigEntry {
  /** Lower case. */
  readonly section: string;
  /** As written, or null. */
  readonly subsection: string | null;
  /** Lower case. */
  readonly name: string;
  /** Null for a bare name, which means true. */
  readonly value: string | null;
}

export interface ParsedConfig {
  readonly entries: readonly ConfigEntry[];
  /** Lines, counted from 1, that are not config. */
  readonly badLines: readonly number[];
}

/**
 * Parses a Git config file. Total: a line that makes no sense is named and passed over, since a typo must not hide a
 * remote. Includes are entries like any other; nobody follows them.
 * @see git-config(1), "Syntax"
 */
export const parseConfig = (bytes: Uint8Array): ParsedConfig => {
  const entries: ConfigEntry[] = [];
  const badLines: number[] = [];
  const lines = decodeText(bytes)
    .replace(/^\uFEFF/, '')
    .split('\n');
  let section: Section | null = null;
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let rest = (lines[index] ?? '').trimStart();
    if (rest.startsWith('[')) {
      const header = parseHeader(rest);
      section = header?.section ?? null;
      rest = header?.rest.trimStart() ?? '';
      if (header === null) badLines.push(number);
    }
    if (rest.trim() === '' || rest.startsWith('#') || rest.startsWith(';')) continue;
    const name = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*(=|\r?$|[#;])/.exec(rest);
    if (name === null || section === null) {
      badLines.push(number);
      continue;
    }
    const [head, key = '', mark] = name;
    if (mark !== '=') {
      entries.push({ ...section, name: key.toLowerCase(), value: null });
      continue;
    }
    const value = parseValue(lines, index, rest.slice(head.length));
    index = value.lastLine;
    if (value.text === null) badLines.push(number);
    else entries.push({ ...section, name: key.toLowerCase(), value: value.text });
  }
  return { entries, badLines };
};

/** The last value of a name, as git takes it; undefined where it is not set. */
export const configValue = (
  entries: readonly ConfigEntry[],
  section: string,
  name: string,
): string | null | undefined =>
  entries.findLast((entry) => entry.section === section && entry.subsection === null && entry.name === name)?.value;

/** As git reads booleans; undefined where it is none. */
export const configBoolean = (value: string | null | undefined): boolean | undefined => {
  if (value === undefined) return undefined;
  if (value === null) return true;
  const lower = value.toLowerCase();
  if (['true', 'yes', 'on'].includes(lower)) return true;
  if (['false', 'no', 'off', ''].includes(lower)) return false;
  return /^[-+]?\d+$/.test(lower) ? Number(lower) !== 0 : undefined;
};

interface Section {
  readonly section: string;
  readonly subsection: string | null;
}

const parseHeader = (line: string): { readonly section: Section; readonly rest: string } | null => {
  const match = /^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\]|\\.)*)")?\]/.exec(line);
  if (match === null) return null;
  const [whole, name = '', quoted] = match;
  const rest = line.slice(whole.length);
  if (quoted !== undefined) {
    return { section: { section: name.toLowerCase(), subsection: quoted.replace(/\\(.)/g, '$1') }, rest };
  }
  // The old spelling [section.subsection], both without case.
  const [section = '', ...more] = name.toLowerCase().split('.');
  return { section: { section, subsection: more.length > 0 ? more.join('.') : null }, rest };
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '"': '"', '\\': '\\' };

/** A value may go on over lines that end in a backslash. `text` is null where it is malformed. */
const parseValue = (
  lines: readonly string[],
  index: number,
  first: string,
): { readonly text: string | null; readonly lastLine: number } => {
  const parts: string[] = [];
  let line = first.replace(/^[ \t]+/, '').replace(/\r$/, '');
  let isQuoted = false;
  let kept = 0; // length up to which white space at the end is meant
  let length = 0;
  const add = (text: string, isMeant: boolean): void => {
    parts.push(text);
    length += text.length;
    if (isMeant) kept = length;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\') {
      const next = line.charAt(at + 1);
      if (next === '') {
        index += 1;
        const following = lines[index];
        if (following === undefined) break;
        line = following.replace(/\r$/, '');
        at = -1;
        continue;
      }
      const meant = escapes[next];
      if (meant === undefined) return { text: null, lastLine: index };
      add(meant, true);
      at += 1;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      kept = length;
    } else if (!isQuoted && (character === '#' || character === ';')) break;
    else add(character, isQuoted || (character !== ' ' && character !== '\t'));
  }
  return { text: isQuoted ? null : parts.join('').slice(0, kept), lastLine: index };
};
