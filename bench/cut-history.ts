import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, gitEnvironment } from './repository.ts';

/** Of each commit its parents; closed: of every commit in it all parents are in it too. */
export type Commits = ReadonlyMap<string, readonly string[]>;

/** The oldest `share` (0 to 1) of all commits that refs reach, by date and parents first: as the repository was then. */
export const oldestCommits = (repository: string, share: number): Commits => {
  const all = [...allCommits(repository)];
  // Newest first: no commit comes after one of its parents, so that the last ones are closed.
  return new Map(all.slice(all.length - Math.round(all.length * share)));
};

/**
 * The commits that lack nothing, nor come from one that does; null when the repository lacks nothing. A copy of a partial clone, or of one
 * that left large files out, is scanned by `git cat-file`, but `git log -p` ends at the first file that is not there.
 */
export const wholeCommits = (repository: string): Commits | null => {
  const missing = new Set(
    git(repository, ['rev-list', '--all', '--objects', '--missing=print'])
      .split('\n')
      .flatMap((line) => (line.startsWith('?') ? [line.slice(1)] : [])),
  );
  if (missing.size === 0) return null;
  const all = allCommits(repository);
  const bad = commitsThatBring(repository, missing);
  for (const [commit, parents] of [...all].reverse()) if (parents.some((parent) => bad.has(parent))) bad.add(commit);
  return new Map([...all].filter(([commit]) => !bad.has(commit)));
};

const allCommits = (repository: string): Commits =>
  new Map(
    git(repository, ['rev-list', '--all', '--date-order', '--parents'])
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [commit = '', ...parents] = line.split(' ');
        return [commit, parents];
      }),
  );

const commitsThatBring = (repository: string, oids: ReadonlySet<string>): Set<string> => {
  const log = ['log', '--all', '-m', '--raw', '--root', '--no-abbrev', '--no-renames', '--format=%H'];
  const found = new Set<string>();
  let commit = '';
  for (const line of git(repository, log).split('\n')) {
    if (!line.startsWith(':')) commit = line || commit;
    else if (oids.has(line.split(' ')[3] ?? '')) found.add(commit);
  }
  return found;
};

/**
 * Makes a bare repository of some commits and what they reach. Refs whose commit is not among them are gone; a line of history that is
 * cut through gets a ref at its end. All are packed alike, by `git pack-objects` that takes over deltas where it can.
 */
export const cutHistory = (repository: string, directory: string, kept: Commits): void => {
  const refs = keptRefs(repository, kept);
  const named = new Set(refs.map(({ commit }) => commit));
  const loose = endsOf(kept).filter((commit) => !named.has(commit));
  const ends = loose.map((oid, number) => ({ oid, name: `refs/heads/cut-${number}` }));
  const format = git(repository, ['rev-parse', '--show-object-format']).trimEnd();
  execFileSync('git', ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, directory], {
    env: gitEnvironment,
  });
  const all = [...refs, ...ends];
  const head = git(repository, ['rev-parse', '--symbolic-full-name', 'HEAD']).trimEnd();
  const branch = all.find(({ name }) => name === head) ?? all.find(({ name }) => name.startsWith('refs/heads/'));
  if (branch !== undefined) git(directory, ['symbolic-ref', 'HEAD', branch.name]);
  git(
    repository,
    [
      'pack-objects',
      '--quiet',
      '--revs',
      '--delta-base-offset',
      '--missing=allow-any',
      join(directory, 'objects/pack/pack'),
    ],
    `${all.map(({ oid }) => oid).join('\n')}\n`,
  );
  appendFileSync(join(directory, 'packed-refs'), all.map(({ oid, name }) => `${oid} ${name}\n`).join(''));
};

const endsOf = (commits: Commits): readonly string[] => {
  const parents = new Set([...commits.values()].flat());
  return [...commits.keys()].filter((commit) => !parents.has(commit));
};

const keptRefs = (repository: string, kept: Commits) =>
  git(repository, ['for-each-ref', '--format=%(objectname) %(*objectname) %(refname)'])
    .split('\n')
    .flatMap((line) => {
      const [oid = '', peeled = '', name = ''] = line.split(' ');
      const commit = peeled || oid;
      return kept.has(commit) ? [{ oid, commit, name }] : [];
    });
