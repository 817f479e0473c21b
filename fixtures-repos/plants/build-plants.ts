import { type BuiltRepo, buildRepo } from '../build-repo.ts';
import { decoyFiles } from './decoys.ts';
import type { Garden, GardenPlace } from './garden.ts';
import { plantEncodings, plantStates } from './grids.ts';
import { plantHistory } from './history.ts';
import type { PlantRepo, Plants } from './plant.ts';
import { Planter } from './planter.ts';
import { storageGardens } from './storage.ts';
import { plantTexts } from './texts.ts';
import { plantElsewhere } from './unreachable.ts';
import { scopeGardens } from './work-tree.ts';

const gardens: readonly Garden[] = [
  {
    name: 'history',
    recipe: (r, p) => {
      plantHistory(r, p);
      r.git('repack', '-a', '-d', '--quiet');
    },
  },
  { name: 'elsewhere', recipe: plantElsewhere },
  { name: 'texts', recipe: plantTexts },
  { name: 'encodings', recipe: plantEncodings },
  { name: 'states', recipe: plantStates },
  {
    name: 'decoys',
    recipe: (r) => {
      for (const [why, files] of Object.entries(decoyFiles())) r.commit(why, files);
    },
  },
  ...storageGardens,
  ...scopeGardens,
];

/**
 * Builds every repository of the harness in temporary folders, about 5 s of git, and says what a scan of each must find, where
 * and in which state, and what it must not find: whatever is not in the manifest. Equal on every machine, oids included.
 */
export const buildPlants = async (only: readonly string[] = []): Promise<Plants> => {
  const repos: PlantRepo[] = [];
  for (const garden of gardens) {
    if (only.length === 0 || only.includes(garden.name)) repos.push(await buildGarden(garden));
  }
  return { repos, manifest: repos.flatMap(({ plants }) => plants) };
};

const buildGarden = async ({ name, recipe, options, place = itself }: Garden): Promise<PlantRepo> => {
  const planter = new Planter(name);
  const repo = await buildRepo((r) => recipe(r, planter), options);
  return { name, args: [], incomplete: [], ...place(repo), plants: planter.plants };
};

const itself = ({ path, gitDir }: BuiltRepo): GardenPlace => ({ path, gitDir });
