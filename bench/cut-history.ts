import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { git, gitEnvironment } from './repository.ts';

/**
 * Makes a bare repository of the oldest `share` (0 to 1) of all commits that refs reach, and of what they reach: commits in the
 * order of their dates, parents first, so that a cut looks as the repository did then. Refs whose commit lies beyond the cut are
 * gone; a line of history that is cut through gets a ref at its end. All cuts are packed alike, by `git pack-objects` that takes over
 * deltas where it can, also the one that holds everything.
 */
export const cutHistory = (repository: string, directory: string, share: number): void => {
  const kept = oldestCommits(repository, share);
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

/** Of each commit its parents. */
type Commits = ReadonlyMap<string, readonly string[]>;

const oldestCommits = (repository: string, share: number): Commits => {
  const lines = git(repository, ['rev-list', '--all', '--date-order', '--parents']).trimEnd().split('\n');
  const count = Math.round(lines.length * share);
  // Newest first: no commit comes after one of its parents, so the last lines are closed under "parent of".
  return new Map(
    lines.slice(lines.length - count).map((line) => {
      const [commit = '', ...parents] = line.split(' ');
      return [commit, parents];
    }),
  );
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
