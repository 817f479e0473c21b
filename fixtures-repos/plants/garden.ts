import type { IncompleteReason } from '../../src/exposure/index.ts';
import type { BuildOptions, BuiltRepo, RepoBuilder } from '../build-repo.ts';
import type { Planter } from './planter.ts';

/** A recipe that plants, and what of the result is scanned, and how. */
export interface Garden {
  readonly name: string;
  readonly recipe: (r: RepoBuilder, p: Planter) => void;
  readonly options?: BuildOptions;
  /** Says what is scanned where that is not the repository itself; may clone it. */
  readonly place?: (repo: BuiltRepo) => GardenPlace;
}

export interface GardenPlace {
  readonly path: string;
  readonly gitDir: string;
  /** Arguments of the scan beyond the path. */
  readonly args?: readonly string[];
  readonly incomplete?: readonly IncompleteReason[];
}
