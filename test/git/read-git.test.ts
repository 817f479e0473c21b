import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReadGit } from '../../src/git/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unleak-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const environment = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, env: environment, encoding: 'utf8' }).trim();

const makeRepo = (name: string, ...init: string[]): string => {
  const path = join(root, name);
  mkdirSync(path);
  git(path, 'init', '-q', '-b', 'main', ...init);
  writeFileSync(join(path, 'a.txt'), 'alpha\n');
  git(path, 'add', '.');
  git(path, 'commit', '-q', '-m', 'one');
  return path;
};

const open = (repo: string, options: Partial<Parameters<typeof ReadGit.open>[0]> = {}): Promise<ReadGit> =>
  ReadGit.open({
    objectDirectory: join(repo, '.git', 'objects'),
    alternateDirectories: [],
    format: 'sha1',
    ...options,
  });

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const listing = ['cat-file', '--batch-all-objects', '--batch-check'];

test.each(['sha1', 'sha256'] as const)('lists every object of a %s store', async (format) => {
  const repo = makeRepo('r', `--object-format=${format}`);
  await using door = await open(repo, { format });
  const { stdout, code } = await door.run(listing);
  expect(code).toBe(0);
  expect(text(stdout)).toBe(`${git(repo, ...listing)}\n`);
});

test('a child streams, reads oids from a file descriptor, and answers through a worker handle too', async () => {
  const repo = makeRepo('r');
  const oid = git(repo, 'rev-parse', 'HEAD:a.txt');
  writeFileSync(join(root, 'oids'), `${oid}\n`);
  await using owner = await open(repo);
  const door = ReadGit.attach(structuredClone(owner.handle));
  const child = door.spawn(['cat-file', '--batch'], openSync(join(root, 'oids'), 'r'));
  const chunks = await child.stdout.toArray();
  expect(Buffer.concat(chunks).toString()).toBe(`${oid} blob 6\nalpha\n\n`);
  expect(await child.done).toEqual({ code: 0, signal: null, stderr: '', reason: 'exit' });
});

test('the private directory is 0700 and gone after dispose, and so are the children', async () => {
  const door = await open(makeRepo('r'));
  const { gitDir } = door.handle;
  expect(statSync(gitDir).mode & 0o777).toBe(0o700);
  const child = door.spawn(['cat-file', '--batch'], 'pipe');
  await door[Symbol.asyncDispose]();
  expect((await child.done).reason).toBe('killed');
  expect(existsSync(gitDir)).toBe(false);
});

test('where git is not started there is no private directory, and after dispose there will be none', async () => {
  const temporary = mkdtempSync(join(root, 'tmp-'));
  vi.stubEnv('TMPDIR', temporary);
  const door = await open(makeRepo('r'));
  expect(readdirSync(temporary)).toEqual([]);
  await door[Symbol.asyncDispose]();
  expect(() => door.handle).toThrow('dispose');
  expect(readdirSync(temporary)).toEqual([]);
});

test('a child that neither speaks nor is held back is ended as silent', async () => {
  await using door = await open(makeRepo('r'), { limits: { silenceMs: 100 } });
  const child = door.spawn(['cat-file', '--batch'], 'pipe');
  child.stdout.resume();
  child.expectOutput(true);
  expect((await child.done).reason).toBe('silent');
});

test('a child that waits for questions, or for its reader, is left alone', async () => {
  await using door = await open(makeRepo('r'), { limits: { silenceMs: 50 } });
  const waiting = door.spawn(['cat-file', '--batch'], 'pipe');
  waiting.stdout.resume();
  const unread = door.spawn(listing);
  await new Promise((resolve) => setTimeout(resolve, 300));
  unread.stdout.resume();
  expect((await unread.done).reason).toBe('exit');
  waiting.stdin?.end();
  expect(await waiting.done).toMatchObject({ code: 0, reason: 'exit' });
});

test('output beyond the cap ends the child and is said', async () => {
  await using door = await open(makeRepo('r'), { limits: { outputBytes: 20 } });
  expect((await door.run(listing)).reason).toBe('too-much');
});

test('the memory limit holds, and its blow is told', async () => {
  const repo = makeRepo('r');
  const oid = git(repo, 'rev-parse', 'HEAD:a.txt');
  await using door = await open(repo, { limits: { memoryBytes: 1024 ** 2 } });
  const { stdout, code } = await door.run(['cat-file', '-t', oid]);
  expect(text(stdout)).toBe('');
  expect(code).not.toBe(0);
});

test('only the alternates that are named are read', async () => {
  const base = makeRepo('base');
  const repo = join(root, 'r');
  git(root, 'clone', '-q', '--shared', base, repo);
  await using alone = await open(repo);
  expect(text((await alone.run(listing)).stdout)).toBe('');
  await using both = await open(repo, { alternateDirectories: [join(base, '.git', 'objects')] });
  expect(text((await both.run(listing)).stdout)).toBe(`${git(base, ...listing)}\n`);
});

test('a FIFO among the packs or the loose objects is left out, named, and hangs nothing', async () => {
  const repo = makeRepo('r');
  git(repo, 'repack', '-adq');
  writeFileSync(join(repo, 'b.txt'), 'beta\n');
  git(repo, 'add', '.');
  const objects = join(repo, '.git', 'objects');
  const loose = readdirSync(objects).find((name) => /^[0-9a-f]{2}$/.test(name)) ?? '';
  execFileSync('mkfifo', [join(objects, 'pack', 'pack-1.idx'), join(objects, loose, 'f'.repeat(38))]);
  await using door = await open(repo);
  expect(door.handle.leftOut.map((path) => path.slice(path.indexOf('objects')))).toEqual([
    'objects/pack/pack-1.idx',
    `objects/${loose}/${'f'.repeat(38)}`,
  ]);
  expect(
    text((await door.run(listing)).stdout)
      .trim()
      .split('\n'),
  ).toHaveLength(4);
});

test('packs and objects that come after the door was opened are seen', async () => {
  const repo = makeRepo('r');
  await using door = await open(repo);
  git(repo, 'repack', '-adq');
  git(repo, 'prune-packed');
  writeFileSync(join(repo, 'b.txt'), 'beta\n');
  git(repo, 'add', '.');
  git(repo, 'commit', '-q', '-m', 'two');
  expect(text((await door.run(listing)).stdout)).toBe(`${git(repo, ...listing)}\n`);
});

test('objects that git is told to replace, and a forged commit-graph, change nothing', async () => {
  const repo = makeRepo('r');
  const first = git(repo, 'rev-parse', 'HEAD');
  writeFileSync(join(repo, 'a.txt'), 'beta\n');
  git(repo, 'commit', '-qam', 'two');
  const second = git(repo, 'rev-parse', 'HEAD');
  git(repo, 'replace', second, first);
  mkdirSync(join(repo, '.git', 'objects', 'info'), { recursive: true });
  writeFileSync(join(repo, '.git', 'objects', 'info', 'commit-graph'), 'CGPH nonsense');
  mkdirSync(join(repo, '.git', 'info'), { recursive: true });
  writeFileSync(join(repo, '.git', 'info', 'grafts'), `${second}\n`);
  await using door = await open(repo);
  const { stdout, stderr } = await door.run(['rev-list', '--stdin'], `${second}\n`);
  expect(text(stdout)).toBe(`${second}\n${first}\n`);
  expect(stderr).toBe('');
  expect(readFileSync(join(door.handle.gitDir, 'config'), 'utf8')).toContain('bare = true');
});
