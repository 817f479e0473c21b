import { rm } from 'node:fs/promises';
import { sealedEnvironment } from './environment.ts';
import { findGit, isAtLeast } from './find-git.ts';
import { defaultLimits, startChild } from './git-child.ts';
import { type ObjectFormat, type Oid, parseOid, type RefName, refName } from './oid.ts';
import { makePrivateGitDir } from './private-git-dir.ts';
import { collect, type RunResult } from './read-git.ts';
import { decodeText } from './ref-name.ts';

/** What one reftable folder holds. */
export interface ReftableContent {
  /** HEAD and other root refs among them. */
  readonly refs: readonly { readonly name: RefName; readonly oid: Oid | null; readonly symbolic: RefName | null }[];
  /** The branch that its HEAD names. */
  readonly head: RefName | null;
  /** By ref, newest first. Git shows an entry only where its commit is there. */
  readonly log: readonly ReftableLogEntry[];
  /** Files of the folder that are none, and that git did not get to see. */
  readonly leftOut: readonly string[];
}

export interface ReftableLogEntry {
  readonly ref: string;
  readonly oid: Oid;
  /** `Name <email>` */
  readonly who: string;
  readonly date: number;
  readonly zone: string;
  readonly message: string;
}

/**
 * Reads the refs of a repository that keeps them as a reftable, through git (2.45 or later) on a private git directory that
 * shows it the tables and the objects, and nothing else of the repository.
 * @param folder the `reftable` folder of a git directory, or of a linked work tree's.
 * @returns a sentence's end where it could not be read.
 */
export const readReftableFolder = async (
  folder: string,
  store: {
    readonly objectDirectory: string;
    readonly alternateDirectories: readonly string[];
    readonly format: ObjectFormat;
  },
): Promise<ReftableContent | string> => {
  const git = await findGit();
  if (git === null) return 'is a reftable, which needs Git 2.45 or later to read, and there is no git';
  if (!isAtLeast(git.version, 2, 45)) {
    return `is a reftable, which needs Git 2.45 or later to read (this is ${versionOf(git.version)})`;
  }
  const { path: gitDir, leftOut } = makePrivateGitDir({ ...store, reftable: folder });
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
    const listed = await run('for-each-ref', '--include-root-refs', '--format=%(objectname)%00%(symref)%00%(refname)');
    if (listed.code !== 0) return `could not be read by git (code ${listed.code}, ${listed.reason})`;
    const head = await run('symbolic-ref', '-q', 'HEAD');
    const named = head.code === 0 ? decodeText(head.stdout).trimEnd() : '';
    const log = await run('log', '-g', '--all', '-z', '--no-show-signature', '--date=raw', `--format=${logFormat}`);
    return {
      refs: parseListing(decodeText(listed.stdout)),
      head: named === '' ? null : refName(named),
      log: parseLog(decodeText(log.stdout)),
      leftOut,
    };
  } finally {
    await rm(gitDir, { recursive: true, force: true });
  }
};

// Of the entry, not of the commit: its name, person, date (inside the name), text. No field can hold a newline.
const logFormat = '%H%n%gD%n%gn <%ge>%n%gs';

const parseLog = (text: string): readonly ReftableLogEntry[] =>
  text.split('\0').flatMap((record) => {
    const [oid = '', selector = '', who = '', message = ''] = record.split('\n');
    const match = /^(.*)@\{(\d{1,15}) ([-+]\d{4})\}$/.exec(selector);
    const parsed = parseOid(oid);
    if (match === null || parsed === null) return [];
    const [, ref = '', date = '', zone = ''] = match;
    return [{ ref, oid: parsed, who, date: Number(date), zone, message }];
  });

const versionOf = ({ major, minor, patch }: { major: number; minor: number; patch: number }): string =>
  `${major}.${minor}.${patch}`;

const parseListing = (text: string): ReftableContent['refs'] =>
  text.split('\n').flatMap((line) => {
    const [oid = '', symbolic = '', name = ''] = line.split('\0');
    if (name === '') return [];
    return [{ name: refName(name), oid: parseOid(oid), symbolic: symbolic === '' ? null : refName(symbolic) }];
  });
