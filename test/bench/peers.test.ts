import { expect, test } from 'vitest';
import { argsFor, commandLine, findPeer, isDone, summarize } from '../../bench/peers.ts';

test('a known peer needs a path alone, and its version is asked', async () => {
  const peer = await findPeer(`gitleaks=${process.execPath}`);
  expect(argsFor(peer, '/data/shop.git')).toEqual(expect.arrayContaining(['git', '/data/shop.git']));
  expect(commandLine(peer)).toMatch(/^node git .* REPO$/);
});

test('an unknown peer brings its words, and where the repository stands', async () => {
  const peer = await findPeer(`other=${process.execPath},--version {repo}`);
  expect(peer).toMatchObject({ name: 'other', version: process.versions.node });
  expect(argsFor(peer, 'x')).toEqual(['--version', 'x']);
  await expect(findPeer(`other=${process.execPath}`)).rejects.toThrow('{repo}');
  await expect(findPeer(`other=${process.execPath},--all`)).rejects.toThrow('{repo}');
});

test('what a peer says it read becomes words; what it does not say is not made up', async () => {
  const peer = await findPeer(`gitleaks=${process.execPath}`);
  const said = '9806 commits scanned.\nscanned ~13407064 bytes (13.41 MB) in 4.68s\nleaks found: 6';
  expect(summarize(peer, said)).toEqual({ read: '9806 commits, 13 MB', findings: '6' });
  expect(summarize(peer, '2 commits scanned.\nno leaks found')).toEqual({ read: '2 commits', findings: '0' });
  expect(summarize(peer, '')).toEqual({ read: 'not said', findings: 'not said' });
});

test('a peer that stopped early is not taken for one that is done', async () => {
  const peer = await findPeer(`gitleaks=${process.execPath}`);
  const run = {
    wallMs: 1,
    cpuMs: 1,
    peakPssBytes: 0,
    code: 0,
    stdout: '',
    stderr: '4034 commits scanned.\nno leaks found',
  };
  expect(isDone(peer, run)).toBe(true);
  expect(isDone(peer, { ...run, stderr: `[git] fatal: unable to read it\n${run.stderr}` })).toBe(false);
  expect(isDone(peer, { ...run, code: 126 })).toBe(false);
  expect(isDone(peer, { ...run, code: null })).toBe(false);
});
