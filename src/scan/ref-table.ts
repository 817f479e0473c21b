import type { Tip } from '../exposure/index.ts';
import type { Oid } from '../git/index.ts';
import { findObject, type Inventory, typeCodes } from '../objects/index.ts';
import type { Repository } from '../repo/index.ts';

/** Refs as the report counts them: all of refs/*, and the HEAD of every worktree that is on no branch. */
export interface RefTable {
  readonly names: readonly string[];
  readonly tips: readonly Tip[];
  /** Object number → refs that lead to it, through tags or straight, where it is no commit. */
  readonly direct: ReadonlyMap<number, readonly number[]>;
  /** Refs that lead to nothing here. */
  readonly broken: readonly { readonly name: string; readonly oid: Oid }[];
}

/** @param commitOf object number → commit index, -1 for other objects. */
export const refTable = (
  repository: Repository,
  inventory: Inventory,
  tagTargets: ReadonlyMap<number, number>,
  commitOf: (object: number) => number,
): RefTable => {
  const heads = repository.worktrees.flatMap(({ id, head }) =>
    head.symbolic === null && head.oid !== null
      ? [{ name: id === null ? 'HEAD' : `worktrees/${id}/HEAD`, oid: head.oid }]
      : [],
  );
  const all: readonly { readonly name: string; readonly oid: Oid }[] = [...heads, ...repository.refs];
  const tips: Tip[] = [];
  const direct = new Map<number, number[]>();
  const broken: { name: string; oid: Oid }[] = [];
  all.forEach(({ name, oid }, ref) => {
    const trail = peel(findObject(inventory, Buffer.from(oid, 'hex'), 0), tagTargets);
    const end = trail.at(-1) ?? -1;
    if (end < 0) broken.push({ name, oid });
    const commit = end < 0 ? -1 : commitOf(end);
    if (commit >= 0) tips.push({ commit, ref });
    for (const object of trail) {
      if (object < 0 || inventory.types[object] === typeCodes.commit) continue;
      const list = direct.get(object);
      if (list === undefined) direct.set(object, [ref]);
      else list.push(ref);
    }
  });
  return { names: all.map(({ name }) => name), tips, direct, broken };
};

/** The object and all that its tags lead to; a ring of tags, which only a forged store has, ends. */
const peel = (object: number, tagTargets: ReadonlyMap<number, number>): readonly number[] => {
  const trail = [object];
  for (let next = tagTargets.get(object); next !== undefined && !trail.includes(next); next = tagTargets.get(next))
    trail.push(next);
  return trail;
};
