import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import type { Report } from '../../src/exposure/index.ts';
import { makePem } from '../../src/rules/index.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test('without git on PATH the reachable history is scanned, and the scan says that it is not complete', async () => {
  const repo = await buildRepo((r) => {
    r.commit('add key', { 'tls/server.key': makePem('ec', 'no git') });
    r.commit('remove key', { 'tls/server.key': null });
    r.git('gc', '-q');
  });
  const run = await execa(
    at('node_modules/node/bin/node'),
    [at('bin/unleak.cjs'), 'scan', repo.path, '--format', 'json'],
    {
      env: { PATH: '/nonexistent' },
      extendEnv: false,
      reject: false,
    },
  );
  const report = JSON.parse(run.stdout) as Report;
  expect(run.exitCode).toBe(1);
  expect(report.coverage).toMatchObject({
    engine: 'isomorphic-git',
    complete: false,
    incomplete: [{ reason: 'no-git' }],
    objects: 6,
  });
  expect(report.credentials).toMatchObject([
    {
      rule: 'private-key',
      verdict: 'confirmed',
      exposures: [{ path: 'tls/server.key', inTips: false, reachable: true }],
    },
  ]);
});
