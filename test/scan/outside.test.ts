import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { runUnleak } from '../e2e/run-unleak.ts';

test('a submodule is named as a repository of its own, with the command that scans it', async () => {
  const inner = await buildRepo((r) => {
    r.commit('inner', { 'inner.txt': 'inner\n' });
  });
  const outer = await buildRepo((r) => {
    r.commit('outer', { 'outer.txt': 'outer\n' });
    r.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.path, 'libs/inner');
    r.git('commit', '-qm', 'add submodule');
  });
  const { stdout, exitCode } = await runUnleak(['scan', outer.path, '--format', 'json']);
  const { coverage } = JSON.parse(stdout) as { coverage: { outside: { what: string; detail: string }[] } };
  expect(exitCode).toBe(0);
  expect(coverage.outside).toContainEqual({
    what: 'submodule',
    detail: `libs/inner, a repository of its own: unleak scan ${outer.path}/libs/inner`,
  });
});
