import { credentialStems } from '../../rules/index.ts';
import { byteAt, bytesOf, skipBytes } from './lines.ts';
import { NameMarks } from './name-marks.ts';
import type { IsWorthReading } from './worth.ts';

/** Whether `readAssignment` has to read a line. */
export const isAssignmentWorthReading: IsWorthReading = (text, at, lineEnd) => {
  const wordAt = skipBytes(text, at, lineEnd, lead);
  if (byteAt(text, wordAt, lineEnd) === dollar) return true;
  const nameAt = isQuote(text, wordAt, lineEnd) ? wordAt + 1 : wordAt;
  const nameEnd = marks.endOfPlainName(text, nameAt, lineEnd);
  if (nameEnd < 0) return true;
  const valueAt = skipBytes(text, isQuote(text, nameEnd, lineEnd) ? nameEnd + 1 : nameEnd, lineEnd, operator);
  return goesOn(text, valueAt, lineEnd);
};

/** Whether a value that opens here, in quotes, may go on behind the line. */
export const goesOn = (text: string, at: number, lineEnd: number): boolean => {
  if (!isQuote(text, at, lineEnd)) return false;
  const quote = text.charCodeAt(at);
  for (let next = at + 1; next < lineEnd; next++) {
    const code = text.charCodeAt(next);
    // Two at once may be an empty value, or the first of three.
    if (code === quote) return next === at + 1;
    if (code === backslash) return true;
  }
  return true;
};

export const isQuote = (text: string, at: number, lineEnd: number): boolean => quotes[byteAt(text, at, lineEnd)] === 1;

const dollar = 0x24;
const backslash = 0x5c;
const quotes = bytesOf(/["'`]/);
/** More than a line can begin with: what is passed over in vain costs nothing. */
const lead = bytesOf(/[ \t#;/!-]/);
const operator = bytesOf(/[ \t=:>]/);
/** Words that `readAssignment` takes before a name: then it is the next word that counts. */
const declarators = ['export', 'set', 'setx', 'declare', 'local', 'readonly', 'ENV', 'ARG', 'let', 'const', 'var'];
const marks = new NameMarks(bytesOf(/[\w.:/@-]/), { inside: credentialStems, whole: declarators });
