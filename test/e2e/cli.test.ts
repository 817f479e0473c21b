import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/index.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';

const launcher = fileURLToPath(new URL('../../bin/unleak.cjs', import.meta.url));
const empty = mkdtempSync(join(tmpdir(), 'unleak-e2e-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

const unleak = (args: readonly string[], cwd = empty) =>
  spawnSync(process.execPath, [launcher, ...args], { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

test('the built command answers, and ends by the contract', () => {
  expect(unleak(['--version'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^unleak \d+\.\d+\.\d+\n$/),
    stderr: '',
  });
  expect(unleak(['scan', '--help'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('--min-severity'),
    stderr: '',
  });
  expect(unleak(['--bogus'])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('[usage]') });
});

test('a long answer leaves whole through a pipe, also to a reader that is slow', () => {
  const script = '"$0" "$1" rules list --format json | (sleep 0.3; cat)';
  const ended = spawnSync('bash', ['-c', script, process.execPath, launcher], { cwd: empty, encoding: 'utf8' });
  // More than a pipe holds, so that a process that ends too early is noticed.
  expect(ended.stdout.length).toBeGreaterThan(65_536);
  expect(JSON.parse(ended.stdout)).toMatchObject({ command: 'rules' });
});

test('a reader that goes away ends the writing quietly', () => {
  const script = `"$0" "$1" rules list --format json | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
  const ended = spawnSync('bash', ['-c', script, process.execPath, launcher], { cwd: empty, encoding: 'utf8' });
  expect(ended).toMatchObject({ stdout: '0\n', stderr: '' });
});

test('a trace says what a rule made of a place in a real object, and nothing of the text', async () => {
  const rule = catalogue.find(({ id }) => id === 'aws-access-key-id');
  const value = rule?.examples[0]?.(createMaker('trace of a real object')) ?? '';
  expect(value.length).toBeGreaterThan(16);
  const repo = await buildRepo((r) => {
    r.commit('add', { 'a.txt': `# a line before\n${value}\n` });
  });
  const oid = repo.git('rev-parse', 'HEAD:a.txt');
  const text = unleak(['explain', '--trace', oid.slice(0, 10)], repo.path);
  expect(text).toMatchObject({ status: 0, stderr: '' });
  expect(text.stdout).toContain(`blob ${oid}`);
  expect(text.stdout).toMatch(/aws-access-key-id {2}reported/);
  expect(text.stdout).not.toContain(value);
  const json = unleak(['explain', '--trace', `${oid}:20`, repo.path, '--format', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ command: 'explain', trace: { oid, type: 'blob', offset: 20 } });
  const nothing = unleak(['explain', '--trace', '0000000000', repo.path]);
  expect(nothing).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('[no-such-object]') });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends a scan with what it has: one whole JSON value, marked incomplete, exit code %d',
  async (signal, code) => {
    const child = spawn(process.execPath, [launcher, '-', '--format', 'json'], { cwd: empty });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    // More than a pipe holds: once it is taken, the scan is reading, and it waits for more that never comes.
    child.stdin.write('nothing to see\n'.repeat(100_000));
    child.stdin.on('error', () => {});
    await once(child.stdin, 'drain');
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([code, null]);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'interrupted' },
      scope: { mode: 'stdin' },
      coverage: { complete: false, incomplete: [{ reason: 'interrupted' }] },
    });
  },
);

test('a scan says by its exit code how it ended, in every scope', async () => {
  const value =
    catalogue.find(({ id }) => id === 'github-token-classic') ??
    catalogue.find(({ provider }) => /github/i.test(provider));
  const line = value?.examples[0]?.(createMaker('every scope')) ?? '';
  const repo = await buildRepo((r) => {
    r.commit('add', { 'a.txt': `${line}\n` });
    r.commit('remove', { 'a.txt': null });
    r.write({ 'b.txt': `${line}\n` });
  });
  const ended = (...args: readonly string[]): unknown => {
    const { status, stdout } = unleak([...args, '--format', 'json'], repo.path);
    const { scope, credentials } = JSON.parse(stdout) as { scope: { mode: string }; credentials: unknown[] };
    expect(stdout).not.toContain(line);
    return [status, scope.mode, credentials.length];
  };
  expect(ended()).toEqual([1, 'history', 1]);
  expect(ended('--worktree')).toEqual([1, 'worktree', 1]);
  expect(ended('--staged')).toEqual([0, 'staged', 0]);
  expect(ended('--no-git', 'b.txt')).toEqual([1, 'files', 1]);
  expect(spawnSync(process.execPath, [launcher, '-'], { cwd: empty, input: line }).status).toBe(1);
});
