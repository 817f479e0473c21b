import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readRegularFile } from './read-regular-file.ts';

/**
 * The file system that isomorphic-git gets to see: one object store, as if it stood in an empty git directory at `storeGitDir`.
 * There is no config, ref, hook or index in it; only regular files are opened, nothing is waited for, and every write is refused.
 * Folders are listed once: what comes later is not seen, as in a snapshot.
 */
export const storeFiles = (objectDirectory: string): { readonly promises: StoreFileSystem } => ({
  promises: new StoreFileSystem(objectDirectory),
});

export const storeGitDir = '/store';

const prefix = `${storeGitDir}/objects/`;

class StoreFileSystem {
  readonly #directory: string;
  readonly #listed = new Map<string, Promise<string[]>>();
  readonly writeFile = refuse;
  readonly mkdir = refuse;
  readonly rmdir = refuse;
  readonly unlink = refuse;
  readonly symlink = refuse;
  readonly readlink = refuse;

  constructor(objectDirectory: string) {
    this.#directory = objectDirectory;
  }

  readFile = async (path: unknown): Promise<Uint8Array> => {
    const bytes = await readRegularFile(this.#real(path), largestFileBytes);
    if (bytes instanceof Uint8Array) return bytes;
    throw failure('ENOENT');
  };

  readdir = async (path: unknown): Promise<string[]> => {
    const real = this.#real(path);
    const listing = this.#listed.get(real) ?? readdir(real).then((names) => names.sort());
    this.#listed.set(real, listing);
    return await listing;
  };

  /** Only asked for the git directory itself. */
  stat = async (path: unknown): Promise<{ isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean }> => {
    if (path !== storeGitDir) throw failure('ENOENT');
    return { isDirectory: () => true, isFile: () => false, isSymbolicLink: () => false };
  };

  lstat = this.stat;

  /** Where a path of the pretended git directory really is. Nothing leads out of the object store. */
  #real(path: unknown): string {
    if (typeof path !== 'string') throw failure('EINVAL');
    if (path !== prefix.slice(0, -1) && !path.startsWith(prefix)) throw failure('ENOENT');
    const parts = path.slice(prefix.length).split('/');
    if (parts.includes('..') || path.includes('\0')) throw failure('EACCES');
    return join(this.#directory, parts.join(sep));
  }
}

/** What Node reads in one piece; isomorphic-git holds every pack whole. */
const largestFileBytes = 2 ** 31 - 1;

const failure = (code: string): Error => Object.assign(new Error(code), { code });

async function refuse(): Promise<never> {
  throw failure('EROFS');
}
