import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A repository to measure, and what git says of it: the denominators of every share. */
export interface Target {
  readonly path: string;
  readonly name: string;
  readonly objects: number;
  readonly commits: number;
  readonly unpackedBytes: number;
  readonly packBytes: number;
}

export const describeTarget = (path: string): Target => {
  const packBytes = readPacks(path);
  const sizes = git(path, [
    'cat-file',
    '--batch-all-objects',
    '--unordered',
    '--batch-check=%(objecttype) %(objectsize)',
  ]);
  let objects = 0;
  let commits = 0;
  let unpackedBytes = 0;
  for (const line of sizes.split('\n')) {
    const [type, size] = line.split(' ');
    if (size === undefined) continue;
    objects++;
    if (type === 'commit') commits++;
    unpackedBytes += Number(size);
  }
  return { path, name: nameOf(path), objects, commits, unpackedBytes, packBytes };
};

/** What a repository is called in a table: no path of the machine. `owner+name/repo` is how bare mirrors are kept here. */
export const nameOf = (path: string): string => {
  const last = basename(path).replace(/\.git$/, '');
  return (last === 'repo' || last === '' ? basename(dirname(path)) : last).replace('+', '/');
};

/** Git as everybody has it: no setting of the user or the machine, and no fetch of what a partial clone lacks. */
export const gitEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
};

export const git = (repository: string, args: readonly string[], input = ''): string =>
  execFileSync('git', ['-C', repository, ...args], {
    encoding: 'utf8',
    env: gitEnvironment,
    input,
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** Reads every pack once, so that the first round meets the same page cache as the last; their bytes in all. */
const readPacks = (path: string): number => {
  const folder = join(git(path, ['rev-parse', '--absolute-git-dir']).trimEnd(), 'objects', 'pack');
  const piece = Buffer.allocUnsafe(2 ** 20);
  let packBytes = 0;
  for (const name of readdirSync(folder)) {
    const file = openSync(join(folder, name), 'r');
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
      if (name.endsWith('.pack')) packBytes += read;
    closeSync(file);
  }
  return packBytes;
};
