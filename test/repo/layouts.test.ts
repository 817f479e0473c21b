import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BuiltRepo, buildRepo, type RepoBuilder, temporaryFolder } from '../../fixtures-repos/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';
import { gitVersion, isAtLeast } from '../../src/git/index.ts';
import { openRepository, type Repository, readIndex } from '../../src/repo/index.ts';
import { copies, type RepoCopy } from './copy-repo.ts';

/** What git says about the refs, as we say it. */
const refsByGit = (repo: BuiltRepo): { name: string; oid: string }[] =>
  repo
    .git('for-each-ref', '--format=%(refname) %(objectname)')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ name: line.slice(0, line.lastIndexOf(' ')), oid: line.slice(line.lastIndexOf(' ') + 1) }));

const namesAndOids = ({ refs }: Repository): { name: string; oid: string }[] =>
  refs.map(({ name, oid }) => ({ name, oid }));

const recipe = (r: RepoBuilder): void => {
  r.commit('one', { 'a.txt': 'alpha' });
};
const oneCommit = copies(recipe);

test.each([
  ['sha1', false],
  ['sha1', true],
  ['sha256', false],
] as const)('a %s repository, bare: %s', async (objectFormat, bare) => {
  const repo = await buildRepo(recipe, { objectFormat, bare });
  const opened = await openRepository(repo.path);
  const oid = repo.git('rev-parse', 'HEAD');
  expect(opened).toMatchObject({
    path: repo.path,
    gitDir: repo.gitDir,
    commonDir: repo.gitDir,
    workTree: bare ? null : repo.path,
    isBare: bare,
    format: objectFormat,
    refFormat: 'files',
    objectDirectory: join(repo.gitDir, 'objects'),
    head: { symbolic: 'refs/heads/main', oid },
    refs: [{ name: 'refs/heads/main', oid, symbolic: null }],
    isPartial: false,
    isForeignOwned: false,
    followed: [],
    problems: [],
  });
  expect(opened.worktrees).toHaveLength(bare ? 0 : 1);
});

test('packed, loose, symbolic, nested and annotated refs are those that git lists', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { a: '1' });
    r.tag('v1', 'first');
    r.branch('feature/deep/er');
    r.commit('two', { a: '2' });
    r.git('pack-refs', '--all');
    r.commit('three', { a: '3' });
    r.git('update-ref', 'refs/keep-around/x', 'HEAD~1');
    r.git('update-ref', 'refs/pull/1/head', 'HEAD~2');
    r.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/main');
    r.git('symbolic-ref', 'refs/remotes/gone/HEAD', 'refs/remotes/gone/main');
    r.git('update-ref', 'refs/heads/ключ-é', 'HEAD');
  });
  const opened = await openRepository(repo.path);
  expect(namesAndOids(opened).toSorted(byName)).toEqual(refsByGit(repo).toSorted(byName));
  expect(opened.refs.find(({ name }) => name === 'refs/remotes/origin/HEAD')?.symbolic).toBe('refs/heads/main');
  expect(opened.problems).toEqual([]);
});

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

test('an empty repository is one, with an unborn branch', async () => {
  const repo = await buildRepo(() => {});
  expect(await openRepository(repo.path)).toMatchObject({
    head: { symbolic: 'refs/heads/main', oid: null },
    refs: [],
    problems: [],
  });
});

test('a detached HEAD names no branch', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one');
    r.git('checkout', '-q', '--detach');
  });
  expect((await openRepository(repo.path)).head).toEqual({ symbolic: null, oid: repo.git('rev-parse', 'HEAD') });
});

test('a folder below the work tree, the .git folder and a folder in it all lead to the repository', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'src/deep/a.txt': 'a' });
  });
  for (const way of ['src/deep', '.git', '.git/refs']) {
    expect(await openRepository(join(repo.path, way))).toMatchObject({ workTree: repo.path, gitDir: repo.gitDir });
  }
  await expect(openRepository(join(repo.path, 'src'), { isExact: true })).rejects.toMatchObject({
    code: 'not-a-repository',
  });
});

test('linked work trees are listed, with their heads, refs and pseudo refs; each can be opened by itself', async () => {
  const linked = join(temporaryFolder().path, 'fix');
  const repo = await buildRepo((r) => {
    r.commit('one', { a: '1' });
    r.git('worktree', 'add', '-q', '-b', 'fix', linked);
    runGit(['update-ref', 'ORIG_HEAD', 'HEAD'], { cwd: linked });
    runGit(['update-ref', 'refs/bisect/bad', 'HEAD'], { cwd: linked });
  });
  const oid = repo.git('rev-parse', 'HEAD');
  const head = { symbolic: 'refs/heads/fix', oid };
  const worktrees = [
    { id: null, path: repo.path, head: { symbolic: 'refs/heads/main', oid } },
    { id: 'fix', path: linked, gitDir: join(repo.gitDir, 'worktrees', 'fix'), head },
  ];
  expect(await openRepository(repo.path)).toMatchObject({
    worktrees,
    pseudoRefs: [
      { name: 'worktrees/fix/ORIG_HEAD', oid },
      { name: 'worktrees/fix/refs/bisect/bad', oid },
    ],
    problems: [],
  });
  const opened = await openRepository(linked);
  expect(opened).toMatchObject({
    path: linked,
    workTree: linked,
    commonDir: repo.gitDir,
    head,
    isBare: false,
    worktrees,
  });
  expect(opened.reflogs.map(({ ref }) => ref)).toContain('worktrees/fix/HEAD');
});

test('work trees of a bare repository', async () => {
  const linked = join(temporaryFolder().path, 'tree');
  const repo = await buildRepo(recipe, { bare: true });
  runGit(['worktree', 'add', '-q', linked, 'main'], { cwd: repo.gitDir });
  const opened = await openRepository(linked);
  expect(opened).toMatchObject({ isBare: false, workTree: linked, commonDir: repo.gitDir, problems: [] });
  expect(opened.worktrees.map(({ id, path }) => [id, path])).toEqual([['tree', linked]]);
});

test('a submodule is listed, and is a repository of its own behind its .git file', async () => {
  const inner = await oneCommit();
  const repo = await buildRepo((r) => {
    r.git('submodule', '--quiet', 'add', '--name', 'libs/inner', inner.path, 'vendor/inner');
    r.commit('with a submodule');
  });
  const gitDir = join(repo.gitDir, 'modules', 'libs', 'inner');
  const path = join(repo.path, 'vendor', 'inner');
  expect((await openRepository(repo.path)).submodules).toEqual([{ name: 'libs/inner', path, gitDir }]);
  const opened = await openRepository(path);
  expect(opened).toMatchObject({ gitDir, workTree: path, isBare: false });
  expect(opened.followed).toEqual([{ from: join(path, '.git'), to: gitDir }]);
});

test('a separate git directory is followed, and said', async () => {
  const repo = await oneCommit();
  const moved = join(temporaryFolder().path, 'store');
  renameSync(repo.gitDir, moved);
  writeFileSync(repo.gitDir, `gitdir: ${moved}\n`);
  const opened = await openRepository(repo.path);
  expect(opened).toMatchObject({ gitDir: moved, workTree: repo.path, isBare: false });
  expect(opened.followed).toEqual([{ from: repo.gitDir, to: moved }]);
});

test('alternates: relative, quoted, commented, nested, in a cycle, missing, on another machine', async () => {
  const [far, near, repo] = [await oneCommit(), await oneCommit(), await oneCommit()];
  const objects = ({ gitDir }: RepoCopy): string => join(gitDir, 'objects');
  const name = (from: RepoCopy, text: string): void => {
    mkdirSync(join(objects(from), 'info'), { recursive: true });
    writeFileSync(join(objects(from), 'info', 'alternates'), text);
  };
  name(repo, `# ours\n"${objects(near).replace('objects', '\\157bjects')}"\n/nowhere/objects\n//host/share/objects\n`);
  name(near, `../../../../${objects(far).split('/').slice(-4).join('/')}\n`);
  name(far, `${objects(repo)}\n${objects(near)}\n`);
  const opened = await openRepository(repo.path);
  expect(opened.alternates).toEqual([
    { directory: objects(near), namedBy: objects(repo) },
    { directory: objects(far), namedBy: objects(near) },
  ]);
  expect(opened.problems.map(({ reason }) => reason)).toEqual([
    'names a store that is not there: /nowhere/objects',
    'names a store on another machine, which was not opened',
  ]);
});

test('alternates of alternates end where git ends', async () => {
  const repos = await Promise.all(Array.from({ length: 8 }, () => oneCommit()));
  for (const [index, repo] of repos.entries()) {
    const next = repos[index + 1];
    mkdirSync(join(repo.gitDir, 'objects', 'info'), { recursive: true });
    const file = join(repo.gitDir, 'objects', 'info', 'alternates');
    if (next !== undefined) writeFileSync(file, `${join(next.gitDir, 'objects')}\n`);
  }
  const opened = await openRepository(repos[0]?.path ?? '');
  expect(opened.alternates.length).toBeGreaterThanOrEqual(5);
  expect(opened.problems).toHaveLength(1);
});

test('shallow and partial clones say so', async () => {
  const origin = await buildRepo((r) => {
    r.commit('one', { a: '1' });
    r.commit('two', { a: '2' });
    r.git('config', 'uploadpack.allowFilter', 'true');
  });
  const folder = temporaryFolder().path;
  runGit(['clone', '-q', '--depth=1', `file://${origin.path}`, 'shallow'], { cwd: folder });
  runGit(['clone', '-q', '--bare', '--filter=blob:none', `file://${origin.path}`, 'partial.git'], { cwd: folder });
  const tip = origin.git('rev-parse', 'HEAD');
  expect(await openRepository(join(folder, 'shallow'))).toMatchObject({ shallowCommits: [tip], isPartial: false });
  expect(await openRepository(join(folder, 'partial.git'))).toMatchObject({ shallowCommits: [], isPartial: true });
});

test('remotes come without what is secret in their address, with the prefix of what they track', async () => {
  const password = ['pass', 'word'].join('');
  const repo = await buildRepo((r) => {
    r.git('remote', 'add', 'origin', `https://someone:${password}@example.org/a.git?token=${password}`);
    r.git('remote', 'add', '--mirror=fetch', 'mirror', 'git@example.org:b.git');
    r.git('remote', 'add', 'ssh', 'ssh://git@example.org:22/c.git');
  });
  const opened = await openRepository(repo.path);
  expect(opened.remotes).toEqual([
    { name: 'origin', url: 'https://example.org/a.git', hasSecret: true, trackingPrefixes: ['refs/remotes/origin/'] },
    { name: 'mirror', url: 'git@example.org:b.git', hasSecret: false, trackingPrefixes: ['refs/'] },
    {
      name: 'ssh',
      url: 'ssh://git@example.org:22/c.git',
      hasSecret: false,
      trackingPrefixes: ['refs/remotes/ssh/'],
    },
  ]);
  expect(JSON.stringify(opened)).not.toContain(password);
});

test('reflogs, also of deleted branches, and the pushes that they record', async () => {
  const origin = await buildRepo(() => {}, { bare: true });
  const repo = await buildRepo((r) => {
    r.commit('one', { a: '1' });
    r.git('remote', 'add', 'origin', origin.path);
    r.gitWith({ env: { GIT_COMMITTER_DATE: '1800000000 +0100' } }, 'push', '-q', 'origin', 'main');
    r.commit('two', { a: '2' });
  });
  const opened = await openRepository(repo.path);
  const [first, second] = repo.git('rev-list', '--reverse', 'HEAD').split('\n');
  const ofMain = opened.reflogs.filter(({ ref }) => ref === 'refs/heads/main');
  expect(ofMain).toMatchObject([
    { index: 0, oid: second, previous: first, message: 'commit: two', who: 'Ada Example <ada@example.com>' },
    { index: 1, oid: first, previous: '0'.repeat(40), zone: '+0000', message: 'commit (initial): one' },
  ]);
  expect(opened.pushes).toEqual([{ ref: 'refs/remotes/origin/main', oid: first, date: 1800000000 }]);
  expect(opened.lastPush).toBe(1800000000);
});

test('pseudo refs: every line of MERGE_HEAD and FETCH_HEAD, and the state of a rebase', async () => {
  const repo = await oneCommit();
  const oid = repo.git('rev-parse', 'HEAD');
  writeFileSync(join(repo.gitDir, 'MERGE_HEAD'), `${oid}\n${'1'.repeat(40)}\n`);
  writeFileSync(join(repo.gitDir, 'FETCH_HEAD'), `${'2'.repeat(40)}\tnot-for-merge\tbranch 'x' of example.org\n`);
  mkdirSync(join(repo.gitDir, 'rebase-merge'));
  writeFileSync(join(repo.gitDir, 'rebase-merge', 'orig-head'), `${'3'.repeat(40)}\n`);
  expect((await openRepository(repo.path)).pseudoRefs.map(({ name, oid: value }) => `${name} ${value[0]}`)).toEqual([
    'FETCH_HEAD 2',
    `MERGE_HEAD ${oid[0]}`,
    'MERGE_HEAD 1',
    'rebase-merge/orig-head 3',
  ]);
});

test.each(['2', '4', 'split'])('what is staged is listed, index of version %s', async (form) => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a', 'dir/b.txt': 'b' });
    if (form === 'split') r.git('update-index', '--split-index');
    else r.git('update-index', '--index-version', form);
    r.stage({ 'c.txt': 'c' });
  });
  const opened = await openRepository(repo.path);
  const [main] = opened.worktrees;
  expect(main).toBeDefined();
  if (main === undefined) return;
  const { entries, problem } = await readIndex(opened, main);
  expect(problem).toBeNull();
  const listed = entries.map(({ mode, oid, stage, path }) => `${mode.toString(8)} ${oid} ${stage}\t${path}`);
  expect(listed).toEqual(repo.git('ls-files', '--stage').split('\n'));
});

test('a damaged index is a problem, a missing one is empty', async () => {
  const repo = await oneCommit();
  const opened = await openRepository(repo.path);
  const [main] = opened.worktrees;
  if (main === undefined) throw new Error('no work tree');
  writeFileSync(main.indexPath, 'DIRC and no more');
  expect((await readIndex(opened, main)).problem).toContain('could not be read by git');
  expect(await readIndex(opened, { ...main, indexPath: join(repo.gitDir, 'none') })).toEqual({
    entries: [],
    problem: null,
  });
});

test('git directories that are linked into another one (git-new-workdir) are read, and said', async () => {
  const repo = await oneCommit();
  const dotGit = join(temporaryFolder().path, 'tree', '.git');
  mkdirSync(dotGit, { recursive: true });
  for (const name of ['config', 'refs', 'objects', 'packed-refs', 'logs'])
    symlinkSync(join(repo.gitDir, name), join(dotGit, name));
  writeFileSync(join(dotGit, 'HEAD'), 'ref: refs/heads/main\n');
  const opened = await openRepository(join(dotGit, '..'));
  expect(opened.head.oid).toBe(repo.git('rev-parse', 'HEAD'));
  expect(opened.followed.map(({ to }) => to)).toContain(join(repo.gitDir, 'refs'));
});

test('what lies outside objects and refs is counted', async () => {
  const repo = await oneCommit();
  const put = (name: string): void => {
    mkdirSync(join(repo.gitDir, name, '..'), { recursive: true });
    writeFileSync(join(repo.gitDir, name), 'x');
  };
  for (const name of ['hooks/pre-push', 'hooks/x.sample', 'lfs/objects/ab/cd/abcd', 'rr-cache/1/preimage']) put(name);
  const { outside } = await openRepository(repo.path);
  expect(outside.map(({ what, detail }) => `${what} ${detail.split(': ').at(-1)}`)).toEqual([
    'config 1',
    'hooks 1',
    'lfs objects 1',
    'rr-cache 1',
    'message drafts 1',
  ]);
});

test.runIf(process.geteuid?.() === 0)('a repository of another owner is opened, and flagged', async () => {
  const repo = await oneCommit();
  chownSync(repo.gitDir, 65534, 65534);
  expect((await openRepository(repo.path)).isForeignOwned).toBe(true);
});

const gitHere = await gitVersion();
const canReadReftables = gitHere !== null && isAtLeast(gitHere, 2, 45);

test.skipIf(canReadReftables)('a reftable that this git cannot read is named, and the rest is opened', async () => {
  const repo = await oneCommit();
  repo.git('config', 'core.repositoryformatversion', '1');
  repo.git('config', 'extensions.refStorage', 'reftable');
  mkdirSync(join(repo.gitDir, 'reftable'));
  const opened = await openRepository(repo.path);
  expect(opened).toMatchObject({ refFormat: 'reftable', refs: [] });
  expect(opened.problems).toMatchObject([
    { where: 'reftable', reason: expect.stringContaining('needs Git 2.45 or later') },
  ]);
});

test.runIf(canReadReftables)('refs, HEADs and reflogs of a reftable', async () => {
  const linked = join(temporaryFolder().path, 'fix');
  const repo = await buildRepo((r) => {
    r.commit('one', { a: '1' });
    r.tag('v1', 'first');
    r.git('refs', 'migrate', '--ref-format=reftable');
    r.commit('two', { a: '2' });
    r.git('update-ref', 'ORIG_HEAD', 'HEAD');
    r.git('worktree', 'add', '-q', '-b', 'fix', linked);
    r.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/heads/main');
  });
  const oid = repo.git('rev-parse', 'HEAD');
  const opened = await openRepository(repo.path);
  expect(namesAndOids(opened).toSorted(byName)).toEqual(refsByGit(repo).toSorted(byName));
  expect(opened).toMatchObject({
    refFormat: 'reftable',
    head: { symbolic: 'refs/heads/main', oid },
    pseudoRefs: [
      { name: 'ORIG_HEAD', oid },
      { name: 'worktrees/fix/ORIG_HEAD', oid },
    ],
    problems: [],
  });
  expect(opened.worktrees.map(({ head }) => head.symbolic)).toEqual(['refs/heads/main', 'refs/heads/fix']);
  const ofMain = opened.reflogs.filter(({ ref }) => ref === 'refs/heads/main');
  expect(ofMain.map(({ message, previous }) => [message, previous])).toEqual([
    ['commit: two', repo.git('rev-parse', 'HEAD~1')],
    ['commit (initial): one', '0'.repeat(40)],
  ]);
});

test.each([
  ['core.repositoryformatversion', '99', 'repository format version "99"'],
  ['extensions.telepathy', 'true', 'the extension "telepathy"'],
  ['extensions.objectformat', 'sha512', 'the object format "sha512"'],
  ['extensions.refstorage', 'stone', 'the ref storage "stone"'],
])('a repository that needs %s=%s is refused by name', async (key, value, what) => {
  const repo = await oneCommit();
  appendFileSync(join(repo.gitDir, 'config'), '[core]\nrepositoryformatversion = 1\n');
  const [section, name] = key.split('.');
  appendFileSync(join(repo.gitDir, 'config'), `[${section}]\n${name} = ${value}\n`);
  await expect(openRepository(repo.path)).rejects.toMatchObject({
    code: 'unsupported-repository',
    message: expect.stringContaining(what),
  });
});

test.each(['missing', 'folder', 'file', 'empty .git'])('no repository: %s', async (kind) => {
  const folder = temporaryFolder().path;
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'folder'));
  mkdirSync(join(folder, 'empty .git', '.git'), { recursive: true });
  const opening = openRepository(join(folder, kind));
  await expect(opening).rejects.toMatchObject({
    code: 'not-a-repository',
    exitCode: 2,
    hint: 'Name a repository, or scan plain files with --no-git.',
  });
});

test('a scan of a repository changes nothing in it', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { a: '1' });
    r.git('update-index', '--split-index');
  });
  const listing = (): string =>
    execFileSync('find', [repo.gitDir, '-printf', '%P %s %T@\n'], { encoding: 'utf8' }).split('\n').sort().join('\n');
  const before = listing();
  const opened = await openRepository(repo.path);
  for (const worktree of opened.worktrees) await readIndex(opened, worktree);
  expect(listing()).toBe(before);
});
