import { credentialStems } from '../../rules/index.ts';
import { goesOn, isAssignmentWorthReading, isQuote } from './assignment-worth.ts';
import { byteAt, bytesOf, endOfLine, skipBytes } from './lines.ts';
import { NameMarks } from './name-marks.ts';
import type { IsWorthReading } from './worth.ts';

/** Whether a line of YAML has to be read, for its own name or because it names the `value` beside or below it. */
export const isMemberWorthReading: IsWorthReading = (text, at, lineEnd) => {
  const itemAt = skipBytes(text, at, lineEnd, blank);
  const nameAt = skipBytes(text, itemAt, lineEnd, lead);
  const nameEnd = marks.endOfPlainName(text, nameAt, lineEnd);
  if (nameEnd < 0) return true;
  const colonAt = skipBytes(text, isQuote(text, nameEnd, lineEnd) ? nameEnd + 1 : nameEnd, lineEnd, blank);
  const valueAt = skipBytes(text, colonAt + 1, lineEnd, blank);
  const isMember = byteAt(text, colonAt, lineEnd) === colon && valueAt > colonAt + 1;
  // An element of a list may be `NAME=value`.
  if (!isMember) return byteAt(text, itemAt, lineEnd) === dash && isAssignmentWorthReading(text, itemAt, lineEnd);
  if (valueAt >= lineEnd) return false;
  const opening = text.charCodeAt(valueAt);
  if (blockMarks[opening] === 1) return !isLongBlock(text, lineEnd + 1, nameAt - at);
  if (properties[opening] === 1 || goesOn(text, valueAt, lineEnd)) return true;
  return nameEnd - nameAt === 4 && isCredentialNamed(text, nameAt, lineEnd);
};

/** Whether the second line of a block is its own: then the block is a text, which is left to the rules for any text. */
const isLongBlock = (text: string, at: number, indent: number): boolean => {
  const second = endOfLine(text, at) + 1;
  const end = skipBytes(text, second, text.length, space);
  return end - second > indent && isPrinted[byteAt(text, end, text.length)] === 1;
};

/** Members that are named by what stands beside or above them. */
export const namedElsewhere = ['value', 'default', 'content', 'defaultvalue'];

/** `name: DB_PASSWORD`: what `value` stands beside it is one. (Members called `key` are read anyway.) */
const isCredentialNamed = (text: string, at: number, lineEnd: number): boolean =>
  credentialNamed.test(text.slice(at, lineEnd));

const credentialNamed = new RegExp(`^name\\b.*(?:${credentialStems.join('|')})`, 'is');

const colon = 0x3a;
const dash = 0x2d;
const blank = bytesOf(/[ \t]/);
const lead = bytesOf(/[ #"'-]/);
const space = bytesOf(/ /);
const isPrinted = bytesOf(/[!-~]/);
const blockMarks = bytesOf(/[|>]/);
/** An anchor or a tag, before a block or a quote. */
const properties = bytesOf(/[&!]/);
const marks = new NameMarks(bytesOf(/[\w./-]/), { inside: [...credentialStems, ...namedElsewhere] });
