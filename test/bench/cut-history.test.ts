import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cutHistory, oldestCommits, wholeCommits } from '../../bench/cut-history.ts';
import { describeTarget, git } from '../../bench/repository.ts';
import { type BuiltRepo, buildRepo, temporaryFolder } from '../../fixtures-repos/index.ts';

/** Eight commits: six, of which two on a side line that is merged, then the merge and one more; a tag on the third. */
const build = (): Promise<BuiltRepo> =>
  buildRepo((r) => {
    r.commit('one', { 'a.txt': '1' });
    r.commit('two', { 'a.txt': '2' });
    r.commit('three', { 'a.txt': '3', 'folder/b.txt': 'b' });
    r.tag('v1', 'the third');
    r.branch('side');
    r.commit('side one', { 's.txt': 's1' });
    r.commit('side two', { 's.txt': 's2' });
    r.checkout('main');
    r.commit('four', { 'a.txt': '4' });
    r.merge('side', 'merge');
    r.commit('five', { 'a.txt': '5' });
  });

const lines = (text: string): string[] => text.trimEnd().split('\n').filter(Boolean).sort();

test('a cut holds its share of the commits, whole: nothing that they reach is missing', async () => {
  const { gitDir } = await build();
  for (const [share, commits] of [
    [0.25, 2],
    [0.5, 4],
    [1, 8],
  ] as const) {
    const cut = join(temporaryFolder().path, 'cut.git');
    cutHistory(gitDir, cut, oldestCommits(gitDir, share));
    expect(lines(git(cut, ['rev-list', '--all']))).toHaveLength(commits);
    expect(describeTarget(cut)).toMatchObject({ commits });
    git(cut, ['fsck', '--strict', '--no-dangling']); // throws unless all is there
  }
});

test('a ref stays while its commit is inside, and a line that is cut through ends in a ref', async () => {
  const { gitDir } = await build();
  const cut = join(temporaryFolder().path, 'cut.git');
  cutHistory(gitDir, cut, oldestCommits(gitDir, 0.5));
  const refs = lines(git(cut, ['for-each-ref', '--format=%(refname) %(contents:subject)']));
  expect(refs).toEqual(['refs/heads/cut-0 side one', 'refs/tags/v1 the third']);
});

test('a cut of everything has the objects that refs reach, and the same refs', async () => {
  const { gitDir } = await build();
  const cut = join(temporaryFolder().path, 'cut.git');
  cutHistory(gitDir, cut, oldestCommits(gitDir, 1));
  const reach = ['rev-list', '--all', '--objects', '--no-object-names'];
  expect(lines(git(cut, reach))).toEqual(lines(git(gitDir, reach)));
  expect(git(cut, ['for-each-ref'])).toBe(git(gitDir, ['for-each-ref']));
});

test('what is whole leaves out the commits that lack a file, and all that come from them', async () => {
  const { gitDir } = await build();
  expect(wholeCommits(gitDir)).toBeNull();
  const oid = git(gitDir, ['rev-parse', 'side:s.txt']).trimEnd(); // of "side two", the merge, "five"
  rmSync(join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2)));
  const whole = wholeCommits(gitDir);
  expect(whole?.size).toBe(5);
  const cut = join(temporaryFolder().path, 'cut.git');
  cutHistory(gitDir, cut, whole ?? new Map());
  const subjects = lines(git(cut, ['log', '--all', '-p', '--format=subject %s'])).filter((line) =>
    line.startsWith('subject'),
  );
  expect(subjects).toEqual(['four', 'one', 'side one', 'three', 'two'].map((subject) => `subject ${subject}`));
});
