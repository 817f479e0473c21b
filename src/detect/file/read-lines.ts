import { endOfLine, startOfLines } from './lines.ts';
import { maxPairs, type Pair, type Reader } from './pair.ts';
import type { WorthLines } from './skim.ts';

/**
 * Reads lines of assignments: dotenv, shell, INI, properties, HCL and kin. Tolerates `export`, comments (what is commented out
 * is as leaked), CRLF, quotes of three kinds, escapes, and quoted values over several lines. What no judge has
 * anything to say of may be left out.
 */
export const readLines: Reader = (text, skim) =>
  readSome(text, skim.assignments, (at, lineEnd) => readAssignment(text, at, lineEnd)) ?? readAllLines(text);

/** Reads every line, whether it is worth it or not. */
export const readAllLines = (text: string): readonly Pair[] => {
  const pairs: Pair[] = [];
  let at = startOfLines(text);
  while (at < text.length && pairs.length < maxPairs) {
    const lineEnd = endOfLine(text, at);
    const pair = readAssignment(text, at, lineEnd);
    if (pair !== null) pairs.push(pair);
    at = endOfLine(text, Math.max(lineEnd, pair?.span.end ?? 0)) + 1;
  }
  return pairs;
};

/**
 * Reads the lines that start at `starts`, but for those that a value before them goes on over.
 * @returns null where so many lines stand before them that the bound on pairs may count.
 */
export const readSome = (
  text: string,
  starts: WorthLines,
  read: (at: number, lineEnd: number) => Pair | null,
): readonly Pair[] | null => {
  if (mayHoldTooMany(text, starts.at(-1) ?? 0)) return null;
  const pairs: Pair[] = [];
  let end = -1;
  for (const at of starts) {
    if (at <= end) continue;
    const lineEnd = endOfLine(text, at);
    const pair = read(at, lineEnd);
    if (pair === null) continue;
    pairs.push(pair);
    end = endOfLine(text, Math.max(lineEnd, pair.span.end));
  }
  return pairs;
};

/** The shortest line that makes a pair, `a=b`, with its newline. */
const leastLine = 4;

/** Whether `maxPairs` may stand before `place`. */
const mayHoldTooMany = (text: string, place: number): boolean => {
  let lines = 0;
  for (let at = 0; place - at >= (maxPairs - lines) * leastLine; at = endOfLine(text, at) + 1) {
    if (lines === maxPairs) return true;
    lines++;
  }
  return false;
};

const opening =
  /[ \t]*(?:(?:#|;|\/\/|!|--)[ \t]*){0,3}(?:- )?(?:(?:export|set|setx|declare -x|local|readonly|ENV|ARG|let|const|var)[ \t]+|\$env:)?["']?([A-Za-z_/][\w.:/@-]{0,120}?)["']?([ \t]*(?::=|=>|=)[ \t]*|[ \t]*:[ \t]+|[ \t]+)/y;

/** Reads the assignment that a line begins with. @returns null where it begins with none, or the value is empty. */
export const readAssignment = (text: string, at: number, lineEnd: number): Pair | null => {
  opening.lastIndex = at;
  const match = opening.exec(text);
  if (match === null || opening.lastIndex > lineEnd) return null;
  // By number: groups by name make an object a line.
  const [, name = '', operator = ''] = match;
  const valueAt = opening.lastIndex;
  // A blank alone separates a name and a value only where nothing else follows (`password secret`); prose ends here, cheaply.
  const isBlank = operator.trim() === '';
  const nextBlank = isBlank ? text.indexOf(' ', valueAt) : -1;
  if (
    nextBlank >= 0 &&
    nextBlank < lineEnd - 1 &&
    /[A-Za-z]/.test(text[valueAt] ?? '') &&
    /[A-Za-z]/.test(text[nextBlank + 1] ?? '')
  )
    return null;
  const value = readValue(text, valueAt, lineEnd);
  if (value === null || (isBlank && !/^\S+$/.test(value.value))) return null;
  return { name, ...value };
};

type Value = Pick<Pair, 'value' | 'span'>;

/** Reads a quoted value, over several lines if need be, or a bare one to the end of the line or a comment. */
export const readValue = (text: string, at: number, lineEnd: number): Value | null => {
  const quote = text[at];
  if (quote === '"' || quote === "'" || quote === '`') {
    const quoted = readQuoted(text, at, quote);
    if (quoted !== null) return quoted;
  }
  const raw = text.slice(at, lineEnd);
  const comment = /[ \t][#;]/.exec(raw)?.index ?? raw.length;
  const value = raw.slice(0, comment).replace(/[\s,;]+$/, '');
  return value === '' ? null : { value, span: { start: at, end: at + value.length } };
};

/** A value over several lines (a key) ends somewhere; one stray quote must not swallow the file. */
const maxQuoted = 16 * 1024;

const readQuoted = (text: string, at: number, quote: string): Value | null => {
  const marks = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  const start = at + marks.length;
  const limit = Math.min(text.length, start + maxQuoted);
  let end = start;
  while (end < limit && !text.startsWith(marks, end)) end += text[end] === '\\' && quote === '"' ? 2 : 1;
  if (end >= limit || end === start) return null;
  const raw = text.slice(start, end);
  return { value: quote === '"' ? decodeEscapes(raw) : raw, span: { start, end } };
};

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const decodeEscapes = (raw: string): string =>
  raw.includes('\\') ? raw.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character) : raw;
