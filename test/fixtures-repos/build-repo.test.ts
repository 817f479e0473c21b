import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildRepo, type Recipe } from '../../fixtures-repos/index.ts';

const twoCommits: Recipe = (r) => {
  r.commit('add config', { 'app.env': 'NAME=value\n', 'src/link': { symlink: '../app.env' } });
  r.commit('remove it', { 'app.env': null });
};

test('the same recipe has the same oids everywhere', async () => {
  const repo = await buildRepo(twoCommits);
  expect(repo.git('rev-parse', 'HEAD')).toBe('81e38deee0a6f1bd06e53d0a5299944a9324b40b');
  expect(repo.git('log', '--format=%s|%an|%ae|%at|%ct')).toBe(
    [
      'remove it|Ada Example|ada@example.com|1704067320|1704067320',
      'add config|Ada Example|ada@example.com|1704067260|1704067260',
    ].join('\n'),
  );
  expect(repo.git('ls-tree', '-r', 'HEAD~', '--name-only').split('\n')).toEqual(['app.env', 'src/link']);
  expect(repo.git('ls-tree', '-r', 'HEAD')).toContain('120000 blob');
});

test('SHA-256 and bare repositories are built by the same recipes', async () => {
  const repo = await buildRepo(twoCommits, { objectFormat: 'sha256', bare: true });
  expect(repo.git('rev-parse', 'HEAD')).toMatch(/^[0-9a-f]{64}$/);
  expect(repo.path).toBe(repo.gitDir);
  expect(readFileSync(join(repo.path, 'config'), 'utf8')).toMatch(/bare = true/);
  expect(existsSync(join(repo.path, 'index'))).toBe(false);
});

test('an evil merge holds what no parent has, an octopus has three parents', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { a: '1' });
    r.branch('left');
    r.commit('left', { b: '2' });
    r.checkout('main');
    r.branch('right');
    r.commit('right', { c: '3' });
    r.checkout('main');
    r.commit('main', { d: '4' });
    r.merge(['left', 'right'], 'octopus', { evil: '5' });
  });
  expect(repo.git('rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(4);
  expect(repo.git('ls-tree', '--name-only', 'HEAD').split('\n')).toEqual(['a', 'b', 'c', 'd', 'evil']);
});

test('a conflict is resolved by the files of the merge', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { a: '1' });
    r.branch('side');
    r.commit('side', { a: '2' });
    r.checkout('main');
    r.commit('main', { a: '3' });
    r.merge('side', 'both', { a: '4' });
  });
  expect(repo.git('show', 'HEAD:a')).toBe('4');
});

test('tags, amended commits, people and paths of any bytes', async () => {
  const repo = await buildRepo((r) => {
    r.commit('first', { a: '1' });
    r.commit('second', { a: '2' }, { amend: true, author: { name: 'Bo', email: 'bo@example.com' } });
    r.tag('plain');
    r.tag('v1', 'a message', r.hashObject('a blob'));
    r.commitBytes('odd', Buffer.from([0x61, 0xff, 0x0a]), 'x');
  });
  expect(repo.git('log', '--format=%s %an', 'plain')).toBe('second Bo');
  expect(repo.git('cat-file', '-p', 'v1')).toMatch(/\ntype blob\n(?:.*\n)*a message$/);
  expect(repo.git('ls-tree', '--name-only', 'HEAD')).toContain('"a\\377\\n"');
});

test('dispose removes the folder', async () => {
  const repo = await buildRepo(twoCommits);
  repo.dispose();
  expect(existsSync(repo.path)).toBe(false);
});
