import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { decodeText } from '../git/index.ts';
import { NotARepositoryError } from './errors.ts';
import { isDirectory, look, readPlain } from './read-plain.ts';

/** Where a repository is; nothing of it was read but the two files that point elsewhere. */
export interface Location {
  readonly gitDir: string;
  readonly commonDir: string;
  /** The folder that holds `.git`, or null. */
  readonly workTree: string | null;
  readonly followed: readonly { readonly from: string; readonly to: string }[];
}

// As git's own limit (setup.c).
const gitFileMaxBytes = 1024 ** 2;

/**
 * Finds the repository that `path` is, or is in: a git directory, a work tree, a folder below one, a `.git` file. Goes up
 * to the root of the file system.
 * @param isExact do not go up.
 * @throws NotARepositoryError
 */
export const locateRepository = (path: string, isExact: boolean): Location => {
  const start = realFolder(path);
  if (start.isFile) return throughGitFile(start.path, dirname(start.path), path);
  for (let folder = start.path; ; folder = dirname(folder)) {
    const found = locateAt(folder, path);
    if (found !== null) return found;
    if (isExact || dirname(folder) === folder) break;
  }
  throw new NotARepositoryError(path, `no git directory in ${start.path}${isExact ? '' : ' or above'}`);
};

/** A path on another machine (`\\host\share`): on Windows, merely asking for it sends the user's credentials there. */
export const isRemotePath = (path: string): boolean => /^(?:\\\\|\/\/|\\\/|\/\\)/.test(path);

const realFolder = (path: string): { readonly path: string; readonly isFile: boolean } => {
  let real: string;
  try {
    real = realpathSync(path);
  } catch {
    throw new NotARepositoryError(path, `${path} does not exist, or cannot be entered`);
  }
  const stats = statSync(real);
  if (stats.isDirectory()) return { path: real, isFile: false };
  if (stats.isFile() && basename(real) === '.git') return { path: real, isFile: true };
  throw new NotARepositoryError(path, `${path} is not a folder`);
};

const locateAt = (folder: string, named: string): Location | null => {
  const dotGit = join(folder, '.git');
  const stats = look(dotGit);
  if (stats?.isFile() === true) return throughGitFile(dotGit, folder, named);
  if (stats?.isDirectory() === true) {
    const real = realpathSync(dotGit);
    const followed = real === dotGit ? [] : [{ from: dotGit, to: real }];
    const found = openGitDir(real, folder, followed, named);
    if (found !== null) return found;
  }
  const workTree = basename(folder) === '.git' ? dirname(folder) : null;
  return isGitDirName(folder) ? openGitDir(folder, workTree, [], named) : null;
};

/** What a folder must show to be taken for a git directory without being called `.git`. */
const isGitDirName = (folder: string): boolean =>
  basename(folder) === '.git' || look(join(folder, 'HEAD')) !== null || look(join(folder, 'packed-refs')) !== null;

const throughGitFile = (file: string, workTree: string, named: string): Location => {
  const read = readPlain(file, { maxBytes: gitFileMaxBytes });
  const broken = (why: string): NotARepositoryError => new NotARepositoryError(named, `${file} ${why}`);
  if (read.kind !== 'bytes') throw broken(read.kind === 'absent' ? 'is gone' : read.reason);
  const target = /^gitdir: ([^\0]+?)[\r\n]*$/.exec(decodeText(read.bytes))?.[1];
  if (target === undefined) throw broken('does not say where its git directory is');
  if (isRemotePath(target)) throw broken('points to another machine');
  const gitDir = realDirectory(resolve(dirname(file), target));
  const found = gitDir === null ? null : openGitDir(gitDir, workTree, [{ from: file, to: gitDir }], named);
  if (found === null) throw broken('points to what is no git directory');
  return found;
};

/** @returns null where this is no git directory: it has no objects. */
const openGitDir = (
  gitDir: string,
  workTree: string | null,
  followed: Location['followed'],
  named: string,
): Location | null => {
  const pointer = join(gitDir, 'commondir');
  const read = readPlain(pointer, { maxBytes: 64 * 1024 });
  if (read.kind === 'absent') {
    return hasStore(gitDir) ? { gitDir, commonDir: gitDir, workTree, followed } : null;
  }
  const broken = (why: string): NotARepositoryError => new NotARepositoryError(named, `${pointer} ${why}`);
  if (read.kind === 'refused') throw broken(read.reason);
  const target = decodeText(read.bytes).replace(/[\r\n]+$/, '');
  if (target === '' || target.includes('\0') || isRemotePath(target)) throw broken('names no folder of this machine');
  const commonDir = realDirectory(resolve(gitDir, target));
  if (commonDir === null || !hasStore(commonDir)) throw broken('points to what is no git directory');
  // A linked work tree's own directory lies in worktrees/ of the common one; anything else leads away and is told.
  const isUsual = dirname(dirname(gitDir)) === commonDir;
  return {
    gitDir,
    commonDir,
    workTree,
    followed: isUsual ? followed : [...followed, { from: pointer, to: commonDir }],
  };
};

const hasStore = (gitDir: string): boolean =>
  isDirectory(join(gitDir, 'objects')) &&
  (look(join(gitDir, 'HEAD')) !== null || isDirectory(join(gitDir, 'refs')) || isDirectory(join(gitDir, 'reftable')));

const realDirectory = (path: string): string | null => {
  if (!isAbsolute(path) || !isDirectory(path)) return null;
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};
