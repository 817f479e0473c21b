import { expect, test } from 'vitest';
import { buildHostile, type HostileRepo, hostileGroups, hostileNames } from '../../fixtures-repos/hostile/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';

/** What git says, or that it fails. */
const git = ({ path }: HostileRepo, ...args: string[]): string => {
  try {
    return runGit(args, { cwd: path }).toString('latin1');
  } catch {
    return 'git fails';
  }
};

test('hand-made packs are what git reads: entries, forward bases, long chains', async () => {
  for (const name of [
    'commit-in-hand-pack',
    'pack-ref-delta-forward',
    'pack-delta-chain-1000',
    'pack-duplicate-objects',
  ]) {
    const repo = await buildHostile(name);
    const all = git(repo, 'cat-file', '--batch-all-objects', '--batch', '--unordered');
    for (const { value, key } of repo.parts.flatMap(({ found }) => found)) expect(all.includes(value), key).toBe(true);
    expect(git(repo, 'fsck', '--strict'), name).not.toBe('git fails');
  }
});

test('a broken blob is one that git cannot read', async () => {
  const names = [
    'loose-bitflip',
    'loose-checksum',
    'loose-truncated',
    'loose-empty-file',
    'loose-wrong-hash',
    'loose-missing',
  ];
  for (const name of names) {
    const repo = await buildHostile(name);
    expect(git(repo, 'fsck', '--full'), name).toBe('git fails');
    expect(git(repo, 'cat-file', 'blob', 'HEAD:survivor.conf'), name).toContain(repo.parts[0]?.found[0]?.value);
  }
});

test('malformed commits and trees are objects that git can list', async () => {
  const names = hostileNames.filter((name) =>
    /^(commit|tree)-(odd|multiple|unsorted|dup|slash|encoding|deep)/.test(name),
  );
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const repo = await buildHostile(name);
    const all = git(repo, 'cat-file', '--batch-all-objects', '--batch', '--unordered');
    for (const { value, key } of repo.parts.flatMap(({ found }) => found)) expect(all.includes(value), key).toBe(true);
  }
});

test('what cannot be scanned is nothing that git opens either', async () => {
  for (const name of [
    'gitfile-loop',
    'gitfile-missing',
    'gitfile-nonsense',
    'extension-unknown',
    'repo-version-99',
    'config-broken',
  ]) {
    const repo = await buildHostile(name);
    expect(repo.parts[0]?.fails).toBe(true);
    expect(git(repo, 'rev-parse', '--git-dir'), name).toBe('git fails');
  }
});

test('every build stands in one group', () => {
  expect(hostileGroups().flat().toSorted()).toEqual(hostileNames.toSorted());
});
