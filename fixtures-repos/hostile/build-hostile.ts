import { buildRepo } from '../build-repo.ts';
import { type HostileBuild, type HostilePart, Kit } from './kit.ts';
import { layoutBuilds } from './layout.ts';
import { looseBuilds } from './loose.ts';
import { malformedBuilds } from './malformed.ts';
import { packBuilds } from './packs.ts';
import { refBuilds } from './refs.ts';

/** One repository, damaged in one way or in several. */
export interface HostileRepo {
  readonly name: string;
  /** What the scan is given. */
  readonly path: string;
  readonly parts: readonly HostilePart[];
}

const builds: ReadonlyMap<string, HostileBuild> = new Map(
  Object.entries({ ...looseBuilds, ...packBuilds, ...refBuilds, ...layoutBuilds, ...malformedBuilds }),
);

export const hostileNames: readonly string[] = Array.from(builds.keys());

/**
 * Builds a repository in a temporary folder: the builds of these names (`hostileNames`) one after the other, as far as they
 * leave each other room. Do not run git on it without a limit of time and memory.
 */
export const buildHostile = async (...names: readonly string[]): Promise<HostileRepo> => {
  const parts: HostilePart[] = [];
  await buildRepo((r) => {
    for (const name of names) {
      const build = builds.get(name);
      if (!build) throw new Error(`no hostile repository is called ${name}`);
      const kit = new Kit(name, r);
      build(kit);
      parts.push(kit.finish());
    }
  });
  return { name: names.join(' '), path: parts.at(-1)?.path ?? '', parts };
};

/** Every build once, those together that leave each other room: a repository costs a scan. */
export const hostileGroups = (): readonly (readonly string[])[] => {
  const groups = Map.groupBy(hostileNames, (name) => together.find(({ members }) => members.test(name))?.group ?? name);
  return Array.from(groups.values());
};

const together: readonly { readonly group: string; readonly members: RegExp }[] = [
  { group: 'loose', members: /^loose-/ },
  { group: 'deltas', members: /^delta-(?!ref-cycle|bomb)/ },
  { group: 'packs by hand', members: /^(?:pack-ref-delta-forward|pack-delta-chain-1000|commit-in-hand-pack)$/ },
  { group: 'refs', members: /^refs-(?!many)/ },
  // Apart from these: what makes a scan incomplete, and what takes its time.
  {
    group: 'broken commits',
    members: /^(?:tag-malformed|commit-(?:own-parent|parent-is|tree-is|tree-missing|empty).*)$/,
  },
  { group: 'commits', members: /^commit-(?!graph)/ },
  { group: 'broken trees', members: /^tree-(?:empty|truncated|nonsense|entry)/ },
  { group: 'trees', members: /^tree-(?!deep|git-bomb)/ },
];
