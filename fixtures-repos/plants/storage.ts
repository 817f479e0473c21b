import { join } from 'node:path';
import type { BuildOptions, BuiltRepo, RepoBuilder } from '../build-repo.ts';
import { runGit } from '../run-git.ts';
import type { Garden, GardenPlace } from './garden.ts';
import type { Planter, Seedling } from './planter.ts';

const reachable = true;

/** The same small history in every store that git knows: one secret that went, one that stayed, one in a tag. */
export const plantPair = (r: RepoBuilder, p: Planter): void => {
  const gone = p.plant({ id: 'deleted', place: 'deleted file', state: 'deleted' });
  const kept = p.plant({ id: 'kept', place: 'file', state: 'in-a-tip', format: 'openssh-key' });
  const tag = p.plant({ id: 'tag', place: "annotated tag's message", state: 'in-a-tip', format: 'slack-bot-token' });
  const introduced = r.commit('add', { 'service/old.conf': gone.file, 'service/id_deploy': kept.file });
  const removed = r.commit('remove', { 'service/old.conf': 'TOKEN=\n', 'service/more.txt': 'more\n' });
  r.tag('v1', `one\n\n${tag.secret.text}`);
  gone.expect({ path: 'service/old.conf', introduced, removed, inTips: false, reachable });
  kept.expect({ path: 'service/id_deploy', introduced, removed: null, inTips: true, reachable });
  tag.expect({ source: 'tag-message', path: null, reachable });
};

const stored = (name: string, store: (r: RepoBuilder) => void, options: BuildOptions = {}): Garden => ({
  name,
  options,
  recipe: (r, p) => {
    plantPair(r, p);
    store(r);
  },
});

const repackAll = (r: RepoBuilder): void => void r.git('repack', '-a', '-d', '-f', '--quiet');
const inPacks = (r: RepoBuilder): void => {
  r.git('repack', '--quiet');
  for (const name of ['a', 'b', 'c']) {
    r.commit(`pack ${name}`, { [`packs/${name}.txt`]: name });
    r.git('repack', '--quiet');
  }
};

/** More than one delta deep between the versions that hold the secret and the one that git stores whole. */
const plantDeltas = (r: RepoBuilder, p: Planter): void => {
  const seedling = p.plant({ id: 'delta', place: 'deep in a chain of deltas', state: 'deleted', format: 'npm-token' });
  const path = 'log/long.conf';
  const versions = Array.from({ length: 70 }, (_, version) => {
    const lines = Array.from({ length: 200 }, (_line, at) => `setting.${at}=${at < version ? at : 0}\n`);
    if (version >= 20 && version < 30) lines.splice(100, 0, seedling.secret.text);
    return lines.join('');
  });
  r.gitWith(
    { input: versions.map((text, version) => importCommit(path, text, version)).join('') },
    'fast-import',
    '--quiet',
  );
  r.git('reset', '--quiet', '--hard');
  r.git('repack', '-a', '-d', '-f', '--quiet', '--depth=50', '--window=2');
  const commits = r.git('rev-list', '--reverse', 'main').split('\n');
  seedling.expect({ path, introduced: commits[20] ?? '', removed: commits[30] ?? '', inTips: false, reachable });
};

const importCommit = (path: string, text: string, version: number): string =>
  [
    'commit refs/heads/main',
    `committer Ada Example <ada@example.com> ${1704067260 + version * 60} +0000`,
    `data ${`version ${version}`.length}`,
    `version ${version}`,
    `M 100644 inline ${path}`,
    `data ${text.length}`,
    text,
    '',
  ].join('\n');

const plantCruft = (r: RepoBuilder, p: Planter): void => {
  plantPair(r, p);
  const seedling = p.plant({ id: 'cruft', place: 'cruft pack', state: 'unreachable', format: 'ec-key' });
  r.git('checkout', '--quiet', '--detach');
  const introduced = r.commit('lost', { 'lost.pem.txt': seedling.file });
  r.checkout('main');
  r.git('reflog', 'expire', '--expire=all', '--expire-unreachable=all', '--all');
  r.git('repack', '--cruft', '-d', '--quiet');
  seedling.expect({ path: 'lost.pem.txt', introduced, removed: null, inTips: false, reachable: false });
};

const beside = (repo: BuiltRepo, name: string): string => join(repo.path, '..', name);
const cloneOf = (repo: BuiltRepo, args: readonly string[]): GardenPlace => {
  const path = beside(repo, 'clone');
  runGit(['clone', '--quiet', ...args, path], { cwd: repo.path });
  return { path, gitDir: join(path, '.git') };
};

/** The clone has the tip alone: what was deleted before is not there, and the report must say so. */
const plantBehindClone = (r: RepoBuilder, p: Planter): void => {
  const gone = p.plant({ id: 'deleted', place: 'deleted file that the clone does not have', state: 'hidden-from-git' });
  const kept = p.plant({ id: 'kept', place: 'file', state: 'in-a-tip' });
  r.commit('add', { 'old.conf': gone.file });
  const introduced = r.commit('replace', { 'old.conf': null, 'new.conf': kept.file });
  r.git('config', 'uploadpack.allowFilter', 'true');
  gone.expectNothing();
  kept.expect({ path: 'new.conf', introduced, removed: null, inTips: true, reachable });
};

/** A branch of the alternate that our refs do not reach belongs to somebody else. */
const plantLender =
  (expectTheirs: (theirs: Seedling, introduced: string) => void) =>
  (r: RepoBuilder, p: Planter): void => {
    plantPair(r, p);
    const theirs = p.plant({ id: 'theirs', place: 'alternate, not reached by our refs', state: 'unreachable' });
    r.branch('theirs');
    expectTheirs(theirs, r.commit('theirs', { 'theirs.conf': theirs.file }));
    r.checkout('main');
  };
const borrow = (repo: BuiltRepo): GardenPlace =>
  cloneOf(repo, ['--shared', '--single-branch', '--branch=main', repo.path]);

export const storageGardens: readonly Garden[] = [
  stored('loose', () => {}),
  stored('packed', (r) => {
    repackAll(r);
    r.git('pack-refs', '--all');
  }),
  stored('many-packs', inPacks),
  stored('idx-v1', (r) => void r.git('-c', 'pack.indexVersion=1', 'repack', '-a', '-d', '--quiet')),
  stored('multi-pack-index', (r) => {
    inPacks(r);
    r.git('multi-pack-index', 'write', '--no-progress');
  }),
  stored('bare', repackAll, { bare: true }),
  stored('sha256-loose', () => {}, { objectFormat: 'sha256' }),
  stored('sha256-packed', repackAll, { objectFormat: 'sha256' }),
  { name: 'deltas', recipe: plantDeltas },
  { name: 'sha256-deltas', recipe: plantDeltas, options: { objectFormat: 'sha256' } },
  { name: 'cruft', recipe: plantCruft },
  {
    ...stored('linked-worktree', (r) => void r.git('worktree', 'add', '--quiet', '--detach', '../linked')),
    place: (repo) => ({ path: beside(repo, 'linked'), gitDir: repo.gitDir }),
  },
  {
    ...stored('git-file', (r) => void r.git('init', '--quiet', '--separate-git-dir=../store.git')),
    place: (repo) => ({ path: repo.path, gitDir: beside(repo, 'store.git') }),
  },
  {
    name: 'shallow',
    recipe: plantBehindClone,
    place: (repo) => ({ ...cloneOf(repo, ['--depth=1', `file://${repo.path}`]), incomplete: ['shallow'] }),
  },
  {
    name: 'partial',
    recipe: plantBehindClone,
    place: (repo) => ({ ...cloneOf(repo, ['--filter=blob:none', `file://${repo.path}`]), incomplete: ['partial'] }),
  },
  { name: 'alternates', recipe: plantLender((theirs) => theirs.expectNothing()), place: borrow },
  {
    name: 'alternates-all',
    recipe: plantLender((theirs, introduced) =>
      theirs.expect({ path: 'theirs.conf', introduced, removed: null, inTips: false, reachable: false }),
    ),
    place: (repo) => ({ ...borrow(repo), args: ['--alternates', 'all'] }),
  },
];
