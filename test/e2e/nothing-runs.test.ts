import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { buildTrap, stubHostileEnvironment } from '../git/trap.ts';

const launcher = fileURLToPath(new URL('../../bin/unleak.cjs', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a scan runs nothing of the repository, the user’s config or the environment, and says what is not there', async () => {
  const trap = await buildTrap();
  trap.sprung();
  stubHostileEnvironment(trap);
  const scan = (...more: string[]): string =>
    spawnSync(process.execPath, [launcher, 'scan', '.', ...more], { encoding: 'utf8', cwd: trap.repo.path }).stdout;
  const { coverage } = JSON.parse(scan('--format', 'json'));
  expect(coverage.incomplete.map(({ reason }: { reason: string }) => reason)).toEqual(['partial']);
  expect(coverage.missing).toEqual([trap.missing]);
  expect(scan('--worktree')).toContain('3 of 3 files');
  expect(trap.sprung()).toEqual([]);
});
