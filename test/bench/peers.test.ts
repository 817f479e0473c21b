import { expect, test } from 'vitest';
import { argsFor, commandLine, findPeer, summarize } from '../../bench/peers.ts';

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
  expect(summarize(peer, '')).toEqual({ read: 'not said', findings: 'not said' });
});
