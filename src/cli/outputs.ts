import { accessSync, constants, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { display } from '../text/index.ts';
import { OutputError, UsageError } from './cli-errors.ts';
import type { ReportFormat } from './options.ts';

export interface Output {
  /** Absolute; null: standard output. */
  readonly file: string | null;
  readonly format: ReportFormat;
}

/**
 * Which report goes where: the n-th output takes the n-th format.
 * @throws UsageError where formats and outputs do not pair up, or two go to one place.
 */
export const pairOutputs = (
  names: readonly string[],
  formats: readonly ReportFormat[],
  cwd: string,
): readonly Output[] => {
  const places = names.length === 0 ? ['-'] : names;
  if (formats.length > 0 && formats.length !== places.length) {
    throw new UsageError(
      `${count(formats.length, 'format')} and ${count(places.length, 'output')} do not pair up.`,
      'Give one --output for each --format; - is standard output.',
    );
  }
  const outputs = places.map((name, index) => ({
    file: name === '-' ? null : resolve(cwd, name),
    format: formats[index] ?? 'text',
  }));
  if (new Set(outputs.map((output) => output.file)).size < outputs.length) {
    throw new UsageError('Two reports would go to the same place.', 'Give each --output its own name.');
  }
  return outputs;
};

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/**
 * Whether a report may be written there; asked before a scan, so that an hour's work is not lost, and again when writing.
 * @param scanned the folder that is scanned: it may hold links that someone else made.
 * @returns the path to write to, its folder resolved.
 * @throws OutputError for a link, for what is no plain file, for a folder that is missing, not writable, or that a link in
 * the scanned tree puts somewhere else.
 */
export const checkOutputPath = (file: string, scanned: string | null): string => {
  const folder = realFolder(file);
  if (scanned !== null && isInside(file, scanned) && !isInside(folder, realpathSync(scanned))) {
    throw new OutputError(
      `${display(file)} is not where it seems: a link in the scanned tree leads to ${display(folder)}.`,
      'Name the real place.',
    );
  }
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (facts?.isSymbolicLink()) {
    throw new OutputError(`${display(file)} is a link.`, 'Remove it, or name the file it stands for.');
  }
  if (facts && !facts.isFile()) {
    throw new OutputError(`${display(file)} is no plain file.`, 'Name a file; - is standard output.');
  }
  return join(folder, basename(file));
};

const realFolder = (file: string): string => {
  try {
    const folder = realpathSync(dirname(file));
    accessSync(folder, constants.W_OK);
    return folder;
  } catch (cause) {
    throw new OutputError(`${display(file)} cannot be written.`, 'Its folder must exist and be writable.', { cause });
  }
};

const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way);
};
