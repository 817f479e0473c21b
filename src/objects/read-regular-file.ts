import { constants, type FileHandle, open, stat } from 'node:fs/promises';

// Without waiting for a writer: between the look and the opening a file can become a pipe. Links are followed, as git does.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Why a file could not be used, in our words. */
export interface FileProblem {
  readonly failure: string;
  /** The file was there when its folder was listed, and is not any more. */
  readonly isGone: boolean;
}

/**
 * The bytes of a regular file of at most `limitBytes`. Never waits: pipes, devices and folders are problems.
 */
export const readRegularFile = async (path: string, limitBytes: number): Promise<Uint8Array | FileProblem> =>
  await withRegularFile(path, async (file, size) => {
    if (size > limitBytes)
      return { failure: `it has ${size} bytes, more than the limit of ${limitBytes}`, isGone: false };
    return await readRange(file, 0, size);
  });

/** The first and the last bytes of a regular file and its size; each part is shorter where the file is. */
export const readEnds = async (
  path: string,
  headBytes: number,
  tailBytes: number,
): Promise<{ readonly head: Uint8Array; readonly tail: Uint8Array; readonly size: number } | FileProblem> =>
  await withRegularFile(path, async (file, size) => ({
    head: await readRange(file, 0, Math.min(headBytes, size)),
    tail: await readRange(file, Math.max(0, size - tailBytes), Math.min(tailBytes, size)),
    size,
  }));

const withRegularFile = async <T>(
  path: string,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T | FileProblem> => {
  let file: FileHandle | undefined;
  try {
    // Looked at first as well: on some systems opening a device has effects.
    if (!(await stat(path)).isFile()) return notRegular;
    file = await open(path, openFlags);
    const stats = await file.stat();
    if (!stats.isFile()) return notRegular;
    return await use(file, stats.size);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { failure: `it could not be read (${code})`, isGone: code === 'ENOENT' };
  } finally {
    await file?.close();
  }
};

const notRegular: FileProblem = { failure: 'it is not a regular file', isGone: false };

const readRange = async (file: FileHandle, start: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) break; // it shrank while we read
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
};
