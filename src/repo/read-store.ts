import { realpathSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { GitDir } from './git-dir.ts';
import { isRemotePath } from './locate.ts';
import { parseAlternates } from './parse-alternates.ts';
import { isDirectory, look, readPlain } from './read-plain.ts';
import type { Alternate } from './repository.ts';

/** Where the objects are. What lies in the stores is the business of `objects`. */
export interface Store {
  readonly objectDirectory: string;
  readonly alternates: readonly Alternate[];
  readonly hasPromisorPacks: boolean;
}

// As git: a store of a store of a store … five deep.
const maxAlternateDepth = 5;
const alternatesMaxBytes = 1024 ** 2;

export const readStore = (common: GitDir): Store => {
  // A linked object directory is git's own business too: git-new-workdir and `repo` do it, and only objects are read.
  const objectDirectory = realpathSync(join(common.path, 'objects'));
  return {
    objectDirectory,
    alternates: readAlternates(common, objectDirectory),
    hasPromisorPacks: common.names(join(objectDirectory, 'pack')).some((name) => name.endsWith('.promisor')),
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
