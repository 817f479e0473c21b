import { copyFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Oid, parseOid, type RepoPath, repoPath } from './oid.ts';
import type { ReadGit } from './read-git.ts';

export interface IndexEntry {
  readonly path: RepoPath;
  readonly oid: Oid;
  /** As in trees: 0o100644, 0o120000 …; 0o40000 is a folder of a sparse index. */
  readonly mode: number;
  /** 0, or 1 to 3 in a conflict. */
  readonly stage: number;
}

export interface IndexContent {
  readonly entries: readonly IndexEntry[];
  /** A sentence's end where the index could not be read (whole). */
  readonly problem: string | null;
}

const indexMaxBytes = 1024 ** 3;

/**
 * Lists an index of any form (versions 2 to 4, split, sparse) through git, on a copy: git writes to a shared index that it
 * reads (its date), and a scan writes nothing.
 * @param indexPath `index` in a git directory; shared halves are looked for beside it. Absent: no entries.
 */
export const listIndex = async (door: ReadGit, indexPath: string): Promise<IndexContent> => {
  if (!(await isThere(indexPath))) return { entries: [], problem: null };
  const { gitDir } = door.handle;
  const folder = await mkdtemp(join(gitDir, 'index-'));
  try {
    const copy = join(folder, 'index');
    const problem = await copyPlain(indexPath, copy);
    if (problem === 'absent') return { entries: [], problem: null };
    if (problem !== null) return { entries: [], problem };
    for (const name of await sharedHalves(dirname(indexPath))) {
      await copyPlain(join(dirname(indexPath), name), join(gitDir, name));
    }
    const args = ['ls-files', '--stage', '--sparse', '-z'];
    const { stdout, code, reason } = await door.run(args, undefined, { indexFile: copy });
    const entries = parseStages(Buffer.from(stdout).toString('latin1'));
    return { entries, problem: code === 0 ? null : `could not be read by git (code ${code}, ${reason})` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Asked first, since bare repositories have none, and a private directory is made for the copy. */
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );

const copyPlain = async (from: string, to: string): Promise<string | null> => {
  try {
    const stats = await stat(from);
    if (!stats.isFile()) return 'is not a plain file';
    if (stats.size > indexMaxBytes) return `is larger than ${indexMaxBytes} bytes`;
    await copyFile(from, to);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return code === 'ENOENT' ? 'absent' : `cannot be read (${code})`;
  }
};

const sharedHalves = async (gitDir: string): Promise<string[]> => {
  const names = await readdir(gitDir).catch(() => []);
  return names.filter((name) => /^sharedindex\.(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name));
};

const parseStages = (text: string): IndexEntry[] =>
  text.split('\0').flatMap((record) => {
    const match = /^([0-7]{6}) ([0-9a-f]+) ([0-3])\t([\s\S]+)$/.exec(record);
    const oid = parseOid(match?.[2] ?? '');
    if (match === null || oid === null) return [];
    const [, mode = '', , stage = '', path = ''] = match;
    return [{ path: repoPath(path), oid, mode: Number.parseInt(mode, 8), stage: Number(stage) }];
  });
