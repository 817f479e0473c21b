const ascii = /^[\x20-\x7e]*$/;
// Wide in a terminal: East Asian Width W and F, and emoji. By script, since JavaScript knows no property for the width;
// an ambiguous one that is taken for wide only makes a line end early.
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\u30fc\uff01-\uff60\uffe0-\uffe6]/u;
const halfWidth = /[\uff61-\uffdc]/;

/** Columns that the text takes in a terminal. For text without control characters. */
export const displayWidth = (text: string): number => {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme);
  return width;
};

// Made at the first text that is not ASCII: it takes 15 ms, which is much of a short command.
let segmenter: Intl.Segmenter | undefined;
const graphemesOf = (text: string): readonly string[] => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
};

const graphemeWidth = (grapheme: string): number => {
  if (/^\p{M}+$/u.test(grapheme)) return 0;
  return wide.test(grapheme) && !halfWidth.test(grapheme) ? 2 : 1;
};

export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));

/** At most `width` columns: what is too much goes from the middle, since names tell most at their ends. */
export const cutMiddle = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text;
  const graphemes = graphemesOf(text);
  // The end holds the file's name and the line: it gets the larger half.
  const tail = takeColumns(graphemes.toReversed(), Math.ceil((width - 1) * 0.6)).toReversed();
  const head = takeColumns(graphemes, width - 1 - displayWidth(tail.join('')));
  return `${head.join('')}…${tail.join('')}`;
};

const takeColumns = (graphemes: readonly string[], width: number): readonly string[] => {
  let used = 0;
  let count = 0;
  for (const grapheme of graphemes) {
    used += graphemeWidth(grapheme);
    if (used > width) break;
    count += 1;
  }
  return graphemes.slice(0, count);
};

/**
 * Breaks text into lines of at most `width` columns, at spaces where there are some. At least one line.
 * @param firstWidth columns of the first line, where it has more or fewer.
 */
export const fold = (text: string, width: number, firstWidth = width): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= (lines.length === 0 ? firstWidth : width)) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, lines.length === 0 ? Math.min(firstWidth, width) : width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
};

/** Like `fold`, with the lines after the first indented by `indent` columns. */
export const foldHanging = (text: string, width: number, indent: number): readonly string[] =>
  fold(text, width - indent, width).map((line, index) => (index === 0 ? line : ' '.repeat(indent) + line));

const breakWord = (word: string, width: number): readonly string[] => {
  // An address that is cut cannot be followed; terminals fold it themselves.
  if (displayWidth(word) <= width || word.startsWith('https://')) return [word];
  const graphemes = graphemesOf(word);
  const pieces: string[] = [];
  for (let at = 0; at < graphemes.length; ) {
    const piece = takeColumns(graphemes.slice(at, at + width), width);
    at += Math.max(1, piece.length);
    pieces.push(piece.length > 0 ? piece.join('') : (graphemes[at - 1] ?? ''));
  }
  return pieces;
};
