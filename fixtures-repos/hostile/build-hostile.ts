import { buildRepo } from '../build-repo.ts';
import { type HostileBuild, type HostileRepo, Kit } from './kit.ts';
import { layoutBuilds } from './layout.ts';
import { looseBuilds } from './loose.ts';
import { malformedBuilds } from './malformed.ts';
import { packBuilds } from './packs.ts';
import { refBuilds } from './refs.ts';

const builds: ReadonlyMap<string, HostileBuild> = new Map(
  Object.entries({ ...looseBuilds, ...packBuilds, ...refBuilds, ...layoutBuilds, ...malformedBuilds }),
);

export const hostileNames: readonly string[] = Array.from(builds.keys());

/** Builds one of the repositories of `hostileNames` in a temporary folder. Do not run git on it without a limit of time and memory. */
export const buildHostile = async (name: string): Promise<HostileRepo> => {
  const build = builds.get(name);
  if (!build) throw new Error(`no hostile repository is called ${name}`);
  const repos: HostileRepo[] = [];
  await buildRepo((r) => {
    const kit = new Kit(name, r);
    build(kit);
    repos.push(kit.finish());
  });
  const [repo] = repos;
  if (!repo) throw new Error('a recipe is run exactly once');
  return repo;
};
