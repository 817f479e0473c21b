import { lstatSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { decodeText, type ObjectFormat, parseOid, refName } from '../git/index.ts';
import type { GitDir } from './git-dir.ts';
import { isRemotePath } from './locate.ts';
import { parseReflog } from './parse-reflog.ts';
import { readLooseRefs } from './read-refs.ts';
import type { Head, PseudoRef, Push, ReflogEntry, Worktree } from './repository.ts';

/** The HEAD of a git directory, named below the common one: '' or `worktrees/<id>`. */
export type HeadOf = (home: string) => Head;

/** The work trees, main one first. `mainPath` is null where the repository is bare. */
export const readWorktrees = (
  common: GitDir,
  main: { readonly path: string | null; readonly isBare: boolean },
  headOf: HeadOf,
): readonly Worktree[] => {
  const linked = linkedIds(common).map((id): Worktree => {
    const gitDir = join(common.path, 'worktrees', id);
    const head = headOf(`worktrees/${id}`);
    return { id, path: workTreeOf(common, id), gitDir, head, indexPath: join(gitDir, 'index') };
  });
  if (main.isBare) return linked;
  const head = headOf('');
  const first = { id: null, path: main.path, gitDir: common.path, head, indexPath: join(common.path, 'index') };
  return [first, ...linked];
};

/** What a linked work tree's `gitdir` file names, without its `/.git`; null where it leads nowhere. */
const workTreeOf = (common: GitDir, id: string): string | null => {
  const bytes = common.read(`worktrees/${id}/gitdir`, { maxBytes: 64 * 1024 });
  const text = bytes === null ? '' : decodeText(bytes).replace(/[\r\n]+$/, '');
  if (text === '' || text.includes('\0') || isRemotePath(text)) return null;
  const dotGit = isAbsolute(text) ? text : resolve(common.path, 'worktrees', id, text);
  return basename(dotGit) === '.git' ? dirname(dotGit) : null;
};

/** Ids of the linked work trees, sorted. */
export const linkedIds = (common: GitDir): string[] => {
  const folder = common.folder('worktrees');
  return folder === null ? [] : common.names(folder).filter((id) => isPlainFolder(join(folder, id)));
};

const isPlainFolder = (path: string): boolean => {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
};

const stateFiles = [
  ...['orig-head', 'onto', 'autostash', 'stopped-sha', 'amend'].map((name) => `rebase-merge/${name}`),
  ...['orig-head', 'onto', 'autostash', 'abort-safety'].map((name) => `rebase-apply/${name}`),
  ...['head', 'abort-safety'].map((name) => `sequencer/${name}`),
];
const pseudoRefMaxBytes = 16 * 1024 ** 2;

/** Files that hold oids and that no ref listing shows: they keep objects alive, and say what somebody was doing. */
export const readPseudoRefs = (
  common: GitDir,
  format: ObjectFormat,
  refFormat: 'files' | 'reftable',
): readonly PseudoRef[] => {
  const homes = ['', ...linkedIds(common).map((id) => `worktrees/${id}/`)];
  return homes.flatMap((home) => {
    const names = common
      .names(join(common.path, home))
      .filter((name) => /^[A-Z][A-Z_]*$/.test(name) && name !== 'HEAD' && !isTextFile.test(name));
    const files = [...names, ...stateFiles].map((name) => home + name);
    const own =
      home === '' || refFormat === 'reftable'
        ? []
        : readLooseRefs(common, join(common.path, home, 'refs'), `${home}refs`, format);
    return [
      ...files.flatMap((name) => readOids(common, name, format).map((oid) => ({ name, oid }))),
      ...[...own].flatMap(([name, value]) => ('oid' in value ? [{ name, oid: value.oid }] : [])),
    ];
  });
};

const isTextFile = /_(?:EDITMSG|MSG|MODE|LOG|START|TERMS|NAMES|RR|FILES|RUN)$|^(?:MERGE_RR|SQUASH_MSG)$/;

/** Every line's leading oid. MERGE_HEAD has one for each parent, FETCH_HEAD one for each ref. */
const readOids = (common: GitDir, name: string, format: ObjectFormat): PseudoRef['oid'][] => {
  const bytes = common.read(name, { maxBytes: pseudoRefMaxBytes });
  if (bytes === null) return [];
  const digits = format === 'sha1' ? 40 : 64;
  return decodeText(bytes)
    .split('\n')
    .flatMap((line) => {
      const oid = parseOid(line.slice(0, digits));
      return oid === null ? [] : [oid];
    });
};

const reflogMaxBytes = 256 * 1024 ** 2;

/** All reflogs, also of refs that are gone: git gc keeps what they name. By ref, then newest first. */
export const readReflogs = (common: GitDir, format: ObjectFormat): readonly ReflogEntry[] => {
  const entries: ReflogEntry[] = [];
  const logs = common.folder('logs');
  if (logs !== null) walkLogs(common, logs, '', format, entries, 0);
  for (const id of linkedIds(common)) {
    walkLogs(common, join(common.path, 'worktrees', id, 'logs'), `worktrees/${id}/`, format, entries, 0);
  }
  return entries;
};

const walkLogs = (
  common: GitDir,
  folder: string,
  prefix: string,
  format: ObjectFormat,
  entries: ReflogEntry[],
  depth: number,
): void => {
  if (depth > 64) common.problem(common.short(folder), 'is nested too deep');
  for (const name of depth > 64 ? [] : common.names(folder)) {
    const path = join(folder, name);
    if (isPlainFolder(path)) {
      walkLogs(common, path, `${prefix}${name}/`, format, entries, depth + 1);
      continue;
    }
    const where = common.short(path);
    const bytes = common.read(where, { maxBytes: reflogMaxBytes });
    if (bytes === null) continue;
    const { lines, badCount } = parseReflog(bytes, format);
    if (badCount > 0) common.problem(where, `has ${badCount} lines that are none of a reflog`);
    for (const [index, line] of [...lines].reverse().entries()) entries.push({ ref: prefix + name, index, ...line });
  }
};

/** Pushes that this clone made: git notes them in the reflog of the remote-tracking ref. Newest first. */
export const pushesOf = (reflogs: readonly ReflogEntry[]): readonly Push[] =>
  reflogs
    .filter(({ ref, message }) => ref.startsWith('refs/remotes/') && message.startsWith('update by push'))
    .map(({ ref, oid, date }) => ({ ref: refName(ref), oid, date }))
    .sort((a, b) => b.date - a.date || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
