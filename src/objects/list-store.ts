import { createHash } from 'node:crypto';
import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ObjectFormat, oidBytes, parseOid } from '../git/index.ts';
import { compareBytes, isFailure } from '../text/index.ts';
import { type PackIndex, parsePackIndex } from './idx.ts';
import type { StoreProblem } from './inventory.ts';
import { readEnds, readRegularFile } from './read-regular-file.ts';

/** What the files of one object store say that it holds. */
export interface StoreListing {
  /** By name. */
  readonly packs: readonly ListedPack[];
  /** Raw oids of the loose objects, ascending. */
  readonly loose: Uint8Array;
  readonly problems: readonly StoreProblem[];
  /** What interrupted commands left behind, relative to the store: git reads none of it. */
  readonly leftovers: readonly string[];
  /** Names of packs, regular files, that git cannot see or use by the index that they have. */
  readonly unindexed: readonly string[];
}

export interface ListedPack {
  /** `pack-6f1a`, without the folder and the ending. */
  readonly name: string;
  /** Of the pack file. */
  readonly path: string;
  /** Of the index. */
  readonly bytes: Uint8Array;
  readonly index: PackIndex;
  /** Whether the pack is there and is the one that its index was made for. */
  readonly fits: boolean;
}

/**
 * Lists one object store from its own files, so that no damaged object hides the others. Only regular files are opened.
 * A pack that vanished while we looked (git repacked) makes us look again, once.
 */
export const listStore = async (directory: string, format: ObjectFormat): Promise<StoreListing> => {
  const first = await listOnce(directory, format);
  return first.hasVanished ? (await listOnce(directory, format)).listing : first.listing;
};

const listOnce = async (
  directory: string,
  format: ObjectFormat,
): Promise<{ listing: StoreListing; hasVanished: boolean }> => {
  const lister = new Lister(directory, format);
  for (const entry of await lister.entries('')) {
    if (/^[0-9a-f]{2}$/.test(entry.name)) await lister.listLoose(entry);
    else if (entry.name === 'pack') await lister.listPacks();
    else if (isLeftover(entry.name)) lister.leftovers.push(entry.name);
  }
  return { listing: lister, hasVanished: lister.hasVanished };
};

class Lister implements StoreListing {
  readonly packs: ListedPack[] = [];
  readonly problems: StoreProblem[] = [];
  readonly leftovers: string[] = [];
  readonly unindexed: string[] = [];
  hasVanished = false;
  readonly #directory: string;
  readonly #format: ObjectFormat;
  #looseHex = '';

  constructor(directory: string, format: ObjectFormat) {
    this.#directory = directory;
    this.#format = format;
  }

  get loose(): Uint8Array {
    return Buffer.from(this.#looseHex, 'hex');
  }

  /** The entries of a folder of the store, by name; a folder that cannot be listed is a problem. */
  async entries(folder: string): Promise<Dirent[]> {
    try {
      const entries = await readdir(join(this.#directory, folder), { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      this.#problem(folder === '' ? '.' : folder, `the folder could not be listed (${code})`);
      return [];
    }
  }

  async listLoose(folder: Dirent): Promise<void> {
    if (!folder.isDirectory() && (await this.#linkTarget(folder))?.isDirectory() !== true) {
      this.#problem(folder.name, 'it is not a folder');
      return;
    }
    const nameLength = oidBytes(this.#format) * 2 - 2;
    for (const entry of await this.entries(folder.name)) {
      const where = `${folder.name}/${entry.name}`;
      if (isLeftover(entry.name)) this.leftovers.push(where);
      if (entry.name.length !== nameLength || !/^[0-9a-f]+$/.test(entry.name)) continue;
      if (entry.isFile() || (await this.#linkTarget(entry, folder.name))?.isFile() === true) {
        this.#looseHex += folder.name + entry.name;
      } else this.problems.push({ oid: parseOid(folder.name + entry.name), where, reason: 'it is not a regular file' });
    }
  }

  async listPacks(): Promise<void> {
    const entries = await this.entries('pack');
    const names = new Set(entries.map((entry) => entry.name));
    for (const { name } of entries) {
      const stem = name.replace(/\.[^.]*$/, '');
      if (name.endsWith('.idx')) {
        if (names.has(`${stem}.pack`)) await this.#listPack(stem);
        else this.#problem(`pack/${name}`, 'its pack is not there');
      } else if (name.endsWith('.pack') && !isLeftover(name)) {
        if (!names.has(`${stem}.idx`))
          await this.#unusable(stem, name, 'it has no index: git does not see its objects');
      } else if (isLeftover(name)) {
        this.leftovers.push(`pack/${name}`);
      }
    }
  }

  async #listPack(name: string): Promise<void> {
    const where = `pack/${name}.idx`;
    const bytes = await readRegularFile(join(this.#directory, where), largestIndexBytes);
    if (!(bytes instanceof Uint8Array)) {
      this.hasVanished ||= bytes.isGone;
      await this.#unusable(name, `${name}.idx`, bytes.failure);
      return;
    }
    const index = parsePackIndex(bytes, this.#format);
    if (isFailure(index)) {
      await this.#unusable(name, `${name}.idx`, `${index.failure}: the objects of its pack are not known`);
      return;
    }
    if (!endsInItsChecksum(bytes, this.#format)) this.#problem(where, 'its checksum is wrong');
    const fits = await this.#checkPack(name, index);
    this.packs.push({ name, path: join(this.#directory, 'pack', `${name}.pack`), bytes, index, fits });
  }

  /** Names a pack that does not fit its index; its objects are listed all the same, and each says if it is unreadable. */
  async #checkPack(name: string, index: PackIndex): Promise<boolean> {
    const where = `pack/${name}.pack`;
    const ends = await readEnds(join(this.#directory, where), 12, index.oidLength);
    if ('failure' in ends) {
      this.hasVanished ||= ends.isGone;
      this.#problem(where, ends.failure);
      return false;
    }
    const reason = packMismatch(ends.head, ends.tail, index);
    if (reason !== null) await this.#unusable(name, `${name}.pack`, reason);
    return reason === null;
  }

  /** @param file what the reason is about: the pack or its index. */
  async #unusable(pack: string, file: string, reason: string): Promise<void> {
    this.#problem(`pack/${file}`, reason);
    const ends = await readEnds(join(this.#directory, 'pack', `${pack}.pack`), 0, 0);
    if (!('failure' in ends)) this.unindexed.push(pack);
  }

  /** What a link leads to; git follows links in its store. Null where it is no link, or leads nowhere. */
  async #linkTarget(entry: Dirent, folder = ''): Promise<Stats | null> {
    if (!entry.isSymbolicLink()) return null;
    return await stat(join(this.#directory, folder, entry.name)).catch(() => null);
  }

  #problem(where: string, reason: string): void {
    this.problems.push({ oid: null, where, reason });
  }
}

/** 38 million objects; the file is held in memory. */
const largestIndexBytes = 2 ** 30;

const isLeftover = (name: string): boolean =>
  /^(?:tmp_|\.tmp-|incoming-|bulk-fsync-)/.test(name) && !/\.idx$/.test(name);

const endsInItsChecksum = (bytes: Uint8Array, format: ObjectFormat): boolean => {
  const end = bytes.length - oidBytes(format);
  return compareBytes(createHash(format).update(bytes.subarray(0, end)).digest(), bytes.subarray(end)) === 0;
};

const packMismatch = (head: Uint8Array, tail: Uint8Array, index: PackIndex): string | null => {
  if (head.length < 12 || tail.length < index.oidLength) return 'it is cut short';
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0) !== 0x5041_434b) return 'it does not begin as a pack does';
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) return `pack version ${version} is unknown`;
  const count = view.getUint32(8);
  if (count !== index.count) return `it claims ${count} objects, its index ${index.count}`;
  if (compareBytes(tail, index.packChecksum) !== 0) return 'its end is not what its index says: cut short, or changed';
  return null;
};
