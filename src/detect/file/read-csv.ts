import { endOfLine } from './lines.ts';
import { maxPairs, type Pair, type Reader } from './pair.ts';

/** Reads a table whose first line names the columns: a downloaded key, an export of a password manager. */
export const readCsv: Reader = (text) => {
  const headerEnd = endOfLine(text, 0);
  const separator = text.slice(0, headerEnd).includes(';') ? ';' : ',';
  const names = cellsOf(text, text.startsWith('\xef\xbb\xbf') ? 3 : 0, headerEnd, separator).map((cell) => cell.value);
  const pairs: Pair[] = [];
  if (names.length > 100) return pairs;
  for (let at = headerEnd + 1; at < text.length && pairs.length < maxPairs; ) {
    const end = endOfLine(text, at);
    cellsOf(text, at, end, separator).forEach((cell, column) => {
      const name = names[column];
      if (name !== undefined && cell.value !== '') pairs.push({ name, ...cell });
    });
    at = end + 1;
  }
  return pairs;
};

const cellsOf = (text: string, start: number, end: number, separator: string): Pick<Pair, 'value' | 'span'>[] => {
  const cells: Pick<Pair, 'value' | 'span'>[] = [];
  let at = start;
  while (at <= end && cells.length <= 100) {
    const isQuoted = text[at] === '"';
    const close = isQuoted ? text.indexOf('"', at + 1) : -1;
    const from = close > at && close <= end ? at + 1 : at;
    const next = text.indexOf(separator, from === at ? at : close);
    const cellEnd = next < 0 || next > end ? end : next;
    const to = from === at ? cellEnd : close;
    const value = text.slice(from, to).trimEnd();
    cells.push({ value, span: { start: from, end: from + value.length } });
    at = cellEnd + 1;
  }
  return cells;
};
