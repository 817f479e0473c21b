import { join } from 'node:path';
import { type ObjectFormat, splitRemoteUrl } from '../git/index.ts';
import { BadRepositoryConfigError, UnsupportedRepositoryError } from './errors.ts';
import type { GitDir } from './git-dir.ts';
import { type ConfigEntry, configBoolean, configValue, parseConfig } from './parse-config.ts';
import type { Remote } from './repository.ts';

/** What we take from a repository's config. Nothing else of it has a meaning here. */
export interface Settings {
  readonly format: ObjectFormat;
  readonly refFormat: 'files' | 'reftable';
  readonly isBare: boolean | undefined;
  /** `core.worktree` as written. */
  readonly workTree: string | null;
  readonly isPromisor: boolean;
  readonly remotes: readonly Remote[];
  /** Keys of `include.path` and `includeIf.*.path`: never followed. */
  readonly includes: number;
}

const configMaxBytes = 16 * 1024 ** 2;

/**
 * Reads the config with our own parser: nothing is included, nothing of it can run.
 * @param own the git directory whose `config.worktree` counts, where the repository has such files.
 * @throws BadRepositoryConfigError; UnsupportedRepositoryError for a format version, an extension or a hash that we do not know.
 */
export const readSettings = (common: GitDir, own: GitDir): Settings => {
  let entries = entriesOf(common, 'config');
  checkFormat(common.path, entries);
  if (configBoolean(configValue(entries, 'extensions', 'worktreeconfig')) === true) {
    entries = [...entries, ...entriesOf(own, 'config.worktree')];
  }
  const refStorage = (configValue(entries, 'extensions', 'refstorage') ?? 'files').toLowerCase();
  return {
    format: configValue(entries, 'extensions', 'objectformat')?.toLowerCase() === 'sha256' ? 'sha256' : 'sha1',
    refFormat: refStorage.startsWith('reftable') ? 'reftable' : 'files',
    isBare: configBoolean(configValue(entries, 'core', 'bare')),
    workTree: configValue(entries, 'core', 'worktree') ?? null,
    isPromisor: isPromisor(entries),
    remotes: remotesOf(entries),
    includes: entries.filter(({ section, name }) => section.startsWith('include') && name === 'path').length,
  };
};

const entriesOf = (gitDir: GitDir, name: string): readonly ConfigEntry[] => {
  const bytes = gitDir.read(name, { maxBytes: configMaxBytes });
  if (bytes === null) return [];
  const { entries, badLines } = parseConfig(bytes);
  const [firstBad] = badLines;
  if (firstBad !== undefined && entries.length === 0)
    throw new BadRepositoryConfigError(join(gitDir.path, name), firstBad);
  if (badLines.length > 0) gitDir.problem(name, `line ${badLines.slice(0, 5).join(', ')} cannot be understood`);
  return entries;
};

/** Extensions that change nothing about how objects and refs are read. */
const harmlessExtensions = new Set([
  'noop',
  'noop-v1',
  'partialclone',
  'preciousobjects',
  'worktreeconfig',
  'relativeworktrees',
  'compatobjectformat',
  'submodulepathconfig',
]);

const checkFormat = (directory: string, entries: readonly ConfigEntry[]): void => {
  const refuse = (what: string): never => {
    throw new UnsupportedRepositoryError(directory, what);
  };
  const version = configValue(entries, 'core', 'repositoryformatversion') ?? '0';
  if (!/^[01]$/.test(version.trim())) refuse(`repository format version ${shown(version)}`);
  for (const { section, subsection, name, value } of entries) {
    if (section !== 'extensions' || subsection !== null) continue;
    if (name === 'objectformat') {
      if (!/^sha(?:1|256)$/i.test(value ?? '')) refuse(`the object format ${shown(value ?? '')}`);
    } else if (name === 'refstorage') {
      if (!/^(?:files|reftable)(?:$|:)/i.test(value ?? '')) refuse(`the ref storage ${shown(value ?? '')}`);
    }
    // Version 0 is older than extensions, and git ignores what it does not know there.
    else if (version.trim() === '1' && !harmlessExtensions.has(name)) refuse(`the extension ${shown(name)}`);
  }
};

/** Text of the config in a message: short, and only what cannot hide or hold anything. */
const shown = (value: string): string => `"${value.slice(0, 40).replace(/[^\w.:/-]/g, '?')}"`;

const isPromisor = (entries: readonly ConfigEntry[]): boolean =>
  entries.some(
    ({ section, name, value }) =>
      (section === 'remote' && name === 'promisor' && configBoolean(value) !== false) ||
      (section === 'remote' && name === 'partialclonefilter') ||
      (section === 'extensions' && name === 'partialclone'),
  );

const remotesOf = (entries: readonly ConfigEntry[]): readonly Remote[] => {
  const named = entries.filter(({ section, subsection }) => section === 'remote' && subsection !== null);
  const names = [...new Set(named.map(({ subsection }) => subsection ?? ''))];
  return names.flatMap((name) => {
    const values = (key: string): string[] =>
      named.flatMap((entry) => (entry.subsection === name && entry.name === key ? [entry.value ?? ''] : []));
    const prefixes = values('fetch').flatMap(trackingPrefix);
    const addresses = [...values('url'), ...values('pushurl')].map(splitRemoteUrl);
    const [first] = addresses;
    if (first === undefined && prefixes.length === 0) return [];
    const hasSecret = addresses.some((address) => address.hasSecret);
    return [{ name, url: first?.url ?? '', hasSecret, trackingPrefixes: [...new Set(prefixes)] }];
  });
};

/** Where a refspec puts what it fetches: `+refs/heads/*:refs/remotes/origin/*` → `refs/remotes/origin/`. */
const trackingPrefix = (refspec: string): string[] => {
  const destination = /^\+?[^:^]*:(refs\/[^*]*)\*?$/.exec(refspec)?.[1];
  return destination === undefined ? [] : [destination];
};
