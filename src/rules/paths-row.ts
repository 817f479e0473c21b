import type { FileParser, PathRule } from './rule.ts';
import type { Severity } from './verdict.ts';

/** A path rule as one row: id, severity, parser, rotation, what it holds, globs, example paths. */
export type PathRow = readonly [
  id: string,
  severity: Severity,
  parser: FileParser,
  rotate: string,
  holds: string,
  globs: readonly string[],
  examples: readonly string[],
];

/** Files that are reported by name alone where the content cannot be judged. */
export const leaks = (rows: readonly PathRow[]): readonly PathRule[] => rows.map((row) => pathRule(row, true));

/** Files whose name only chooses the parser: without something in the content there is no report. */
export const hints = (rows: readonly PathRow[]): readonly PathRule[] => rows.map((row) => pathRule(row, false));

const pathRule = (row: PathRow, nameAlone: boolean): PathRule => {
  const [id, severity, parser, rotate, holds, globs, examples] = row;
  return { id, severity, parser, rotate, holds, globs, examples, nameAlone };
};
