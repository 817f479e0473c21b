import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { githubToken, seededMaker } from '../../fixtures-repos/secrets/index.ts';
import type { Report } from '../../src/exposure/index.ts';
import { runUnleak } from './run-unleak.ts';

const build = () =>
  buildRepo((r) => {
    r.commit('root', { 'a.env': `${'to'}ken = ${githubToken(seededMaker('before the range'))}\n` });
    r.commit('next', { 'b.env': `${'to'}ken = ${githubToken(seededMaker('in the range'))}\n` });
  });

test('commits come from standard input, and what they bring makes the exit code', async () => {
  const repo = await build();
  const args = ['scan', repo.path, '--commits-from', '-', '--format', 'json'];
  const { exitCode, stdout } = await runUnleak(args, `${repo.git('rev-parse', 'HEAD')}\n`);
  const { scope, credentials } = JSON.parse(stdout) as Report;
  expect(exitCode).toBe(1);
  expect(scope.mode).toBe('range');
  expect(credentials.flatMap(({ exposures }) => exposures.map(({ path }) => path))).toEqual(['b.env']);
});

test('an empty range is no clean result, unless that is allowed', async () => {
  const repo = await build();
  const refused = await runUnleak(['scan', repo.path, '--range', 'HEAD..HEAD', '--ci']);
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('NOT complete (empty-range)');
  expect(await runUnleak(['scan', repo.path, '--range', 'HEAD..HEAD', '--allow-incomplete'])).toMatchObject({
    exitCode: 0,
  });
});

test('a revision that is none is an error with a hint, in JSON too', async () => {
  const repo = await build();
  const { exitCode, stdout } = await runUnleak(['scan', repo.path, '--range', 'nope..HEAD', '--format', 'json']);
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    command: 'scan',
    error: { code: 'bad-revision', message: '"nope" names no commit here.' },
  });
});
