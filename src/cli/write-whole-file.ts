import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { display } from '../text/index.ts';
import { OutputError } from './cli-errors.ts';
import { checkOutputPath } from './outputs.ts';

/**
 * Writes a file whole or not at all: beside its place first, then renamed.
 * @param mode permissions of the new file, before the umask.
 * @throws OutputError as `checkOutputPath`, and where the disk refuses.
 */
export const writeWholeFile = async (
  file: string,
  pieces: readonly string[],
  { scanned, mode }: { readonly scanned: string | null; readonly mode: number },
): Promise<void> => {
  const place = checkOutputPath(file, scanned);
  const draft = `${place}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // 'wx': a file or link that someone put there in the meantime is not followed.
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(pieces);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, place);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new OutputError(`${display(file)} could not be written.`, 'Check the space and the permissions there.', {
      cause,
    });
  }
};
