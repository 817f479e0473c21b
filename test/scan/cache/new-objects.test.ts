import { chmodSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BuildOptions, type BuiltRepo, buildRepo, type RepoBuilder } from '../../../fixtures-repos/index.ts';
import { cachedIn, newCache, said, scanned, settled, token } from './scans.ts';

/** A repository that goes on growing between scans. */
const growing = async (
  recipe: (r: RepoBuilder) => void,
  options: BuildOptions = {},
): Promise<{ repo: BuiltRepo; r: RepoBuilder }> => {
  let builder: RepoBuilder | undefined;
  const repo = await buildRepo((r) => {
    builder = r;
    recipe(r);
  }, options);
  if (builder === undefined) throw new Error('a recipe is run at once');
  return { repo, r: builder };
};

const inPack = (recipe: (r: RepoBuilder) => void) =>
  growing((r) => {
    recipe(r);
    r.git('repack', '-q', '-a', '-d');
  });

test('new commits cost what they bring, and old findings are attributed anew', async () => {
  const { repo, r } = await inPack((r) => {
    r.commit('configure', { 'app.conf': `token = ${token('old')}`, 'lib/a.txt': 'plain' });
  });
  await settled();
  const cacheDirectory = newCache();
  const cold = await scanned(repo, { cacheDirectory });
  for (let index = 0; index < 3; index++) r.commit(`more ${index}`, { 'lib/b.txt': `plain ${index}` });
  r.commit('clean up', { 'app.conf': null, 'c.conf': `token = ${token('new')}` });
  const warm = await scanned(repo, { cacheDirectory });
  expect(cachedIn(warm)).toBe(cold.coverage.objects);
  expect(warm.coverage.stats.bytesInflated).toBeLessThan(cold.coverage.bytes * 5);
  expect(warm.credentials).toHaveLength(2);
  expect(said(warm)).toEqual(said(await scanned(repo)));
  // A pack of its own for what is new: the old one is still what it was.
  r.git('repack', '-q', '-d');
  await settled();
  const packed = await scanned(repo, { cacheDirectory });
  expect(cachedIn(packed)).toBe(cold.coverage.objects);
  r.commit('one more', { 'd.txt': 'plain' });
  const later = await scanned(repo, { cacheDirectory });
  expect(cachedIn(later)).toBe(warm.coverage.objects);
  expect(said(later)).toEqual(said(await scanned(repo)));
});

test('a known tree that comes to stand in a folder with a sensitive name, and a known file at a sensitive path, are asked again', async () => {
  const { repo, r } = await inPack((r) => {
    r.commit('plain', {
      'docs/a/db.txt': 'Zx81-Quartz-Lamp-77',
      'notes.txt': 'db.example.org:5432:app:ada:Quartz-Lamp-77x',
    });
  });
  await settled();
  const cacheDirectory = newCache();
  await scanned(repo, { cacheDirectory });
  r.git('mv', 'docs', 'secrets');
  r.commit('move the folder');
  r.git('mv', 'notes.txt', '.pgpass');
  r.commit('move the file');
  const warm = await scanned(repo, { cacheDirectory });
  expect(cachedIn(warm)).toBeGreaterThan(0);
  expect(said(warm)).toEqual(said(await scanned(repo)));
  expect(warm.sensitiveFiles.length + warm.credentials.length).toBeGreaterThan(0);
});

test('a pack whose bytes are exchanged under its name, its size and its dates is read again', async () => {
  const make = (secret: string) =>
    inPack((r) => {
      r.commit('configure', { 'app.conf': `token = ${secret}` });
    });
  const [{ repo }, { repo: other }] = [await make(token('one')), await make(token('two'))];
  const filesOf = ({ gitDir }: BuiltRepo): readonly string[] =>
    readdirSync(join(gitDir, 'objects/pack')).map((name) => join(gitDir, 'objects/pack', name));
  await settled();
  const cacheDirectory = newCache();
  await scanned(repo, { cacheDirectory });
  for (const path of filesOf(repo)) {
    const { atime, mtime } = statSync(path);
    const from = filesOf(other).find((name) => name.slice(-4) === path.slice(-4)) ?? '';
    chmodSync(path, 0o644);
    writeFileSync(path, readFileSync(from));
    utimesSync(path, atime, mtime);
  }
  repo.git('update-ref', '--no-deref', 'refs/heads/other', other.git('rev-parse', 'HEAD'));
  const report = await scanned(repo, { cacheDirectory });
  expect(cachedIn(report)).toBe(0);
  expect(said(report)).toEqual(said(await scanned(repo)));
  expect(report.credentials).toHaveLength(1);
});

test('what is missing now, and what was missing and has come, is said as it is', async () => {
  const { repo, r } = await inPack((r) => {
    r.commit('one', { 'a.txt': 'plain' });
  });
  const oid = r.hashObject('a loose blob');
  await settled();
  const cacheDirectory = newCache();
  await scanned(repo, { cacheDirectory });
  r.gitWith({ input: `100644 blob ${oid}\tloose.txt\n` }, 'mktree');
  const tree = r.gitWith({ input: `100644 blob ${oid}\tloose.txt\n` }, 'mktree');
  r.git('update-ref', 'refs/heads/side', r.git('commit-tree', '-m', 'side', tree));
  const path = join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  const bytes = readFileSync(path);
  for (const step of [() => rmSync(path), () => writeFileSync(path, bytes)]) {
    await scanned(repo, { cacheDirectory });
    step();
    const report = await scanned(repo, { cacheDirectory });
    expect(said(report)).toEqual(said(await scanned(repo)));
  }
});

test('whatever happens between scans, a warm cache says what none says', async () => {
  const steps: Readonly<Record<string, (r: RepoBuilder, n: number) => void>> = {
    secret: (r, n) => void r.commit(`add ${n}`, { [`f${n % 3}.conf`]: `a\ntoken = ${token(String(n % 4))}\n${n}` }),
    plain: (r, n) => void r.commit(`plain ${n}`, { [`d${n % 2}/p${n % 3}.txt`]: `plain ${n}` }),
    sensitive: (r, n) =>
      void r.commit(`env ${n}`, { [n % 2 === 0 ? '.env' : 'keys/deploy']: `PASSWORD=Quartz${n}-Lamp7x` }),
    folder: (r, n) => {
      r.git('mv', '-k', `d${n % 2}`, `secrets${n % 2 === 0 ? '' : n}`);
      r.commit(`move ${n}`);
    },
    message: (r, n) => void r.commit(`it was ${token(`m${n % 2}`)}`),
    branch: (r, n) => void r.git('branch', '-f', `b${n % 3}`, 'HEAD~1'),
    drop: (r, n) => void r.git('branch', '-q', '-D', `b${n % 3}`),
    back: (r) => void r.git('reset', '-q', '--hard', 'HEAD~1'),
    amend: (r, n) => void r.commit(`amended ${n}`, { 'a.txt': `amended ${n}` }, { amend: true }),
    tag: (r, n) => void r.git('tag', '-f', '-a', '-m', `release ${n} ${token('tag')}`, `v${n % 2}`),
    stray: (r, n) => void r.hashObject(`lost ${token(`s${n % 3}`)}`),
    repack: (r) => void r.git('repack', '-q', '-d'),
    gc: (r) => void r.git('gc', '-q', '--prune=now'),
    prune: (r) => {
      r.git('reflog', 'expire', '--expire=now', '--all');
      r.git('prune', '--expire=now');
    },
    overview: (r) => void r.git('multi-pack-index', 'write'),
    duplicate: (r) => void r.git('repack', '-q', '-a'),
  };
  let known = 0;
  const step = fc.record({ name: fc.constantFrom(...Object.keys(steps)), n: fc.nat(8) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 6 }),
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.record({ engine: fc.constantFrom('pack', 'cat-file'), objectFormat: fc.constantFrom('sha1', 'sha256') }),
      async (before, after, { engine, objectFormat }) => {
        const { repo, r } = await growing(
          (r) => {
            r.commit('root', { 'a.txt': 'root', 'd0/p.txt': 'plain', 'd1/q.txt': 'plain' });
            r.commit('next', { 'f0.conf': `token = ${token('0')}` });
          },
          { objectFormat },
        );
        const go = (list: typeof before): void => {
          for (const { name, n } of list) {
            try {
              steps[name]?.(r, n);
            } catch {
              // Git refuses some of them: no such branch, nothing to amend.
            }
          }
        };
        go(before);
        r.git('repack', '-q', '-d');
        await settled();
        const cacheDirectory = newCache();
        await scanned(repo, { cacheDirectory, engine });
        go(after);
        const warm = await scanned(repo, { cacheDirectory, engine });
        known += cachedIn(warm) > 0 ? 1 : 0;
        expect(said(warm)).toEqual(said(await scanned(repo, { engine })));
      },
    ),
    { numRuns: 3 },
  );
  expect(known).toBeGreaterThan(0);
});
