import { type ObjectFormat, type Oid, oidBytes, oidFromBytes, type ReadGit } from '../git/index.ts';
import { buildPackForest } from './build-pack-forest.ts';
import { findDeltaCycles } from './find-delta-cycles.ts';
import { type Inventory, type StoreProblem, typeCodes } from './inventory.ts';
import { listStore, type StoreListing } from './list-store.ts';
import { type CountedObjects, keepObjects, type NumberedObjects, numberObjects } from './number-objects.ts';
import { OidTable } from './oid-table.ts';
import { reachableObjects } from './reachable-objects.ts';
import { readTypes } from './read-types.ts';
import { endlessReason } from './resolve-bases.ts';
import { salvagePacks } from './salvage-packs.ts';
import { typesInForest } from './types-in-forest.ts';

export interface InventoryRequest {
  /** Object directories, our own and those that it borrows from; `readGit` was opened for the same. */
  readonly stores: readonly ObjectStore[];
  readonly readGit: ReadGit;
  readonly format: ObjectFormat;
  /** Objects that only an alternate holds count where these reach them. All count where it is left out. */
  readonly reachableFrom?: readonly Oid[];
  /** Who tells types: the packs themselves, or git. Git, where it is left out. */
  readonly engine?: 'pack' | 'cat-file';
}

export interface ObjectStore {
  readonly directory: string;
  readonly isAlternate: boolean;
}

/**
 * Lists every object of some stores, reachable or not. We list the files ourselves (one damaged object ends git's own
 * listing). Git tells types and sizes; with the engine `pack`, only of what the packs' forest does not tell. Nothing that could not be read is left out silently: it stands in `problems`.
 */
export const readInventory = async (request: InventoryRequest): Promise<Inventory> => {
  const { stores, readGit, format, reachableFrom } = request;
  const oidLength = oidBytes(format);
  const listed: Listed[] = [];
  const salvaged: StoreProblem[] = [];
  for (const store of stores) {
    const listing = await listStore(store.directory, format);
    const packs = await salvagePacks(readGit, store.directory, listing.unindexed, format);
    const isSalvaged = ({ where }: StoreProblem): boolean => packs.has(where.replace(/^pack\/(.*)\.[^.]*$/, '$1'));
    salvaged.push(...problemsOf({ store, problems: listing.problems.filter(isSalvaged) }));
    listed.push({ store, listing, problems: listing.problems.filter((problem) => !isSalvaged(problem)) });
    for (const found of packs.values()) listed.push({ store, listing: found, problems: found.problems });
  }
  const all = numberObjects(
    listed.map(({ store, listing }) => ({ listing, isAlternate: store.isAlternate })),
    oidLength,
  );
  const { objects, renumbered, problem } = await withoutForeign(all, readGit, reachableFrom, oidLength);
  const { count, oids, order } = objects;
  const forest =
    request.engine === 'pack'
      ? buildPackForest({ objects: all, oidLength, ...(renumbered === null ? {} : { renumbered }) })
      : null;
  const { types, sizes, endless } = typesInForest(forest, count);
  const problems = await readTypes({
    ...{ readGit, format, oids, types, sizes },
    order: order.filter((number) => types[number] === typeCodes.unknown && !endless.has(number)),
    findEndless: () =>
      findDeltaCycles(
        listed.flatMap(({ listing }) => listing.packs),
        OidTable.from(oids, count, oidLength),
        count,
      ),
  });
  const endlessProblems = Array.from(endless, (number): StoreProblem => {
    const oid = oidFromBytes(oids, number * oidLength, oidLength);
    return { oid, where: oid, reason: endlessReason };
  });
  return {
    ...{ format, count, oids, types, sizes, order, salvaged, forest },
    directories: stores.map(({ directory }) => directory),
    problems: [...listed.flatMap(problemsOf), ...(problem ? [problem] : []), ...problems, ...endlessProblems],
    leftovers: listed.flatMap(({ store, listing }) => listing.leftovers.map((where) => shownIn(store, where))),
    passedOver: all.count - count,
  };
};

/** Without the objects of alternates that are not ours: nothing of our own reaches them. */
const withoutForeign = async (
  all: NumberedObjects,
  readGit: ReadGit,
  reachableFrom: readonly Oid[] | undefined,
  oidLength: number,
): Promise<{ objects: CountedObjects; renumbered: Uint32Array | null; problem: StoreProblem | null }> => {
  if (reachableFrom === undefined || !all.isOwn.includes(0)) return { objects: all, renumbered: null, problem: null };
  const { isReachable, problem } = await reachableObjects(readGit, reachableFrom, all, oidLength);
  const isKept = all.isOwn.map((own, number) => (own === 1 || isReachable[number] === 1 ? 1 : 0));
  const objects = keepObjects(all, isKept, oidLength);
  return { objects, renumbered: objects.renumbered, problem };
};

interface Listed {
  readonly store: ObjectStore;
  readonly listing: StoreListing;
  /** Those of the listing that remain. */
  readonly problems: readonly StoreProblem[];
}

const problemsOf = ({ store, problems }: Pick<Listed, 'store' | 'problems'>): StoreProblem[] =>
  problems.map((problem) => ({ ...problem, where: shownIn(store, problem.where) }));

/** Files of our own store by their name in it, those of an alternate by their whole path. */
const shownIn = (store: ObjectStore, where: string): string =>
  store.isAlternate ? `${store.directory}/${where}` : where;
