import { join } from 'node:path';
import { type ObjectFormat, oidBytes, oidFromBytes } from '../../src/git/index.ts';
import { buildPackForest } from '../../src/objects/build-pack-forest.ts';
import { type ListedPack, listStore } from '../../src/objects/list-store.ts';
import { numberObjects } from '../../src/objects/number-objects.ts';
import type { PackForest } from '../../src/objects/pack-forest.ts';

export interface BuiltForest {
  readonly forest: PackForest;
  readonly packs: readonly ListedPack[];
  /** Of a node that is counted. */
  oidOf(node: number): string;
  /** The first node of an object, or -1. */
  nodeOf(oid: string): number;
  /** `node` and what it is made of, down to what is whole. */
  chainOf(node: number): number[];
}

/** The forest of one store, or of several of which all but the first are alternates. */
export const forestOf = async (
  gitDirs: string | readonly string[],
  format: ObjectFormat = 'sha1',
  betweenListingAndReading: () => void = () => {},
): Promise<BuiltForest> => {
  const directories = typeof gitDirs === 'string' ? [gitDirs] : gitDirs;
  const stores = [];
  for (const [i, gitDir] of directories.entries()) {
    stores.push({ listing: await listStore(join(gitDir, 'objects'), format), isAlternate: i > 0 });
  }
  const oidLength = oidBytes(format);
  const objects = numberObjects(stores, oidLength);
  betweenListingAndReading();
  const forest = buildPackForest({ objects, oidLength });
  const oidOf = (node: number): string =>
    oidFromBytes(objects.oids, (forest.objects[node] ?? 0) * oidLength, oidLength);
  return {
    forest,
    packs: stores.flatMap(({ listing }) => listing.packs),
    oidOf,
    nodeOf: (oid) => Array.from({ length: forest.count }, (_, node) => oidOf(node)).indexOf(oid),
    chainOf: (node) => chainOf(forest, node),
  };
};

const chainOf = ({ bases }: PackForest, node: number): number[] => {
  const chain: number[] = [];
  for (let at = node; at !== -1; at = bases[at] ?? -1) chain.push(at);
  return chain;
};
