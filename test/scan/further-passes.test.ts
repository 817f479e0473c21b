import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { createMaker } from '../../src/rules/index.ts';
import type { ScanRequest } from '../../src/scan/index.ts';
import { scanHere } from './scan-here.ts';

const make = createMaker('passes over trees');

/** A token that only the parser of a file with its name finds: no anchor leads to it. */
const tokenFile = (): string => `${make.base62(32)}\n`;

const scanned = async (path: string, engine: ScanRequest['engine']) => {
  const { credentials, coverage } = await scanHere(path, { engine });
  const paths = credentials.map(({ exposures }) => exposures.map((exposure) => exposure.path).sort());
  return { paths: paths.sort(), bytesInflated: coverage.stats.bytesInflated };
};

const treeBytes = (listing: string): number =>
  listing
    .split('\n')
    .filter((line) => line.startsWith('tree '))
    .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);

const repoWith = async (files: Readonly<Record<string, string>>) => {
  const repo = await buildRepo((r) => {
    r.commit('first', { 'src/main.c': 'int main() {}\n', ...files });
    r.commit('second', { 'src/main.c': 'int main() { return 0; }\n' });
    r.git('repack', '-adf');
  });
  const sizes = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectsize)');
  const whole = sizes.split('\n').reduce((sum, line) => sum + Number(line.split(' ')[1] ?? 0), 0);
  return { path: repo.path, whole, trees: treeBytes(sizes) };
};

test('what a file’s parser finds is exposed wherever the same bytes stand', async () => {
  const token = tokenFile();
  const repo = await repoWith({ '.vault-token': token, 'notes/of a day.txt': token, 'secrets/deep/one': token });
  const found = await scanned(repo.path, 'cat-file');
  expect(found.paths).toEqual([['.vault-token', 'notes/of a day.txt', 'secrets/deep/one']]);
  expect(found.bytesInflated).toBeGreaterThan(repo.whole + repo.trees / 2);
  expect((await scanned(repo.path, 'pack')).paths).toEqual(found.paths);
});

test('trees are not passed once more where all such bytes have a sensitive name', async () => {
  const repo = await repoWith({ '.vault-token': tokenFile(), 'old/.vault-token': tokenFile(), 'old/notes.txt': 'x\n' });
  const found = await scanned(repo.path, 'cat-file');
  expect(found).toEqual({ paths: [['.vault-token'], ['old/.vault-token']], bytesInflated: repo.whole });
});
