import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

export type PlainRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface PlainReadOptions {
  readonly maxBytes: number;
  /** A longer file gives its beginning instead of being refused. */
  readonly isCutAllowed?: boolean;
  /** A symbolic link is followed; what it leads to must still be a plain file. */
  readonly isLinkFollowed?: boolean;
}

/**
 * Reads a file of a git directory that nobody vouches for: only a plain file, never more than `maxBytes`, never waiting (a
 * FIFO or a device in its place is refused, not opened). Synchronous: a repository may have 100,000 loose refs, and a
 * promise for each costs more than the reading. Failures are values, without content.
 */
export const readPlain = (path: string | Buffer, options: PlainReadOptions): PlainRead => {
  const { maxBytes, isCutAllowed = false, isLinkFollowed = false } = options;
  try {
    const before = isLinkFollowed ? statSync(path) : lstatSync(path);
    if (!before.isFile()) return refused(`is ${kindOf(before)}, not a plain file`);
    const noFollow = isLinkFollowed ? 0 : (constants.O_NOFOLLOW ?? 0);
    // O_NONBLOCK: should a FIFO take the file's place after the look, opening it still does not wait.
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noFollow);
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) return refused(`is ${kindOf(stats)}, not a plain file`);
      if (stats.size > maxBytes && !isCutAllowed) return refused(`is larger than ${maxBytes} bytes`);
      return { kind: 'bytes', bytes: readUpTo(descriptor, Math.min(stats.size, maxBytes)) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return failure(error);
  }
};

/** What an entry is, for a sentence. */
export const kindOf = (stats: Pick<Stats, 'isFIFO' | 'isDirectory' | 'isSymbolicLink' | 'isSocket'>): string => {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
};

/** Stats with links followed, or null where there is nothing. */
export const look = (path: string): Stats | null => {
  try {
    return statSync(path);
  } catch {
    return null;
  }
};

export const isDirectory = (path: string): boolean => look(path)?.isDirectory() === true;

const refused = (reason: string): PlainRead => ({ kind: 'refused', reason });

const failure = (error: unknown): PlainRead => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  if (code === 'ELOOP') return refused('is a symbolic link, not a plain file');
  return refused(`cannot be read (${code})`);
};

const readUpTo = (descriptor: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, bytes, length, size - length, length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
};
