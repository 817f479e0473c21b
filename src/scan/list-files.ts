import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import ignore, { type Ignore } from 'ignore';
import { latin1Bytes, utf8Bytes } from '../text/index.ts';

export interface FileListing {
  /** Relative to the folder, slash-separated, Latin-1 of the bytes, ascending. */
  readonly files: readonly string[];
  /** Passed over: links, devices, what could not be listed. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Regular files below a folder. No link is followed, nothing outside is read, `.git` is left out.
 * @param rules whether .gitignore files count; `tracked` files count all the same.
 */
export const listFiles = async (
  folder: string,
  rules: 'gitignore' | 'none',
  tracked: ReadonlySet<string>,
): Promise<FileListing> => {
  const files: string[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const open: { path: string; ignores: readonly Scoped[] }[] = [{ path: '', ignores: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    const entries = await readdir(
      Buffer.from(latin1Bytes(path === '' ? folderBytes(folder) : `${folderBytes(folder)}/${path}`)),
      {
        withFileTypes: true,
        encoding: 'buffer',
      },
    ).catch((error: NodeJS.ErrnoException) => {
      skipped.push({ path: path === '' ? '.' : path, reason: `could not be listed (${error.code ?? 'unknown'})` });
      return [];
    });
    const ignores = rules === 'gitignore' ? [...next.ignores, ...(await ignoresIn(folder, path))] : [];
    for (const entry of entries) {
      const name = Buffer.from(entry.name).toString('latin1');
      const full = path === '' ? name : `${path}/${name}`;
      if (name === '.git') continue;
      const isFolder = entry.isDirectory();
      if (isIgnored(full, isFolder, ignores) && !isTracked(full, isFolder, tracked)) continue;
      if (isFolder) open.push({ path: full, ignores });
      else if (entry.isFile()) files.push(full);
      else skipped.push({ path: full, reason: entry.isSymbolicLink() ? 'a link, not followed' : 'not a regular file' });
    }
  }
  return { files: files.sort(compare), skipped: skipped.sort((a, b) => compare(a.path, b.path)) };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const folderBytes = (folder: string): string => Buffer.from(utf8Bytes(folder)).toString('latin1');

/** A path on disk whose bytes below the folder are those of the Latin-1 text. */
export const filePath = (folder: string, path: string): Buffer =>
  Buffer.concat([utf8Bytes(`${folder}/`), latin1Bytes(path)]);

/** An ignore file and the folder that it speaks of. */
interface Scoped {
  readonly below: string;
  readonly rules: Ignore;
}

const isIgnored = (path: string, isFolder: boolean, scopes: readonly Scoped[]): boolean => {
  let ignored = false;
  for (const { below, rules } of scopes) {
    const relative = below === '' ? path : path.slice(below.length + 1);
    const answer = rules.test(isFolder ? `${relative}/` : relative);
    if (answer.ignored) ignored = true;
    else if (answer.unignored) ignored = false;
  }
  return ignored;
};

const isTracked = (path: string, isFolder: boolean, tracked: ReadonlySet<string>): boolean => {
  if (!isFolder) return tracked.has(path);
  for (const file of tracked) if (file.startsWith(`${path}/`)) return true;
  return false;
};

const mostIgnoreBytes = 1 << 20;

const ignoresIn = async (folder: string, path: string): Promise<readonly Scoped[]> => {
  const name = filePath(folder, path === '' ? '.gitignore' : `${path}/.gitignore`);
  const stat = await lstat(name).catch(() => null);
  if (stat === null || !stat.isFile() || stat.size > mostIgnoreBytes) return [];
  const file = await openRegular(name);
  if (file === null) return [];
  try {
    const text = (await file.readFile()).toString('latin1');
    return [{ below: path, rules: ignore({ allowRelativePaths: true }).add(text) }];
  } finally {
    await file.close();
  }
};

/** Opens a file that is one, and no link: a FIFO put in its place does not block. @returns null for anything else. */
export const openRegular = async (path: Buffer | string) => {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return null;
};
