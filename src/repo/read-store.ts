import { realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { GitDir } from './git-dir.ts';
import { isRemotePath } from './locate.ts';
import { parseAlternates } from './parse-alternates.ts';
import { isDirectory, look, readPlain } from './read-plain.ts';
import type { Alternate } from './repository.ts';

/** The object stores of a repository, looked at from outside: which there are, and what lies in them that git passes over. */
export interface Store {
  readonly objectDirectory: string;
  readonly alternates: readonly Alternate[];
  readonly hasPromisorPack: boolean;
  /** What an interrupted fetch, push or repack left behind: paths relative to the git directory. */
  readonly leftovers: readonly string[];
}

// As git: a store of a store of a store … five deep.
const maxAlternateDepth = 5;
const alternatesMaxBytes = 1024 ** 2;

export const readStore = (common: GitDir): Store => {
  // A linked object directory is git's own business too: git-new-workdir and `repo` do it, and only objects are read.
  const objectDirectory = realpathSync(join(common.path, 'objects'));
  const packs = common.names(join(objectDirectory, 'pack'));
  const withIdx = new Set(packs.filter((name) => name.endsWith('.idx')).map((name) => name.slice(0, -4)));
  const withPack = new Set(packs.filter((name) => name.endsWith('.pack')).map((name) => name.slice(0, -5)));
  for (const name of withPack) {
    if (!withIdx.has(name)) common.problem(`objects/pack/${name}.pack`, 'has no index, so its objects are not read');
  }
  for (const name of withIdx) {
    if (!withPack.has(name)) common.problem(`objects/pack/${name}.idx`, 'has no pack, so its objects are missing');
  }
  return {
    objectDirectory,
    alternates: readAlternates(common, objectDirectory),
    hasPromisorPack: packs.some((name) => name.endsWith('.promisor')),
    leftovers: findLeftovers(common, objectDirectory, packs),
  };
};

const readAlternates = (common: GitDir, own: string): readonly Alternate[] => {
  const found: Alternate[] = [];
  const seen = new Set([identity(own)]);
  const visit = (store: string, depth: number): void => {
    const file = join(store, 'info', 'alternates');
    const where = common.short(file);
    const bytes = common.take(where, readPlain(file, { maxBytes: alternatesMaxBytes }));
    for (const line of bytes === null ? [] : parseAlternates(bytes)) {
      if (isRemotePath(line) || line.includes('\0')) {
        common.problem(where, 'names a store on another machine, which was not opened');
        continue;
      }
      const directory = isAbsolute(line) ? line : resolve(store, line);
      if (!isDirectory(directory)) {
        common.problem(where, `names a store that is not there: ${line.slice(0, 1000)}`);
        continue;
      }
      const real = realpathSync(directory);
      if (seen.has(identity(real))) continue;
      if (depth >= maxAlternateDepth) {
        common.problem(where, `names a store more than ${maxAlternateDepth} deep, which git does not use either`);
        continue;
      }
      seen.add(identity(real));
      found.push({ directory: real, namedBy: store });
      visit(real, depth + 1);
    }
  };
  visit(own, 0);
  return found;
};

/** Device and inode: two spellings of one store, or a cycle, are one. */
const identity = (directory: string): string => {
  const stats = look(directory);
  return stats === null || stats.ino === 0 ? directory : `${stats.dev}:${stats.ino}`;
};

const findLeftovers = (common: GitDir, objectDirectory: string, packs: readonly string[]): readonly string[] => {
  const isLeftover = (name: string): boolean => /^\.?tmp[-_]/.test(name);
  const folders = common.names(objectDirectory);
  const inFolder = (folder: string, names: readonly string[]): string[] =>
    names.filter(isLeftover).map((name) => `${folder}/${name}`);
  const fanOut = folders
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => inFolder(`objects/${name}`, common.names(join(objectDirectory, name))));
  return [...inFolder('objects', folders), ...fanOut, ...inFolder('objects/pack', packs)];
};
