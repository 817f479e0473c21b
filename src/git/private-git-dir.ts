import {
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectFormat, Oid } from './oid.ts';

/** A git directory of ours over the objects of others: nothing but objects of the target is behind it. */
export interface PrivateGitDir {
  readonly path: string;
  /** Entries of the stores that are neither a file nor a folder (a FIFO, a device) and were left out. */
  readonly leftOut: readonly string[];
}

/**
 * Makes a git directory, 0700, whose object store is a set of links to `pack` and `00` … `ff` of the target's. So git sees
 * no config, hook, attribute, ref, index, graft, `info/alternates` or commit-graph but ours, and never opens what would
 * block it. Alternates are the ones named here and no others.
 */
export const makePrivateGitDir = (options: {
  readonly objectDirectory: string;
  readonly alternateDirectories: readonly string[];
  readonly format: ObjectFormat;
  /** A `reftable` folder whose refs are shown too; without it there are no refs. */
  readonly reftable?: string;
  /** Commits at which history ends, for walks over a shallow clone: parents of theirs are not missed. */
  readonly shallowCommits?: readonly Oid[];
}): PrivateGitDir => {
  // Real path: git compares and prints paths, and a linked /tmp (macOS) gives two spellings.
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'unleak-git-'));
  const leftOut: string[] = [];
  mkdirSync(join(path, 'refs'));
  writeFileSync(join(path, 'HEAD'), 'ref: refs/heads/none\n');
  const { reftable, shallowCommits = [] } = options;
  if (shallowCommits.length > 0) writeFileSync(join(path, 'shallow'), shallowCommits.map((oid) => `${oid}\n`).join(''));
  writeFileSync(join(path, 'config'), configOf(options.format, reftable === undefined ? 'files' : 'reftable'));
  if (reftable !== undefined) shadowFolder(reftable, join(path, 'reftable'), leftOut);
  shadowStore(options.objectDirectory, join(path, 'objects'), leftOut);
  const alternates: string[] = [];
  for (const [index, directory] of options.alternateDirectories.entries()) {
    const shadow = join(path, `alternate-${index}`);
    shadowStore(directory, shadow, leftOut);
    alternates.push(`${shadow}\n`);
  }
  if (alternates.length > 0) writeFileSync(join(path, 'objects', 'info', 'alternates'), alternates.join(''));
  return { path, leftOut };
};

const configOf = (format: ObjectFormat, refs: 'files' | 'reftable'): string =>
  [
    '[core]',
    `repositoryformatversion = ${format === 'sha1' && refs === 'files' ? 0 : 1}`,
    'bare = true',
    '[extensions]',
    ...(format === 'sha1' ? [] : [`objectformat = ${format}`]),
    ...(refs === 'files' ? [] : [`refstorage = ${refs}`]),
    '',
  ].join('\n');

const fanOut = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));

// Without promises, and asking only for folders that are there: 257 links, each a call, cost half as much CPU so.
const shadowStore = (store: string, shadow: string, leftOut: string[]): void => {
  mkdirSync(join(shadow, 'info'), { recursive: true });
  const real = realPath(store);
  const present = foldersOf(real);
  for (const name of ['pack', ...fanOut]) {
    const link = join(shadow, name);
    if (present?.has(name) === false) linkAbsent(join(real, name), link);
    else shadowFolder(join(real, name), link, leftOut);
  }
};

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** Names in lower case: a file system may not tell them apart. Null where it does not say. */
const foldersOf = (store: string): ReadonlySet<string> | null => {
  try {
    return new Set(readdirSync(store).map((name) => name.toLowerCase()));
  } catch {
    return null;
  }
};

/** One that is not there (yet) is linked too: a repack may bring it. */
const linkAbsent = (folder: string, shadow: string): void => {
  if (process.platform !== 'win32') symlinkSync(folder, shadow, 'junction');
};

/**
 * A folder of plain files becomes one link, so that git sees packs and objects that come and go; one with anything else in
 * it is linked file by file.
 */
const shadowFolder = (folder: string, shadow: string, leftOut: string[]): void => {
  const entries = entriesOf(folder);
  if (entries === 'absent') linkAbsent(folder, shadow);
  else if (entries === 'unreadable') leftOut.push(folder);
  else if (entries.bad.length === 0) symlinkSync(folder, shadow, 'junction');
  else {
    mkdirSync(shadow);
    for (const name of entries.good) symlinkSync(join(folder, name), join(shadow, name));
    leftOut.push(...entries.bad.map((name) => join(folder, name)));
  }
};

interface Entries {
  readonly good: readonly string[];
  /** Neither file nor folder, also behind a link: git would wait for it, or worse. */
  readonly bad: readonly string[];
}

const entriesOf = (folder: string): Entries | 'absent' | 'unreadable' => {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const isGood = (entry: Dirent): boolean => isHarmless(entry) || leadsToFile(folder, entry);
    const bad = entries.filter((entry) => !isGood(entry)).map(({ name }) => name);
    const isBad = new Set(bad);
    return { good: entries.map(({ name }) => name).filter((name) => !isBad.has(name)), bad: bad.sort() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ENOENT' ? 'absent' : 'unreadable';
  }
};

const isHarmless = (entry: Pick<Dirent, 'isFile' | 'isDirectory'>): boolean => entry.isFile() || entry.isDirectory();

const leadsToFile = (folder: string, entry: Dirent): boolean => {
  if (!entry.isSymbolicLink()) return false;
  try {
    return isHarmless(statSync(join(folder, entry.name)));
  } catch {
    return true;
  }
};
