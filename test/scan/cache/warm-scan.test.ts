import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BuiltRepo, buildRepo } from '../../../fixtures-repos/index.ts';
import { openRepository } from '../../../src/repo/index.ts';
import { type ScanEvent, scan } from '../../../src/scan/index.ts';
import { ScanCache } from '../../../src/scan/scan-cache.ts';
import { firstDay, isCached, newCache, request, said, scanned, settled, token } from './scans.ts';

const day = 86_400_000;

/** A token that names its end, made here so that none stands in this file. */
const webToken = (expires: number): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = { sub: 'account-1', iat: 1_700_000_000, exp: expires / 1000 };
  return [part({ alg: 'HS256', typ: 'JWT' }), part(body), Buffer.alloc(32, 7).toString('base64url')].join('.');
};

const withToken = (): Promise<BuiltRepo> =>
  buildRepo((r) => {
    r.commit('configure', { 'app.conf': `token = ${token('first')}`, 'a.txt': 'plain' });
    r.commit('clean up', { 'app.conf': 'token = none' });
  });

test('a second scan with nothing new reads nothing and says the same', async () => {
  const repo = await withToken();
  await settled();
  const cacheDirectory = newCache();
  const cold = await scanned(repo, { cacheDirectory });
  const warm = await scanned(repo, { cacheDirectory, jobs: 2, now: firstDay + day });
  expect(cold.credentials).toHaveLength(1);
  expect([isCached(cold), isCached(warm)]).toEqual([false, true]);
  expect(said(warm)).toEqual({ ...said(cold), scannedAt: '2025-01-02T00:00:00.000Z' });
  expect(said(await scanned(repo))).toEqual(said(cold));
});

test('a commit, a moved ref, a dropped reflog, a staged file and other options make a report of their own', async () => {
  const repo = await withToken();
  const cacheDirectory = newCache();
  const steps: readonly (() => unknown)[] = [
    () => repo.git('commit', '--allow-empty', '-q', '-m', token('second')),
    () => repo.git('branch', 'side', 'HEAD~1'),
    () => repo.git('reset', '-q', '--hard', 'HEAD~2'),
    () => repo.git('reflog', 'expire', '--expire=now', '--all'),
    () => repo.gitWith({ input: token('third') }, 'hash-object', '-w', '--stdin'),
    () => repo.git('update-index', '--add', '--cacheinfo', `100644,${repo.git('rev-parse', 'HEAD:a.txt')},b.txt`),
    () => repo.git('gc', '-q', '--prune=now'),
  ];
  await settled();
  await scanned(repo, { cacheDirectory });
  const kept = async () => {
    const asked = request(repo.path, { cacheDirectory });
    return (await ScanCache.open(asked, await openRepository(repo.path), () => {})).report();
  };
  expect(await kept()).not.toBe(null);
  for (const [index, step] of steps.entries()) {
    step();
    expect(await kept(), `after step ${index}`).toBe(null);
  }
  const fewer = await scanned(repo, { cacheDirectory, withoutRules: ['github-pat'] });
  expect(said(fewer)).toEqual(said(await scanned(repo, { withoutRules: ['github-pat'] })));
});

test('what expires or may be removed meanwhile is said as it is on the later day', async () => {
  const repo = await buildRepo((r) => {
    r.commit('a token that ends', { 'a.conf': `authorization: Bearer ${webToken(firstDay + 10 * day)}` });
    r.commit('lost', { 'b.conf': `token = ${token('lost')}` });
    r.git('reset', '-q', '--hard', 'HEAD~1');
  });
  await settled();
  const cacheDirectory = newCache();
  const verdicts = new Set<string>();
  // Days in no order: a clock may be set back.
  for (const days of [5, 6, 11, 2000, 7]) {
    const now = firstDay + days * day;
    const report = await scanned(repo, { cacheDirectory, now });
    expect(isCached(report), `day ${days}`).toBe(days === 6);
    if (days > 10) expect(said(report), `day ${days}`).toEqual(said(await scanned(repo, { now })));
    verdicts.add(JSON.stringify(report.summary.byVerdict));
  }
  expect(verdicts.size).toBe(2);
});

test('a file of the store that changes without changing its name is read again', async () => {
  const repo = await buildRepo((r) => {
    r.commit('plain', { 'a.txt': 'nothing here' });
  });
  await settled();
  const cacheDirectory = newCache();
  expect((await scanned(repo, { cacheDirectory })).coverage.complete).toBe(true);
  const oid = repo.git('rev-parse', 'HEAD:a.txt');
  const path = join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  chmodSync(path, 0o644);
  truncateSync(path, 4);
  const report = await scanned(repo, { cacheDirectory });
  expect(report.coverage.complete).toBe(false);
  expect(said(report)).toEqual(said(await scanned(repo)));
  // What could not be read is asked for again by every run.
  expect(isCached(await scanned(repo, { cacheDirectory }))).toBe(false);
});

test('secrets are shown with a warm cache as without, and none is ever written to it', async () => {
  const repo = await withToken();
  await settled();
  const cacheDirectory = newCache();
  await scanned(repo, { cacheDirectory });
  const shown = await scanned(repo, { cacheDirectory, showSecrets: true });
  expect(shown.credentials.map(({ secret }) => secret)).toEqual([token('first')]);
  const again = await scanned(repo, { cacheDirectory });
  expect(again.credentials.map(({ secret }) => secret)).toEqual([undefined]);
  for (const name of readdirSync(join(cacheDirectory, 'v1')))
    expect(readFileSync(join(cacheDirectory, 'v1', name)).includes(token('first').slice(8)), name).toBe(false);
});

test('a refused folder is said once, and the scan is complete without it', async () => {
  const repo = await withToken();
  const cacheDirectory = newCache();
  mkdirSync(cacheDirectory);
  chmodSync(cacheDirectory, 0o777);
  const events: ScanEvent[] = [];
  const report = await scan(
    request(repo.path, { cacheDirectory }),
    (event) => events.push(event),
    new AbortController().signal,
  );
  expect(events.filter(({ type }) => type === 'cache-refused')).toEqual([
    { type: 'cache-refused', directory: cacheDirectory, reason: 'others may write to it' },
  ]);
  expect(said(report)).toEqual(said(await scanned(repo)));
  expect(readdirSync(cacheDirectory)).toEqual([]);
});

test('runs that share a folder at the same time do not spoil each other', async () => {
  const repo = await withToken();
  await settled();
  const cacheDirectory = newCache();
  const both = await Promise.all([scanned(repo, { cacheDirectory }), scanned(repo, { cacheDirectory })]);
  const after = await scanned(repo, { cacheDirectory });
  expect(isCached(after)).toBe(true);
  for (const one of both) expect(said(one)).toEqual(said(after));
});
