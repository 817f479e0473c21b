import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealedEnvironment } from './environment.ts';
import { findGit, isAtLeast } from './find-git.ts';
import { defaultLimits, startChild } from './git-child.ts';
import { type ObjectFormat, type Oid, parseOid, type RefName, refName } from './oid.ts';
import { configOf, shadowFolder } from './private-git-dir.ts';
import { collect, type RunResult } from './read-git.ts';
import { decodeText } from './ref-name.ts';

/** What one reftable folder holds. */
export interface ReftableContent {
  readonly refs: readonly { readonly name: RefName; readonly oid: Oid | null; readonly symbolic: RefName | null }[];
  /** The branch that its HEAD names. */
  readonly head: RefName | null;
  readonly leftOut: readonly string[];
}

/**
 * Reads refs of a repository that keeps them as a reftable, through git (2.45 or later) on a private git directory that
 * shows it nothing but the tables.
 * @param folder the `reftable` folder of a git directory, or of a linked work tree's.
 * @returns a sentence's end where it could not be read.
 */
export const readReftableFolder = async (folder: string, format: ObjectFormat): Promise<ReftableContent | string> => {
  const git = await findGit();
  if (git === null) return 'is a reftable, which needs Git 2.45 or later to read, and there is no git';
  if (!isAtLeast(git.version, 2, 45))
    return `is a reftable, which needs Git 2.45 or later to read (this is ${versionOf(git.version)})`;
  const gitDir = await mkdtemp(join(await realpath(tmpdir()), 'unleak-git-'));
  const leftOut: string[] = [];
  const run = (...args: string[]): Promise<RunResult> => {
    const env = { ...sealedEnvironment(gitDir), GIT_DIR: gitDir };
    const all = ['--no-pager', ...args];
    const child = startChild({
      program: git.path,
      args: all,
      cwd: gitDir,
      env,
      stdin: 'ignore',
      limits: defaultLimits,
    });
    return collect(child, defaultLimits.outputBytes);
  };
  try {
    await mkdir(join(gitDir, 'objects'));
    await mkdir(join(gitDir, 'refs'));
    // What git itself puts there, so that an older one fails instead of seeing an empty repository.
    await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
    await writeFile(join(gitDir, 'config'), configOf(format, 'reftable'));
    await shadowFolder(folder, join(gitDir, 'reftable'), leftOut);
    const listed = await run('for-each-ref', '--include-root-refs', '--format=%(objectname)%00%(symref)%00%(refname)');
    if (listed.code !== 0) return `could not be read by git (code ${listed.code}, ${listed.reason})`;
    const head = await run('symbolic-ref', '-q', 'HEAD');
    const named = head.code === 0 ? decodeText(head.stdout).trimEnd() : '';
    return { refs: parseListing(decodeText(listed.stdout)), head: named === '' ? null : refName(named), leftOut };
  } finally {
    await rm(gitDir, { recursive: true, force: true });
  }
};

const versionOf = ({ major, minor, patch }: { major: number; minor: number; patch: number }): string =>
  `${major}.${minor}.${patch}`;

const parseListing = (text: string): ReftableContent['refs'] =>
  text.split('\n').flatMap((line) => {
    const [oid = '', symbolic = '', name = ''] = line.split('\0');
    if (name === '') return [];
    return [{ name: refName(name), oid: parseOid(oid), symbolic: symbolic === '' ? null : refName(symbolic) }];
  });
