import { credentialStems } from '../../rules/index.ts';
import { goesOn, isQuote, worthOfAssignment } from './assignment-worth.ts';
import { byteAt, bytesOf, endOfLine, skipBytes } from './lines.ts';
import { NameMarks } from './name-marks.ts';
import type { WorthOf } from './worth.ts';

/** The worth of a line of YAML. */
export const worthOfMember: WorthOf = (text, at, lineEnd) => {
  const itemAt = skipBytes(text, at, lineEnd, blank);
  const nameAt = skipBytes(text, itemAt, lineEnd, lead);
  const nameEnd = marks.endOfPlainName(text, nameAt, lineEnd);
  if (nameEnd < 0) return isNamedElsewhere(text, nameAt) ? 'text' : 'line';
  const colonAt = skipBytes(text, isQuote(text, nameEnd, lineEnd) ? nameEnd + 1 : nameEnd, lineEnd, blank);
  const valueAt = skipBytes(text, colonAt + 1, lineEnd, blank);
  const isMember = byteAt(text, colonAt, lineEnd) === colon && valueAt > colonAt + 1;
  // An element of a list may be `NAME=value`.
  if (!isMember) return byteAt(text, itemAt, lineEnd) === dash ? worthOfAssignment(text, itemAt, lineEnd) : 'nothing';
  if (valueAt >= lineEnd) return 'nothing';
  const opening = text.charCodeAt(valueAt);
  if (blockMarks[opening] === 1) return isLongBlock(text, lineEnd + 1, nameAt - at) ? 'nothing' : 'line';
  return properties[opening] === 1 || goesOn(text, valueAt, lineEnd) ? 'line' : 'nothing';
};

/** Whether the second line of a block is its own: then the block is a text, which is left to the rules for any text. */
const isLongBlock = (text: string, at: number, indent: number): boolean => {
  const second = endOfLine(text, at) + 1;
  const end = skipBytes(text, second, text.length, space);
  return end - second > indent && isPrinted[byteAt(text, end, text.length)] === 1;
};

/** Members that are named by what stands beside or above them. */
export const namedElsewhere = ['value', 'default', 'content', 'defaultvalue'];

const isNamedElsewhere = (text: string, at: number): boolean => {
  memberNamedElsewhere.lastIndex = at;
  return memberNamedElsewhere.test(text);
};

const memberNamedElsewhere = new RegExp(`(?:${namedElsewhere.join('|')})["']?[ \\t]*:`, 'iy');

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
