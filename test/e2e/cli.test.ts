import { spawnSync } from 'node:child_process';
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

test('a short command loads neither the catalogue nor a scan', () => {
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });`;
  const node = ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`, launcher, '--help'];
  const { stderr, status } = spawnSync(process.execPath, node, { cwd: empty, encoding: 'utf8' });
  const rooms = [...stderr.matchAll(/\/dist\/(\w+)\//g)].map((match) => match[1]);
  expect(status).toBe(0);
  expect([...new Set(rooms)].toSorted()).toEqual(['cli', 'text']);
});
