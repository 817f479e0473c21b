import { cpSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BuildOptions,
  type BuiltRepo,
  buildRepo,
  type Recipe,
  temporaryFolder,
} from '../../fixtures-repos/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';

/** The part of a built repository that tests of layouts look at. */
export type RepoCopy = Pick<BuiltRepo, 'path' | 'gitDir' | 'git'>;

/** Builds a recipe once and gives a copy each time: a copy costs a tenth of a build. */
export const copies = (recipe: Recipe, options: BuildOptions = {}): (() => Promise<RepoCopy>) => {
  let original: Promise<BuiltRepo> | null = null;
  return async () => {
    original ??= buildRepo(recipe, options);
    const { path: from } = await original;
    const path = join(temporaryFolder().path, 'repo');
    cpSync(from, path, { recursive: true, verbatimSymlinks: true });
    const gitDir = options.bare === true ? path : join(path, '.git');
    const git = (...args: readonly string[]): string => runGit(args, { cwd: path }).toString('utf8').replace(/\n$/, '');
    return { path, gitDir, git };
  };
};
