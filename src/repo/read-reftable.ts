import { join } from 'node:path';
import { type ObjectFormat, type RefName, readReftableFolder } from '../git/index.ts';
import type { GitDir } from './git-dir.ts';
import type { RefTable, RefValue } from './read-refs.ts';
import type { Head } from './repository.ts';

/** Refs and HEADs of a repository that keeps them as reftables. */
export interface ReftableRefs {
  readonly table: RefTable;
  /** By the git directory's name below the common one: '' or `worktrees/<id>`. */
  readonly heads: ReadonlyMap<string, Head>;
}

/**
 * Reads the shared tables and each linked work tree's own. What cannot be read is a problem; the objects are scanned all
 * the same, only nobody can say which ref reaches them.
 * @param homes '' and `worktrees/<id>` for each linked work tree.
 */
export const readReftables = async (
  common: GitDir,
  homes: readonly string[],
  format: ObjectFormat,
): Promise<ReftableRefs> => {
  const table = new Map<RefName, RefValue>();
  const heads = new Map<string, Head>();
  for (const home of homes) {
    const where = home === '' ? 'reftable' : `${home}/reftable`;
    const content = await readReftableFolder(join(common.path, where), format);
    if (typeof content === 'string') {
      common.problem(where, content);
      continue;
    }
    for (const path of content.leftOut) common.problem(common.short(path), 'is not a plain file');
    for (const { name, oid, symbolic } of content.refs) {
      if (home !== '' || !name.startsWith('refs/')) continue;
      if (symbolic !== null) table.set(name, { symbolic });
      else if (oid !== null) table.set(name, { oid });
    }
    const detached = content.refs.find(({ name }) => name === 'HEAD')?.oid ?? null;
    const branch = content.head === null ? undefined : table.get(content.head);
    const oid = branch !== undefined && 'oid' in branch ? branch.oid : detached;
    heads.set(home, { symbolic: content.head, oid });
  }
  common.problem('reftable', 'holds reflogs, which are not read');
  return { table, heads };
};
