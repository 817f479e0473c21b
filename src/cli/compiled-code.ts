import { existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Has V8 keep what it compiled of our files, so that the next start need not compile them again; threads follow by the environment.
 * It holds code that will run, so it stands only where nobody but us writes. Where that cannot be had, all is compiled anew: a loss of
 * time and nothing else. A folder that the user chose (NODE_COMPILE_CACHE) stays the user's.
 */
export const keepCompiledCode = (env: NodeJS.ProcessEnv): void => {
  if (env['NODE_COMPILE_CACHE'] !== undefined || env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return;
  const folder = compiledCodeFolder(env);
  if (folder === null) return;
  enableCompileCache(folder);
  env['NODE_COMPILE_CACHE'] = folder;
};

/** @returns `unleak/compiled` in the user's cache directory, made if need be; null where it would not be safe there. */
export const compiledCodeFolder = (env: NodeJS.ProcessEnv): string | null => {
  // What another user may write to is not told from a mode on Windows.
  if (process.geteuid === undefined) return null;
  const cache = env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  if (!isAbsolute(cache)) return null;
  const own = join(cache, 'unleak');
  const folder = join(own, 'compiled');
  const user = process.geteuid();
  try {
    const known = realpathSync(firstThatExists(cache));
    // Under sudo the home may be another user's: nothing of root's is left there.
    if (lstatSync(known).uid !== user || isInWorkTree(known)) return null;
    makeFolder(folder);
    return [own, folder].every((path) => isPrivate(path, user)) ? folder : null;
  } catch {
    return null; // read-only, full, or not ours to write
  }
};

/** Whatever a repository brings, also in a folder that it names like ours, is not taken for our own. */
const isInWorkTree = (path: string): boolean =>
  existsSync(join(path, '.git')) || (dirname(path) !== path && isInWorkTree(dirname(path)));

const firstThatExists = (path: string): string => (existsSync(path) ? path : firstThatExists(dirname(path)));

// One by one: where the system will not have a folder (/proc), Node's own recursion never ends.
const makeFolder = (path: string): void => {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
};

const isPrivate = (path: string, user: number): boolean => {
  const { uid, mode } = lstatSync(path);
  return (mode & 0o170000) === 0o040000 && uid === user && (mode & 0o077) === 0;
};
