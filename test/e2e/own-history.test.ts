import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Report } from '../../src/exposure/index.ts';
import { runUnleak } from './run-unleak.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A source archive has no history to scan. */
const hasHistory = existsSync(`${root}/.git`);

test.skipIf(!hasHistory)('the history of this project holds nothing that a scan would fail on', async () => {
  const { stdout } = await runUnleak(['scan', root, '--format', 'json', '--allow-incomplete']);
  const { credentials, sensitiveFiles } = JSON.parse(stdout) as Report;
  const counting = [...credentials, ...sensitiveFiles].filter(
    ({ verdict, exposures }) =>
      (verdict === 'confirmed' || verdict === 'likely') && exposures.some(({ reachable }) => reachable),
  );
  expect(
    counting.map(({ rule, exposures }) => `${rule} in ${exposures[0]?.path} by ${exposures[0]?.introduced?.commit}`),
  ).toEqual([]);
});
