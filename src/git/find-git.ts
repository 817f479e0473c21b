import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { KnownError } from '../errors.ts';
import { plainEnvironment } from './environment.ts';

/** The git program that all doors use: one absolute path, resolved once. */
export interface GitBinary {
  readonly path: string;
  readonly version: GitVersion;
}

export interface GitVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** As git says it: `2.39.5 (Apple Git-154)`. */
  readonly text: string;
}

export class GitNotFoundError extends KnownError {
  readonly code = 'git-not-found';
  constructor() {
    super('There is no git program on PATH.', 'Install Git 2.39 or later, or put its folder on PATH.');
  }
}

/**
 * Finds git on PATH. Relative entries of PATH are passed over, and so is a git that lies in `outside`: a scanned work
 * tree may hold a planted one.
 * @param outside folder (a repository) that the program must not come from.
 * @returns null where there is none that starts.
 */
export const findGit = async (outside?: string): Promise<GitBinary | null> => {
  const folder = outside === undefined ? null : await realpath(outside).catch(() => outside);
  // Of a repository at the root of the file system every program is a part.
  const banned = folder === null || dirname(folder) === folder ? null : folder;
  for (const path of candidates(process.env.PATH ?? process.env.Path ?? '')) {
    const real = await realpath(path).catch(() => null);
    // Before it is started, and by both its names: asking a planted git for its version runs it.
    if (real === null || (banned !== null && (isInside(banned, real) || isInside(banned, path)))) continue;
    const found = await (known.get(real) ?? remember(path, real));
    if (found !== null) return found;
  }
  return null;
};

/** As `findGit`. @throws GitNotFoundError */
export const requireGit = async (outside?: string): Promise<GitBinary> => {
  const binary = await findGit(outside);
  if (binary === null) throw new GitNotFoundError();
  return binary;
};

/** The version of the git that is used, or null where there is none. */
export const gitVersion = async (): Promise<GitVersion | null> => (await findGit())?.version ?? null;

export const isAtLeast = (version: GitVersion, major: number, minor: number, patch = 0): boolean =>
  version.major * 1e6 + version.minor * 1e3 + version.patch >= major * 1e6 + minor * 1e3 + patch;

/** @returns null where the text is no answer of `git --version`. */
export const parseGitVersion = (text: string): GitVersion | null => {
  const match = /^git version ((\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?.*)/.exec(text);
  if (match === null) return null;
  const [, all = '', major = '0', minor = '0', patch = '0'] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), text: all.trim() };
};

const known = new Map<string, Promise<GitBinary | null>>();

const remember = (path: string, real: string): Promise<GitBinary | null> => {
  const found = probe(path, real);
  known.set(real, found);
  return found;
};

const candidates = (searchPath: string): string[] =>
  searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, process.platform === 'win32' ? 'git.exe' : 'git'));

const probe = async (path: string, real: string): Promise<GitBinary | null> => {
  try {
    if (!(await stat(real)).isFile()) return null;
    await access(real, constants.X_OK);
    const version = parseGitVersion(await ask(path));
    return version === null ? null : { path, version };
  } catch {
    return null;
  }
};

const ask = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { env: plainEnvironment(), timeout: 10_000, maxBuffer: 64 * 1024, windowsHide: true };
    execFile(path, ['--version'], options, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};
