import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, writeSync } from 'node:fs';

/** Why a folder is not the user's alone, as the end of a sentence about it; null where it is. Links are not followed. */
export const openedByOthers = (folder: string): string | null => {
  const stats = lstatSync(folder);
  if (stats.isSymbolicLink()) return 'it is a symbolic link';
  if (!stats.isDirectory()) return 'it is not a folder';
  if (!isOwn(stats)) return 'it belongs to another user';
  if (isPosix && (stats.mode & 0o022) !== 0) return 'others may write to it';
  return null;
};

/**
 * The bytes of a plain file that is the user's own and closed to others; null of every other. The opened file is asked, not its
 * name: whoever could exchange the folder still cannot make a file of ours.
 */
export const readOwnFile = (path: string, limitBytes: number): Uint8Array | null => {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || !isOwn(stats) || stats.size > limitBytes) return null;
    if (isPosix && (stats.mode & 0o077) !== 0) return null;
    return readWhole(descriptor, stats.size);
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
};

/** Makes a new file that only the user may read. @throws where the name is taken, or the disk is full. */
export const writeOwnFile = (path: string, parts: readonly Uint8Array[]): void => {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow, 0o600);
  try {
    for (const part of parts) {
      for (let done = 0; done < part.length; ) done += writeSync(descriptor, part, done);
    }
  } finally {
    closeSync(descriptor);
  }
};

const isPosix = process.platform !== 'win32';
const noFollow = constants.O_NOFOLLOW ?? 0;

const isOwn = ({ uid }: Pick<Stats, 'uid'>): boolean => {
  const me = process.geteuid?.();
  return me === undefined || uid === me;
};

const readWhole = (descriptor: number, size: number): Uint8Array | null => {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, bytes, length, size - length, length);
    if (read === 0) return null;
    length += read;
  }
  return bytes;
};
