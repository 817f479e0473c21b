import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltRepo, RepoBuilder } from '../build-repo.ts';
import type { Garden } from './garden.ts';
import type { Planter, Seedling } from './planter.ts';

type Where = 'history' | 'staged' | 'unstaged' | 'untracked' | 'ignored' | 'linked';

/** One repository for every scope: `seen` says which of its secrets a scan of that scope shows. */
const plantScopes =
  (seen: (where: Where, seedling: Seedling, path: string) => void) =>
  (r: RepoBuilder, p: Planter): void => {
    const plant = (where: Where, format: 'github-token' | 'stripe-live-key' = 'github-token'): Seedling =>
      p.plant({ id: where, place: where, state: where === 'history' ? 'deleted' : 'hidden-from-git', format });
    const committed = plant('history');
    r.commit('add', { 'app.conf': committed.file, '.gitignore': '*.ignored\n' });
    r.commit('remove', { 'app.conf': 'TOKEN=\n' });
    const staged = plant('staged', 'stripe-live-key');
    r.stage({ 'staged.conf': staged.file });
    const files = { unstaged: 'app.conf', untracked: 'notes/local.conf', ignored: 'local.ignored' } as const;
    for (const [where, path] of Object.entries(files) as [keyof typeof files, string][]) {
      const seedling = plant(where);
      r.write({ [path]: seedling.file });
      seen(where, seedling, path);
    }
    const linked = plant('linked');
    writeFileSync(join(r.path, '..', 'outside.conf'), linked.file);
    r.write({ 'outside.conf': { symlink: '../outside.conf' } });
    seen('linked', linked, 'outside.conf');
    seen('history', committed, 'app.conf');
    seen('staged', staged, 'staged.conf');
  };

const scanOf =
  (...args: string[]) =>
  (repo: BuiltRepo) => ({ path: repo.path, gitDir: repo.gitDir, args });

export const scopeGardens: readonly Garden[] = [
  {
    name: 'work-tree',
    recipe: plantScopes((where, seedling, path) => {
      // A staged file stands in the work tree as well.
      if (where === 'unstaged' || where === 'untracked' || where === 'staged') {
        seedling.expect({ source: 'worktree', path, introduced: null, removed: null });
      } else seedling.expectNothing();
    }),
    place: scanOf('--worktree'),
  },
  {
    name: 'index',
    recipe: plantScopes((where, seedling) => {
      if (where === 'staged') seedling.expect({ source: 'index', path: 'staged.conf', introduced: null });
      else seedling.expectNothing();
    }),
    place: scanOf('--staged'),
  },
];
