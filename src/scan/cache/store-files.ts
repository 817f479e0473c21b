import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The files of object stores as they stand: what they hold can only have changed if one of these did. */
export interface StoreFiles {
  /** Over names and stamps of all files. */
  readonly digest: string;
  /** Path → stamp of what lies in `pack/`. */
  readonly packed: ReadonlyMap<string, FileStamp>;
  /** Hex oids of the loose objects. */
  readonly loose: readonly string[];
  /** The newest change of any file, nanoseconds since 1970. */
  readonly changedAtNs: bigint;
}

export interface FileStamp {
  /** Device, inode, size, times: equal only while nobody has written to it. */
  readonly text: string;
  readonly changedAtNs: bigint;
}

/** Looks at every file of the object directories, and opens none. Links are followed, as git does: the file itself counts. */
export const readStoreFiles = (directories: readonly string[]): StoreFiles => {
  const hash = createHash('sha256');
  const packed = new Map<string, FileStamp>();
  const loose: string[] = [];
  let changedAtNs = 0n;
  const note = (path: string): FileStamp | null => {
    const stamp = stampOf(path);
    hash.update(`${path}\0${stamp?.text ?? 'nothing'}\n`);
    if (stamp !== null && stamp.changedAtNs > changedAtNs) changedAtNs = stamp.changedAtNs;
    return stamp;
  };
  for (const directory of directories) {
    hash.update(`${directory}\0`);
    for (const name of namesIn(directory)) {
      const path = join(directory, name);
      if (name === 'pack') {
        for (const file of namesIn(path)) {
          const stamp = note(join(path, file));
          if (stamp !== null) packed.set(join(path, file), stamp);
        }
      } else if (/^[0-9a-f]{2}$/.test(name)) {
        for (const file of namesIn(path)) {
          note(join(path, file));
          if (/^(?:[0-9a-f]{38}|[0-9a-f]{62})$/.test(file)) loose.push(name + file);
        }
      } else if (name !== 'info') note(path);
    }
  }
  return { digest: hash.digest('hex'), packed, loose, changedAtNs };
};

/** Stamps of the files of some folders, by name. */
export const readStamps = (
  folders: readonly string[],
  isWanted: (name: string) => boolean,
): Pick<StoreFiles, 'digest' | 'changedAtNs'> => {
  const hash = createHash('sha256');
  let changedAtNs = 0n;
  for (const folder of folders) {
    for (const name of namesIn(folder).filter(isWanted)) {
      const stamp = stampOf(join(folder, name));
      hash.update(`${folder}\0${name}\0${stamp?.text ?? 'nothing'}\n`);
      if (stamp !== null && stamp.changedAtNs > changedAtNs) changedAtNs = stamp.changedAtNs;
    }
  }
  return { digest: hash.digest('hex'), changedAtNs };
};

/**
 * Whether a later write would show in a file's times. Clocks of file systems go in steps: a write within the step in which we read
 * changes nothing that can be seen, as git says of its index ("racy"). @see git's Documentation/technical/racy-git.txt
 * @param readFromMs when reading began, milliseconds since 1970.
 */
export const isSettled = (changedAtNs: bigint, readFromMs: number): boolean => {
  // Parts of a microsecond tell a clock that goes by the kernel's ticks, of 10 ms at most; others may go by two seconds.
  const stepNs = changedAtNs % 1_000_000n === 0n ? 2_100_000_000n : 100_000_000n;
  return changedAtNs + stepNs < BigInt(Math.floor(readFromMs)) * 1_000_000n;
};

/** SHA-256 over a file's bytes, read in pieces; null where it is no plain file or cannot be read. */
export const digestOfFile = (path: string): string | null => {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return null;
    const hash = createHash('sha256');
    const piece = new Uint8Array(1 << 20);
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece))
      hash.update(piece.subarray(0, read));
    return hash.digest('hex');
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
};

const stampOf = (path: string): FileStamp | null => {
  const stats = look(path);
  if (stats === undefined) return null;
  const { dev, ino, mode, size, mtimeNs, ctimeNs } = stats;
  return { text: `${dev} ${ino} ${mode} ${size} ${mtimeNs} ${ctimeNs}`, changedAtNs: ctimeNs };
};

const look = (path: string): BigIntStats | undefined => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};
