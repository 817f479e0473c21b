import { latin1, utf8Bytes } from '../text/index.ts';
import { insideWords, plainWords, standInWords, wholeWords } from './placeholder-words.ts';
import { isSequence } from './sequence.ts';
import type { Reason, Verdict } from './verdict.ts';

/**
 * Says why a value only stands where a secret would stand.
 * @param value the bare value, Latin-1 (one character a byte), without quotes; a token without its fixed prefix.
 * @param name the name it is assigned to, where there is one: `API_KEY=api_key` says nothing.
 * @returns a reason with the verdict it justifies (`inert`; `possible` where a weak but real value looks the same), or null.
 */
export const placeholderReason = (value: string, name?: string): Reason | null => {
  const trimmed = value.trim();
  if (trimmed === '') return reason('placeholder', 'inert', 'The value is empty.');
  if (isMasked(trimmed)) return reason('masked', 'inert', 'The value is masked: most of it is not there.');
  if (isSequence(trimmed))
    return reason('placeholder', 'inert', 'The value is a run or a repetition, as people type to fill a place.');
  return wordReason(trimmed, name) ?? encodedReason(trimmed);
};

const reason = (kind: string, verdict: Verdict, detail: string): Reason => ({ kind, verdict, detail });

const ellipsis = latin1(utf8Bytes('…'));
const bullet = latin1(utf8Bytes('•'));

const isMasked = (value: string): boolean => {
  if (/^[*xX#\-_.?~]{2,}$/.test(value) || value.includes('***') || value.includes('...')) return true;
  if (value.includes(ellipsis) || value.includes(bullet)) return true;
  return /x{4}|X{4}/.test(value);
};

const wordReason = (value: string, name: string | undefined): Reason | null => {
  const folded = foldCase(value);
  if (wholeWords.has(folded))
    return reason('placeholder', 'inert', 'The value is a word of configuration, not a secret.');
  const dense = folded.replace(/[-_. /:+]/g, '');
  const inside = insidePattern.exec(dense)?.[0] ?? undividedWord(folded);
  if (inside !== undefined) return insideReason(inside, dense);
  const words = wordsOf(value);
  const letters = words.filter((word) => !/^[0-9]+$/.test(word));
  if (letters.length === 0 || isDense(value, words)) return null;
  return knownWordsReason(words, letters, name);
};

/** One pass over the value instead of one a word. */
const insidePattern = new RegExp(insideWords.join('|'));

/** Chinese, Japanese and Korean put no blanks between words, so that theirs count wherever they stand. */
const undividedWord = (folded: string): string | undefined =>
  /[\x80-\xff]{6}/.test(folded) ? undividedStandIns.find((word) => folded.includes(word)) : undefined;

const undividedStandIns = [...standInWords].filter((word) => /^[\x80-\xff]{4,}$/.test(word));

const insideReason = (word: string, dense: string): Reason =>
  // In a long value one such word proves little: it may be part of a name or of a sentence around a real secret.
  reason(
    'placeholder',
    word.length * 10 >= dense.length ? 'inert' : 'possible',
    // The word is not quoted: it may be most of a value that is real after all.
    'The value contains a word that examples are made of.',
  );

const knownWordsReason = (
  words: readonly string[],
  letters: readonly string[],
  name: string | undefined,
): Reason | null => {
  const named = name === undefined ? undefined : new Set(wordsOf(name));
  const known = letters.filter((word) => standInWords.has(word) || plainWords.has(word) || named?.has(word) === true);
  const standIn = letters.find((word) => standInWords.has(word));
  if (known.length === letters.length) {
    const digits = words.length - letters.length;
    if (standIn !== undefined || digits === 0)
      return reason('placeholder', 'inert', 'The value is made of words such as "your", "test" or its own name.');
    return reason('weak-value', 'possible', 'The value is a common word and digits: a weak password or an example.');
  }
  if (standIn === undefined) return null;
  const covered = known.reduce((sum, word) => sum + word.length, 0);
  const total = words.reduce((sum, word) => sum + word.length, 0);
  return reason(
    'placeholder',
    covered * 2 >= total ? 'inert' : 'possible',
    'One of the value’s words is one that examples are made of.',
  );
};

/** Random characters split into many short pieces, and some of them are words by chance. */
const isDense = (value: string, words: readonly string[]): boolean =>
  value.length >= 16 && words.reduce((sum, word) => sum + word.length, 0) / words.length < 3;

/** Lower-case words of a value or a name, split at separators, camelCase and the borders between letters and digits. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .slice(0, 512)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/([A-Za-z])([0-9])/g, '$1 $2')
    .replace(/([0-9])([A-Za-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9\x80-\xff]+/)
    .filter((word) => word !== '')
    .map(foldCase);

/** ASCII only: the upper half of Latin-1 is bytes of UTF-8 here, which must not change. */
const foldCase = (text: string): string =>
  /[\x80-\xff]/.test(text) ? text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase()) : text.toLowerCase();

/** `Y2hhbmdlbWU=`: the placeholder is there, one decoding further. */
const encodedReason = (value: string): Reason | null => {
  const decoded = decodeText(value);
  if (decoded === null) return null;
  const found = isSequence(decoded) ? reason('placeholder', 'inert', '') : wordReason(decoded, undefined);
  if (found === null) return null;
  return reason('placeholder', found.verdict, 'Decoded, the value is a placeholder.');
};

const decodeText = (value: string): string | null => {
  if (value.length < 8 || value.length > 512) return null;
  const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(value);
  if (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return null;
  const decoded = latin1(Buffer.from(value, isHex ? 'hex' : 'base64'));
  return /^[\x20-\x7e\r\n]{5,}$/.test(decoded) ? decoded.trim() : null;
};
