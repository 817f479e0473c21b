import { mkdir, mkdtemp, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectFormat, ReadGit } from '../git/index.ts';
import { listStore, type StoreListing } from './list-store.ts';

/**
 * Makes a new index for every pack of a store that has none that git can use, in the private git directory of `readGit`, and
 * lets git read the packs through it. git computes every oid anew, so nothing of the old index is believed.
 * @returns a listing for every pack that could be salvaged, by its name; a pack that is damaged itself is not among them.
 */
export const salvagePacks = async (
  readGit: ReadGit,
  directory: string,
  names: readonly string[],
  format: ObjectFormat,
): Promise<ReadonlyMap<string, StoreListing>> => {
  const salvaged = new Map<string, StoreListing>();
  for (const name of names) {
    const store = await mkdtemp(join(readGit.handle.gitDir, 'salvaged-'));
    await mkdir(join(store, 'pack'));
    const pack = join(store, 'pack', 'pack-salvaged.pack');
    await symlink(join(await realpath(directory), 'pack', `${name}.pack`), pack);
    const { code } = await readGit.run(['index-pack', '-o', join(store, 'pack', 'pack-salvaged.idx'), pack]);
    if (code !== 0) continue;
    await readGit.addStore(store);
    salvaged.set(name, await listStore(store, format));
  }
  return salvaged;
};
