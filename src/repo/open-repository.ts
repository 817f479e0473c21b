import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseOid } from '../git/index.ts';
import { GitDir } from './git-dir.ts';
import { type Location, locateRepository } from './locate.ts';
import { readHead, readRefTable, resolveRefs } from './read-refs.ts';
import { readReftables } from './read-reftable.ts';
import { readSettings, type Settings } from './read-settings.ts';
import { readStore } from './read-store.ts';
import { readSubmodules, readSurroundings } from './read-surroundings.ts';
import { type HeadOf, linkedIds, pushesOf, readPseudoRefs, readReflogs, readWorktrees } from './read-traces.ts';
import type { Repository } from './repository.ts';

export interface OpenOptions {
  /** The path itself must be the repository; folders above are not tried. */
  readonly isExact?: boolean;
}

/**
 * Opens a repository, whatever its layout, by reading files alone: none of its settings, hooks or attributes comes into
 * force, git is not started in it, and what would block is not opened.
 * @throws NotARepositoryError, UnsupportedRepositoryError, BadRepositoryConfigError; everything less is in `problems`.
 */
export const openRepository = async (path: string, options: OpenOptions = {}): Promise<Repository> => {
  const location = locateRepository(resolve(path), options.isExact ?? false);
  const common = new GitDir(location.commonDir);
  const own = location.gitDir === location.commonDir ? common : new GitDir(location.gitDir);
  const settings = readSettings(common, own);
  const { format, refFormat } = settings;
  const store = readStore(common);
  const isBare = isBareRepository(location, settings);
  const workTree = isBare ? null : location.workTree;

  const homes = ['', ...linkedIds(common).map((id) => `worktrees/${id}`)];
  const stored = refFormat === 'reftable' ? await readReftables(common, homes, store, format) : null;
  const table = stored?.table ?? readRefTable(common, format);
  const headOf: HeadOf = (home) =>
    stored === null
      ? readHead(common, home === '' ? 'HEAD' : `${home}/HEAD`, table, format)
      : (stored.heads.get(home) ?? { symbolic: null, oid: null });
  const reflogs = stored?.reflogs ?? readReflogs(common, format);
  const pushes = pushesOf(reflogs);
  const refs = resolveRefs(table, common);
  const main = { path: mainWorkTree(location, isBare), isBare: isMainBare(location, settings) };
  const ownHome = homes.find((home) => join(location.commonDir, home) === location.gitDir);
  return {
    path: workTree ?? location.gitDir,
    gitDir: location.gitDir,
    commonDir: location.commonDir,
    workTree,
    isBare,
    format,
    refFormat,
    objectDirectory: store.objectDirectory,
    alternates: store.alternates,
    refs,
    head: ownHome === undefined ? readHead(own, 'HEAD', table, format) : headOf(ownHome),
    worktrees: readWorktrees(common, main, headOf),
    pseudoRefs: [...(stored?.pseudoRefs ?? []), ...readPseudoRefs(common, format, refFormat)],
    reflogs,
    remotes: settings.remotes,
    shallowCommits: readShallow(common),
    isPartial: settings.isPromisor,
    hasPromisorPacks: store.hasPromisorPacks,
    submodules: readSubmodules(common),
    isForeignOwned: [location.gitDir, location.commonDir, ...(workTree === null ? [] : [workTree])].some(isForeign),
    pushes,
    lastPush: pushes[0]?.date ?? null,
    followed: [...location.followed, ...common.followed, ...(own === common ? [] : own.followed)],
    outside: readSurroundings(common, settings.includes),
    problems: unique([...common.problems, ...(own === common ? [] : own.problems)]),
  };
};

const isLinked = ({ gitDir, commonDir }: Location): boolean => gitDir !== commonDir;

const isBareRepository = (location: Location, settings: Settings): boolean => {
  if (location.workTree === null) return true;
  // A linked work tree of a bare repository is a work tree all the same.
  return !isLinked(location) && settings.isBare === true;
};

const isMainBare = (location: Location, settings: Settings): boolean =>
  settings.isBare ?? (basename(location.commonDir) !== '.git' && (isLinked(location) || location.workTree === null));

const mainWorkTree = (location: Location, isBare: boolean): string | null => {
  if (!isLinked(location)) return isBare ? null : location.workTree;
  return basename(location.commonDir) === '.git' ? dirname(location.commonDir) : null;
};

const readShallow = (common: GitDir): Repository['shallowCommits'] => {
  const bytes = common.read('shallow', { maxBytes: 64 * 1024 ** 2 });
  if (bytes === null) return [];
  const lines = bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const oids = lines.flatMap((line) => parseOid(line.trim()) ?? []);
  if (oids.length < lines.length)
    common.problem('shallow', `has ${lines.length - oids.length} lines that name no commit`);
  return oids;
};

/** As git's own check: the user, or, under sudo, who called it. */
const isForeign = (path: string): boolean => {
  const me = process.geteuid?.();
  if (me === undefined) return false;
  try {
    const { uid } = lstatSync(path);
    return uid !== me && !(me === 0 && String(uid) === process.env.SUDO_UID);
  } catch {
    return false;
  }
};

/** The same file may be looked at twice (HEAD of the main work tree); its problem is one. */
const unique = (problems: Repository['problems']): Repository['problems'] => [
  ...new Map(problems.map((problem) => [`${problem.where}\0${problem.reason}`, problem])).values(),
];
