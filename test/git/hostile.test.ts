import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../fixtures-repos/index.ts';
import { clone, findGit, gitVersion, isAtLeast, lsRemote, ReadGit, RepoGit } from '../../src/git/index.ts';
import { buildTrap, stubHostileEnvironment, type Trap } from './trap.ts';

let trap: Trap;
beforeEach(async () => {
  trap = await buildTrap();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const plainGit = (...args: string[]): void => {
  const { HOME, ...env } = process.env;
  try {
    execFileSync('git', args, { cwd: trap.repo.path, env: { ...env, HOME: HOME ?? '' }, stdio: 'ignore' });
  } catch {
    // The trap's programs fail; that they ran is what counts.
  }
};

test('the trap is armed: plain git springs it', async () => {
  plainGit('status');
  plainGit('update-ref', 'refs/heads/x', 'HEAD');
  plainGit('cat-file', '-p', trap.missing);
  plainGit('-c', 'core.fsmonitor=', 'log', '-p', '-1');
  const sprung = trap.sprung();
  const version = await gitVersion();
  if (version !== null && isAtLeast(version, 2, 54)) expect(sprung).toContain('repo-config-hook');
  for (const name of ['repo-fsmonitor', 'hook-reference-transaction', 'uploadpack']) expect(sprung).toContain(name);
});

const readCommands: readonly (readonly string[])[] = [
  ['cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'],
  ['rev-list', '--objects', '--stdin'],
  ['fsck', '--full', '--no-dangling'],
  ['log', '-p', '--stdin'],
  ['diff-tree', '-p', '--root', '--stdin'],
  ['pack-objects', '--stdout', '--revs', '-q'],
  ['zzz'],
];

test('the door for objects runs nothing of the repository, the user or the environment', async () => {
  const head = trap.repo.git('-c', 'core.hooksPath=/dev/null', 'rev-parse', 'HEAD');
  trap.sprung();
  stubHostileEnvironment(trap);
  const format = 'sha1';
  await using door = await ReadGit.open({
    objectDirectory: join(trap.repo.gitDir, 'objects'),
    alternateDirectories: [],
    format,
  });
  const results = new Map<string, string>();
  for (const args of readCommands) {
    const { stdout, stderr } = await door.run(args, `${head}\n`);
    results.set(args[0] ?? '', Buffer.from(stdout).toString('latin1') + stderr);
  }
  const { stdout } = await door.run(['cat-file', '--batch-check'], `${trap.missing}\n`);
  expect(Buffer.from(stdout).toString()).toBe(`${trap.missing} missing\n`);
  expect(results.get('cat-file')).toContain('gamma');
  expect(results.get('zzz')).toContain('not a git command');
  expect(trap.sprung()).toEqual([]);
});

test('the door for refs runs nothing either, also when it writes', async () => {
  stubHostileEnvironment(trap);
  await using door = await RepoGit.open({ gitDir: trap.repo.gitDir, configHooks: ['trap'] });
  const listed = await door.run(['for-each-ref', '--format=%(refname)']);
  expect(Buffer.from(listed.stdout).toString()).toBe('refs/heads/main\n');
  for (const args of [
    ['update-ref', 'refs/heads/new', 'refs/heads/main'],
    ['symbolic-ref', 'refs/heads/alias', 'refs/heads/main'],
    ['worktree', 'list', '--porcelain'],
    ['pack-refs', '--all'],
    ['reflog', 'expire', '--all', '--expire=never'],
  ]) {
    expect([args[0], (await door.run(args)).code]).toEqual([args[0], 0]);
  }
  expect(trap.sprung()).toEqual([]);
});

test('the door for refs takes no command that could look at content', async () => {
  await using door = await RepoGit.open({ gitDir: trap.repo.gitDir });
  for (const args of [
    ['status'],
    ['log', '-p'],
    ['worktree', 'add', 'x'],
    ['zzz'],
    ['-c', 'x=y', 'for-each-ref'],
    [],
  ]) {
    await expect(door.run(args)).rejects.toThrow('only commands that run nothing');
  }
});

test('an include that blocks ends the door for refs by silence', async () => {
  execFileSync('mkfifo', [join(trap.repo.gitDir, 'pipe')]);
  trap.repo.git('config', 'include.path', 'pipe');
  await using door = await RepoGit.open({ gitDir: trap.repo.gitDir, limits: { silenceMs: 200 } });
  expect((await door.run(['for-each-ref'])).reason).toBe('silent');
});

test('the door for remotes never uses the config of a repository around, nor GIT_* of the environment', async () => {
  const head = trap.repo.git('rev-parse', 'HEAD');
  trap.sprung();
  stubHostileEnvironment(trap);
  // Its own global config is the user's to choose: a peaceful one here.
  vi.stubEnv('HOME', '/nonexistent');
  vi.stubEnv('XDG_CONFIG_HOME', '/nonexistent');
  const refs = await lsRemote(trap.repo.path, { isFileAllowed: true });
  expect(refs.map(({ name, oid, symbolic }) => [name, oid, symbolic])).toEqual([
    ['HEAD', head, 'refs/heads/main'],
    ['refs/heads/main', head, null],
  ]);
  await expect(clone(trap.repo.path, join(temporaryFolder().path, 'c'), true, { isFileAllowed: true })).rejects.toThrow(
    'Could not clone',
  );
  expect(trap.sprung()).toEqual([]);
});

test('a git that lies in the repository, or in a relative folder of PATH, is not the one', async () => {
  const planted = join(trap.repo.path, 'bin');
  mkdirSync(planted);
  const real = (await findGit())?.path ?? '';
  copyFileSync(join(trap.home, '..', 'bin', 'user-pager'), join(planted, 'git'));
  vi.stubEnv('PATH', `bin:.:${planted}:${process.env.PATH}`);
  trap.sprung();
  expect((await findGit(trap.repo.path))?.path).toBe(real);
  vi.stubEnv('PATH', dirname(real));
  expect((await findGit('/'))?.path).toBe(real);
  expect(trap.sprung()).toEqual([]);
});
