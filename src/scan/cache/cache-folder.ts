import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dropOldEntries } from './drop-old-entries.ts';
import { openedByOthers, readOwnFile, writeOwnFile } from './own-files.ts';

/** Why a folder is not used, as the end of a sentence about it. */
export interface CacheRefusal {
  readonly refused: string;
}

/** What kinds of entries there are; the ending of their files. */
export type EntryKind = 'report' | 'history';

/**
 * The user's cache: one flat folder of whole files, each under a name that only the folder's own key can make and with a keyed
 * checksum over all of it. Any number of runs may share it: files appear whole (written beside, then renamed), and what does not
 * verify (torn, altered, moved to another name, of another key) is not there.
 */
export class CacheFolder {
  /** For identities of secrets: equal for equal secrets in all runs that share this folder. */
  readonly identityKey: Uint8Array;
  readonly #folder: string;
  readonly #key: Uint8Array;

  private constructor(folder: string, key: Uint8Array) {
    this.#folder = folder;
    this.#key = key;
    this.identityKey = createHmac('sha256', key).update('identities').digest();
  }

  /** Opens the folder, or makes it. Nothing is thrown: a scan goes on without a cache. */
  static open(directory: string): CacheFolder | CacheRefusal {
    const folder = join(directory, formatName);
    try {
      mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
      for (const each of [directory, folder]) {
        makeFolder(each);
        const open = openedByOthers(each);
        if (open !== null) return { refused: open };
      }
      const key = readKey(folder) ?? makeKey(folder);
      return key === null ? { refused: 'its key file is damaged or of another owner' } : new CacheFolder(folder, key);
    } catch (error) {
      return { refused: `it cannot be used (${codeOf(error)})` };
    }
  }

  /** The payload that was written for this subject; null where there is none that verifies. */
  read(kind: EntryKind, subject: string): Uint8Array | null {
    const path = join(this.#folder, this.#nameOf(kind, subject));
    const bytes = readOwnFile(path, largestEntryBytes);
    if (bytes === null || bytes.length < headBytes) return null;
    const payload = bytes.subarray(headBytes);
    const expected = this.#checksum(kind, subject, payload);
    if (!timingSafeEqual(expected, bytes.subarray(0, headBytes))) return null;
    touch(path);
    return payload;
  }

  /** Writes an entry, or replaces it. @returns why it could not, or null. */
  write(kind: EntryKind, subject: string, payload: Uint8Array): string | null {
    if (payload.length > largestEntryBytes - headBytes) return 'an entry would be too large';
    const temporary = join(this.#folder, temporaryName());
    try {
      // Without fsync: after a crash a file may be torn, and then its checksum says so.
      writeOwnFile(temporary, [this.#checksum(kind, subject, payload), payload]);
      renameSync(temporary, join(this.#folder, this.#nameOf(kind, subject)));
      dropOldEntries(this.#folder, Date.now());
      return null;
    } catch (error) {
      rmSync(temporary, { force: true });
      return `it cannot be written to (${codeOf(error)})`;
    }
  }

  #nameOf(kind: EntryKind, subject: string): string {
    const name = createHmac('sha256', this.#key).update(`name\0${kind}\0${subject}`).digest('hex').slice(0, 32);
    return `${name}.${kind}`;
  }

  #checksum(kind: EntryKind, subject: string, payload: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key).update(`${kind}\0${subject}\0`).update(payload).digest();
  }
}

/** Another layout gets another folder, so that versions of unleak do not spoil each other's entries. */
const formatName = 'v1';
const keyName = 'key';
const keyBytes = 32;
const headBytes = 32;
const largestEntryBytes = 512 * 1024 ** 2;

const temporaryName = (): string => `tmp-${randomBytes(8).toString('hex')}`;

const readKey = (folder: string): Uint8Array | null => {
  const bytes = readOwnFile(join(folder, keyName), keyBytes);
  return bytes?.length === keyBytes ? bytes : null;
};

/** Unlike a recursive one, this does not go through a link that stands in its place. */
const makeFolder = (path: string): void => {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
};

/** Two first runs may come at once: the key that stands there first is the key of both. */
const makeKey = (folder: string): Uint8Array | null => {
  const temporary = join(folder, temporaryName());
  writeOwnFile(temporary, [randomBytes(keyBytes)]);
  try {
    linkSync(temporary, join(folder, keyName));
  } catch {
    // It stands there already, or this file system has no links: then there is none to read below.
  }
  rmSync(temporary, { force: true });
  return readKey(folder);
};

/** Used just now: what is used is dropped last. */
const touch = (path: string): void => {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Another run has dropped it; what was read still holds.
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
