import { join } from 'node:path';
import {
  type ObjectFormat,
  oidBytes,
  parseOid,
  type RefName,
  type ReftableContent,
  readReftableFolder,
} from '../git/index.ts';
import type { GitDir } from './git-dir.ts';
import type { RefTable, RefValue } from './read-refs.ts';
import type { Store } from './read-store.ts';
import type { Head, PseudoRef, ReflogEntry } from './repository.ts';

/** All that a repository of files keeps in refs/, HEADs, pseudo refs and logs/, read from reftables. */
export interface ReftableRefs {
  readonly table: RefTable;
  /** By the git directory's name below the common one: '' or `worktrees/<id>`. */
  readonly heads: ReadonlyMap<string, Head>;
  readonly pseudoRefs: readonly PseudoRef[];
  readonly reflogs: readonly ReflogEntry[];
}

/**
 * Reads the shared tables and each linked work tree's own. What cannot be read is a problem; the objects are scanned all
 * the same, only nobody can say which ref reaches them.
 * @param homes '' first, then `worktrees/<id>` for each linked work tree.
 */
export const readReftables = async (
  common: GitDir,
  homes: readonly string[],
  store: Store,
  format: ObjectFormat,
): Promise<ReftableRefs> => {
  const table = new Map<RefName, RefValue>();
  const heads = new Map<string, Head>();
  const pseudoRefs: PseudoRef[] = [];
  const reflogs: ReflogEntry[] = [];
  const alternateDirectories = store.alternates.map(({ directory }) => directory);
  for (const home of homes) {
    const prefix = home === '' ? '' : `${home}/`;
    const folder = join(common.path, `${prefix}reftable`);
    const { objectDirectory } = store;
    const content = await readReftableFolder(folder, { objectDirectory, alternateDirectories, format });
    if (typeof content === 'string') {
      common.problem(`${prefix}reftable`, content);
      continue;
    }
    for (const path of content.leftOut) common.problem(common.short(path), 'is not a plain file');
    for (const { name, oid, symbolic } of content.refs) {
      const isShared = home === '' && name.startsWith('refs/');
      if (isShared && symbolic !== null) table.set(name, { symbolic });
      else if (oid === null || name === 'HEAD') continue;
      else if (isShared) table.set(name, { oid });
      else pseudoRefs.push({ name: prefix + name, oid });
    }
    heads.set(home, headOf(content, table));
    reflogs.push(...entriesOf(content, prefix, format));
  }
  return { table, heads, pseudoRefs, reflogs };
};

const headOf = (content: ReftableContent, table: RefTable): Head => {
  const detached = content.refs.find(({ name, symbolic }) => name === 'HEAD' && symbolic === null)?.oid ?? null;
  const branch = content.head === null ? undefined : table.get(content.head);
  return { symbolic: content.head, oid: branch !== undefined && 'oid' in branch ? branch.oid : detached };
};

/** By ref. Git does not tell what a ref was before; that is the entry after it. */
const entriesOf = (content: ReftableContent, prefix: string, format: ObjectFormat): readonly ReflogEntry[] => {
  const nothing = parseOid('0'.repeat(oidBytes(format) * 2));
  const byRef = Map.groupBy(content.log, ({ ref }) => ref);
  return [...byRef.keys()].sort().flatMap((ref) => {
    const entries = byRef.get(ref) ?? [];
    return entries.map((entry, index) => {
      const previous = entries[index + 1]?.oid ?? nothing ?? entry.oid;
      return { ...entry, ref: prefix + ref, index, previous };
    });
  });
};
