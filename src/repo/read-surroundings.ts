import { type Dirent, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { GitDir } from './git-dir.ts';
import { configValue, parseConfig } from './parse-config.ts';
import { isDirectory, look, readPlain } from './read-plain.ts';
import type { Repository, Submodule } from './repository.ts';

/** The git directory holds more than objects and refs. What is there is counted, not read: coverage says so. */
export const readSurroundings = (common: GitDir, includes: number): Repository['outside'] => {
  const files = (folder: string): number => countFiles(join(common.path, folder));
  const one = (name: string): number => (look(join(common.path, name))?.isFile() === true ? 1 : 0);
  const hooks = common.names(join(common.path, 'hooks')).filter((name) => !name.endsWith('.sample')).length;
  const counted: readonly (readonly [what: string, detail: string, count: number])[] = [
    ['config', 'the repository’s settings', one('config')],
    ['config includes', 'files that the settings name', includes],
    ['hooks', 'programs in hooks/', hooks],
    ['lfs objects', 'files kept by Git LFS', files('lfs/objects')],
    ['rr-cache', 'recorded conflict resolutions', files('rr-cache')],
    ['info', 'exclude, attributes, grafts, sparse-checkout', files('info')],
    ['message drafts', 'COMMIT_EDITMSG and kin', drafts.map(one).reduce((a, b) => a + b, 0)],
    ['patches under way', 'rebase-apply and rebase-merge', files('rebase-apply') + files('rebase-merge')],
    ['old remotes', 'remotes/ and branches/', files('remotes') + files('branches')],
  ];
  return counted
    .filter(([, , count]) => count > 0)
    .map(([what, detail, count]) => ({ what, detail: `${detail}: ${count}` }));
};

const drafts = ['COMMIT_EDITMSG', 'MERGE_MSG', 'SQUASH_MSG', 'TAG_EDITMSG', 'NOTES_EDITMSG', 'PULLREQ_EDITMSG'];

/** Submodules whose git directories lie in `modules/`. Their names may hold slashes; each is a repository of its own. */
export const readSubmodules = (common: GitDir): readonly Submodule[] => {
  const modules = common.folder('modules');
  const found: Submodule[] = [];
  const visit = (folder: string, name: string, depth: number): void => {
    if (isDirectory(join(folder, 'objects')) && look(join(folder, 'HEAD')) !== null) {
      found.push({ name, path: workTreeOf(folder), gitDir: folder });
      return;
    }
    if (depth > 32) return;
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory())
        visit(join(folder, entry.name), name === '' ? entry.name : `${name}/${entry.name}`, depth + 1);
    }
  };
  if (modules !== null) visit(modules, '', 0);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
};

const workTreeOf = (gitDir: string): string | null => {
  const read = readPlain(join(gitDir, 'config'), { maxBytes: 1024 ** 2 });
  if (read.kind !== 'bytes') return null;
  const path = configValue(parseConfig(read.bytes).entries, 'core', 'worktree');
  return typeof path === 'string' ? resolve(gitDir, path) : null;
};

/** At most a hundred thousand: it is only told how many. */
const countFiles = (folder: string): number => {
  let count = 0;
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined && count < 100_000; next = pending.pop()) {
    for (const entry of entriesOf(next)) {
      if (entry.isDirectory()) pending.push(join(next, entry.name));
      else count += 1;
    }
  }
  return count;
};

/** Links are entries of their own here, so nothing leads out. */
const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
};
