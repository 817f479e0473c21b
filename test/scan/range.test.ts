import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BuiltRepo, buildRepo } from '../../fixtures-repos/build-repo.ts';
import { githubToken, seededMaker } from '../../fixtures-repos/secrets/index.ts';
import { temporaryFolder } from '../../fixtures-repos/temporary-folder.ts';
import { KnownError } from '../../src/errors.ts';
import type { CommitSelection } from '../../src/scan/index.ts';
import { exposuresOf, scanIn } from './range-scans.ts';

const tokenOf = (name: string): string => githubToken(seededMaker(name));
const line = (name: string): string => `${'to'}ken = ${tokenOf(name)}\n`;
const range = (text: string): CommitSelection => ({ kind: 'range', text });
const since = (text: string): CommitSelection => ({ kind: 'since', text });

/** `secret at place, brought by subject of commit` for each exposure, sorted. */
const told = async (
  repo: { readonly path: string; git(...args: readonly string[]): string },
  commits: CommitSelection,
): Promise<string[]> => {
  const exposures = exposuresOf(await scanIn(repo.path, commits));
  return exposures
    .map(({ path, source, introduced }) => {
      const subject = introduced === null ? 'nobody' : repo.git('log', '-1', '--format=%s', introduced.commit);
      return `${path ?? source} by ${subject}`;
    })
    .sort();
};

const failureOf = async (promise: Promise<unknown>): Promise<KnownError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof KnownError) return error;
  throw new Error('it did not fail as foreseen', { cause: error });
};

describe('what a range brings', () => {
  let repo: BuiltRepo;
  beforeAll(async () => {
    repo = await buildRepo((r) => {
      r.commit('root', { 'old.env': line('old'), README: 'readme' });
      r.tag('v1');
      r.commit('touch', { 'old.env': `${line('old')}more = 1\n` });
      r.commit('add', { 'deep/er/new.env': line('new') });
      r.commit('move', { 'old.env': null, 'moved.env': `${line('old')}more = 1\n` });
      r.commit('remove', { 'deep/er/new.env': 'gone' });
      r.commit('again', { 'deep/er/new.env': line('new') });
      r.tag('v2');
    });
  });

  test('is what its commits show and their parents do not, at the same path', async () => {
    expect(await told(repo, range('v1..v2'))).toEqual([
      'deep/er/new.env by add',
      'deep/er/new.env by again',
      'moved.env by move',
    ]);
    expect(await told(repo, range('v1..v1~0'))).toEqual([]);
    expect(await told(repo, range('v2~3..v2~1'))).toEqual(['moved.env by move']);
  });

  test('says when it went within the range, and whether a tip beyond the range still shows it', async () => {
    const [added] = exposuresOf(await scanIn(repo.path, range('v1..v2~1')));
    expect(added).toMatchObject({ path: 'deep/er/new.env', inTips: false, reachable: true });
    expect(added?.removed?.commit).toBe(repo.git('rev-parse', 'v2~1'));
    expect(added?.refNames).toEqual(['refs/heads/main', 'refs/tags/v2']);
    const [moved] = exposuresOf(await scanIn(repo.path, range('v2~3..v2~2')));
    expect(moved).toMatchObject({ path: 'moved.env', removed: null, inTips: true });
  });

  test('counts a root commit whole', async () => {
    expect(await told(repo, range('v1'))).toEqual(['old.env by root']);
    expect(await told(repo, range('v2~4 ^v1'))).toEqual([]);
  });

  test('is reported as the whole scan reports it', async () => {
    const { coverage, scope, ...whole } = await scanIn(repo.path);
    const report = await scanIn(repo.path, range('v2'));
    expect({ ...report, scope, coverage }).toEqual({ ...whole, scope, coverage });
    expect(report.scope).toEqual({ mode: 'range', since: null, range: 'v2', base: null });
    expect(report.coverage).toMatchObject({ complete: true, commits: 6, missing: [], skipped: [] });
    expect((await scanIn(repo.path, range('v1..v2'))).scope.base).toBe(repo.git('rev-parse', 'v1'));
  });

  test('reads what the commits changed, and not the rest of the store', async () => {
    const { coverage } = await scanIn(repo.path, range('v1..v1'));
    expect(coverage.objects).toBe(0);
    const one = (await scanIn(repo.path, range('v2~1..v2'))).coverage;
    // One commit; the file as it is and as it was; root, deep and er of both.
    expect({ commits: one.commits, blobs: one.blobs, trees: one.trees }).toEqual({ commits: 1, blobs: 2, trees: 6 });
  });
});

test('a merge brings what none of its sides has, and not what one side brought before the range', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { 'a.txt': 'a' });
    r.branch('topic');
    r.commit('work', { 'b.txt': 'b' });
    r.checkout('main');
    r.commit('main leak', { 'main.env': line('main') });
    r.tag('base');
    r.checkout('topic');
    r.merge('main', 'merge', { 'evil.env': line('evil') });
    r.commit('edit', { 'main.env': `# edited\n${line('main')}` });
  });
  expect(await told(repo, range('base..topic'))).toEqual(['evil.env by merge']);
  expect(await told(repo, range('base...topic'))).toEqual(['evil.env by merge']);
});

test('a merge that takes the other side is no removal where that side shows the secret too', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { 'a.txt': 'a' });
    r.branch('topic');
    r.commit('topic leak', { 'app.env': line('both') });
    r.checkout('main');
    r.commit('main leak', { 'app.env': `# main\n${line('both')}` });
    r.tag('base');
    r.checkout('topic');
    r.merge('main', 'merge', { 'app.env': `# main\n${line('both')}` });
  });
  const [exposure, ...more] = exposuresOf(await scanIn(repo.path, range('base..topic')));
  expect(more).toEqual([]);
  expect(exposure).toMatchObject({ path: 'app.env', removed: null, inTips: true });
  expect(exposure?.introduced?.commit).toBe(repo.git('rev-parse', 'topic~1'));
});

test('messages and people of the commits count, those of their parents do not', async () => {
  const repo = await buildRepo((r) => {
    r.commit(`before ${tokenOf('before')}`);
    r.commit(`within ${tokenOf('within')}`, { 'a.txt': 'a' });
  });
  const exposures = exposuresOf(await scanIn(repo.path, range('HEAD~1..')));
  expect(exposures).toMatchObject([{ source: 'commit-message', secret: tokenOf('within'), inTips: true }]);
});

test('tags that point at its commits count with their message, others do not', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root');
    r.tag('v1', `one ${tokenOf('tag one')}`);
    r.commit('next');
    r.tag('v2', `two ${tokenOf('tag two')}`);
    r.tag('v2-signed-off', `tag of a tag ${tokenOf('tag three')}`, 'v2');
  });
  const exposures = exposuresOf(await scanIn(repo.path, range('v1..v2')));
  expect(exposures.map(({ secret }) => secret).sort()).toEqual([tokenOf('tag three'), tokenOf('tag two')].sort());
  expect(exposures.every(({ source, inTips }) => source === 'tag-message' && inTips)).toBe(true);
});

test('a name that holds a secret, and a file with a sensitive name, are brought like any other', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', {
      [`logs/${tokenOf('old name')}/x`]: 'x',
      '.netrc': `machine a login b password ${'x'.repeat(4)}Q7w`,
    });
    r.commit('next', {
      [`logs/${tokenOf('new name')}/x`]: 'x',
      'c/.netrc': `machine c login d password ${'y'.repeat(3)}Z8v1`,
    });
  });
  const report = await scanIn(repo.path, range('HEAD~1..HEAD'));
  const names = exposuresOf(report).filter(({ source }) => source === 'path');
  expect(names.map(({ secret }) => secret)).toEqual([tokenOf('new name')]);
  const whole = await scanIn(repo.path);
  const newer = (file: { exposures: readonly { path: string | null }[] }): boolean =>
    file.exposures.some(({ path }) => path === 'c/.netrc');
  expect(whole.sensitiveFiles.filter(newer)).toHaveLength(1);
  expect(report.sensitiveFiles).toEqual(whole.sensitiveFiles.filter(newer));
});

describe('--since', () => {
  let repo: BuiltRepo;
  beforeAll(async () => {
    repo = await buildRepo((r) => {
      r.commit('root', { 'a.env': line('a') });
      r.tag('start');
      r.commit('second', { 'b.env': line('b') });
      r.branch('topic', 'start');
      r.commit('third', { 'c.env': line('c') });
      r.git('notes', 'add', '-m', `a note ${tokenOf('note')}`, 'start');
      r.checkout('main');
    });
  });

  test('a revision stands for all that refs reach and it does not, notes included', async () => {
    const exposures = exposuresOf(await scanIn(repo.path, since('start')));
    expect(exposures.map(({ source, secret }) => `${source} ${secret}`).sort()).toEqual(
      [`blob ${tokenOf('b')}`, `blob ${tokenOf('c')}`, `note ${tokenOf('note')}`].sort(),
    );
    expect(exposures.every(({ reachable, inTips }) => reachable && inTips)).toBe(true);
  });

  test('a date stands for the commits that are newer, of all refs', async () => {
    const [second = '', third = ''] = ['main', 'topic'].map((name) => repo.git('log', '-1', '--format=%cI', name));
    expect(second < third).toBe(true);
    expect(await told(repo, since(second))).toContain('b.env by second');
    expect(await told(repo, since(third))).toEqual(expect.not.arrayContaining(['b.env by second']));
    expect(await told(repo, since(third))).toContain('c.env by third');
    const day = await scanIn(repo.path, since('2024-01-01'));
    expect(day.coverage.commits).toBe(4);
    expect(day.scope).toEqual({ mode: 'range', since: '2024-01-01', range: null, base: null });
  });

  test('what is neither is said, and never taken for "now"', async () => {
    const { code, message, hint } = await failureOf(scanIn(repo.path, since('mian')));
    expect({ code, message }).toEqual({
      code: 'bad-revision',
      message: '"mian" names no commit here, and is no date.',
    });
    expect(hint).toContain('2 weeks ago');
  });
});

describe('--commits-from', () => {
  test('each commit counts on its own, by id or by name', async () => {
    const repo = await buildRepo((r) => {
      r.commit('root', { 'a.env': line('a') });
      r.commit('second', { 'b.env': line('b') });
      r.commit('third', { 'c.env': line('c'), 'b.env': `# edited\n${line('b')}` });
      r.tag('v3', 'a tag');
    });
    const file = join(temporaryFolder().path, 'commits');
    writeFileSync(file, `${repo.git('rev-parse', 'HEAD~2')}\n\nv3\r\nv3\n`);
    const selection: CommitSelection = { kind: 'commits-from', file };
    expect(await told(repo, selection)).toEqual(['a.env by root', 'c.env by third']);
    expect((await scanIn(repo.path, selection)).scope).toEqual({ mode: 'range', since: null, range: null, base: null });

    writeFileSync(file, `v3\n${tokenOf('not a commit')}\n`);
    const { code, message } = await failureOf(scanIn(repo.path, selection));
    expect({ code, message }).toEqual({
      code: 'bad-revision',
      message: `${file}, line 2: this names no commit here.`,
    });
  });
});

describe('what is no range', () => {
  let repo: BuiltRepo;
  beforeAll(async () => {
    repo = await buildRepo((r) => {
      r.commit('root', { 'a.env': line('a'), 'a.txt': 'a' });
    });
  });

  test.each(['nope..HEAD', '--all', 'HEAD..--output=x', '^HEAD', '', ' ', '-1', 'HEAD^@', 'HEAD:a.txt'])(
    '%j is refused with a hint',
    async (text) => {
      const { code, hint, exitCode } = await failureOf(scanIn(repo.path, range(text)));
      expect({ code, exitCode }).toEqual({ code: 'bad-revision', exitCode: 2 });
      expect(hint).not.toBe('');
    },
  );

  test('an empty one is incomplete', async () => {
    for (const selection of [range('HEAD..HEAD'), since('2024-06-01'), since('HEAD')]) {
      const { coverage, credentials } = await scanIn(repo.path, selection);
      expect(coverage.incomplete).toMatchObject([{ reason: 'empty-range' }]);
      expect(coverage.complete).toBe(false);
      expect(credentials).toEqual([]);
    }
  });
});

describe('a shallow clone', () => {
  let repo: BuiltRepo;
  beforeAll(async () => {
    const origin = await buildRepo((r) => {
      r.commit('root', { 'a.env': line('a') });
      r.commit('second', { 'b.env': line('b') });
      r.commit('third', { 'c.env': line('c') });
    });
    repo = await buildRepo((r) => {
      r.git('fetch', '-q', '--depth=2', `file://${origin.path}`, 'main');
      r.git('reset', '-q', '--hard', 'FETCH_HEAD');
    });
  });

  test('is complete for commits whose parents are here', async () => {
    expect(await told(repo, range('HEAD~1..HEAD'))).toEqual(['c.env by third']);
    expect((await scanIn(repo.path, range('HEAD~1..HEAD'))).coverage).toMatchObject({ complete: true, incomplete: [] });
  });

  test('says where the base was cut off, and then counts all that stood there', async () => {
    expect(await told(repo, range('HEAD'))).toEqual(['a.env by second', 'b.env by second', 'c.env by third']);
    const { incomplete } = (await scanIn(repo.path, range('HEAD'))).coverage;
    expect(incomplete).toMatchObject([{ reason: 'shallow' }]);
    const { hint } = await failureOf(scanIn(repo.path, range('HEAD~2..HEAD')));
    expect(hint).toContain('git fetch --unshallow');
  });
});

test('objects that the range needs and the store lacks are named', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { 'a.txt': 'a' });
    r.commit('next', { 'a.txt': 'b', 'b.env': line('b') });
  });
  const oid = repo.git('rev-parse', 'HEAD:a.txt');
  repo.git('prune-packed');
  const { rmSync } = await import('node:fs');
  rmSync(join(repo.gitDir, 'objects', oid.slice(0, 2), oid.slice(2)));
  const { coverage, credentials } = await scanIn(repo.path, range('HEAD~1..HEAD'));
  expect(coverage.missing).toEqual([oid]);
  expect(coverage.incomplete).toMatchObject([{ reason: 'missing-objects' }]);
  expect(credentials).toHaveLength(1);
});

test('a commit that no ref reaches is scanned, and said to be in no ref', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { 'a.txt': 'a' });
    r.commit('lost', { 'b.env': line('b') });
    r.tag('lost');
    r.git('reset', '-q', '--hard', 'HEAD~1');
  });
  const lost = repo.git('rev-parse', 'lost');
  repo.git('tag', '-d', 'lost');
  const [exposure] = exposuresOf(await scanIn(repo.path, range(`HEAD..${lost}`)));
  expect(exposure).toMatchObject({ path: 'b.env', reachable: false, inTips: false, refNames: [] });
  expect(exposure?.unreachable?.why).toContain('HEAD@{1}');
});

test('what is staged can be asked for beside a range', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { 'a.env': line('a') });
    r.commit('next', { 'b.env': line('b') });
    r.stage({ 'c.env': line('c') });
  });
  const report = await scanIn(repo.path, range('HEAD~1..'), { scope: ['history', 'staged'] });
  expect(
    exposuresOf(report)
      .map(({ path, source }) => `${source} ${path}`)
      .sort(),
  ).toEqual(['blob b.env', 'index c.env']);
});

test('SHA-256 repositories have ranges too', async () => {
  const repo = await buildRepo(
    (r) => {
      r.commit('root', { 'a.env': line('a') });
      r.commit('next', { 'b.env': line('b') });
    },
    { objectFormat: 'sha256' },
  );
  expect(await told(repo, range('HEAD~1..HEAD'))).toEqual(['b.env by next']);
});
