import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, ConfigError, parseConfig } from './config.ts';

export const treeConfigName = '.unleak.json';
const maxBytes = 1024 * 1024;

export interface LoadedConfig {
  readonly config: Config;
  /** As it is named in messages and in coverage. */
  readonly file: string;
  /** It came with the scanned tree: what it leaves out is counted, and named. */
  readonly isFromTree: boolean;
}

/**
 * Reads the config that a user named.
 * @param path absolute; `name` is how the user wrote it.
 * @throws ConfigError where it is missing, no plain file, too large, or not right.
 */
export const readConfigFile = (path: string, name: string): LoadedConfig => ({
  config: parseConfig(readSmallFile(path, name, constants.O_RDONLY), name),
  file: name,
  isFromTree: false,
});

/**
 * Looks for `.unleak.json` in the root of the work tree that holds `path`. A link is refused: it could name any file of
 * this machine, and the message about it would quote that.
 * @returns null where there is none, or no work tree.
 * @throws ConfigError as `readConfigFile`.
 */
export const findTreeConfig = (path: string): LoadedConfig | null => {
  const root = workTreeRoot(path);
  if (root === null) return null;
  const file = join(root, treeConfigName);
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  if (!facts.isFile()) {
    throw new ConfigError(
      treeConfigName,
      'this is not a plain file.',
      'Make it a plain file, or name one with --config.',
    );
  }
  const text = readSmallFile(file, treeConfigName, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  return { config: parseConfig(text, treeConfigName), file: treeConfigName, isFromTree: true };
};

const workTreeRoot = (path: string): string | null => {
  for (let folder = path; ; folder = dirname(folder)) {
    if (entryExists(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
};

/** A folder that may not be entered has no work tree for us; opening the repository says so in better words. */
const entryExists = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
};

const readSmallFile = (path: string, name: string, flags: number): string => {
  let descriptor: number;
  try {
    descriptor = openSync(path, flags);
  } catch (error) {
    throw new ConfigError(name, `it cannot be read (${systemCode(error)}).`, 'Check the name and the permissions.');
  }
  try {
    const facts = fstatSync(descriptor);
    if (facts.isDirectory()) throw new ConfigError(name, 'this is a folder.', 'Name the file itself.');
    return readUpTo(descriptor, name);
  } finally {
    closeSync(descriptor);
  }
};

/** Reads what is there, whatever size was declared: a pipe declares none. */
const readUpTo = (descriptor: number, name: string): string => {
  const bytes = Buffer.alloc(maxBytes + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (count === 0) return bytes.toString('utf8', 0, length);
    length += count;
  }
  throw new ConfigError(name, 'it is larger than 1 MiB.', 'A config is a short JSON file; check the name.');
};

const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason';
