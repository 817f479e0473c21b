import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../fixtures-repos/index.ts';
import { openRepository, readIndex } from '../../src/repo/index.ts';
import { buildTrap, stubHostileEnvironment } from '../git/trap.ts';
import { copies } from './copy-repo.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const twoRefs = copies((r) => {
  r.commit('one', { a: '1' });
  r.tag('v1');
  r.git('pack-refs', '--all');
  r.git('update-ref', 'refs/heads/loose', 'HEAD');
});

const replace = (path: string, make: (path: string) => void): void => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  make(path);
};

const fifo = (path: string): void => {
  execFileSync('mkfifo', [path]);
};

test('opening a trap and listing its index springs nothing', async () => {
  const trap = await buildTrap();
  trap.sprung();
  stubHostileEnvironment(trap);
  const opened = await openRepository(trap.repo.path);
  expect(opened).toMatchObject({ isPartial: true, problems: [], refs: [{ name: 'refs/heads/main' }] });
  const [main] = opened.worktrees;
  if (main === undefined) throw new Error('no work tree');
  expect((await readIndex(opened, main)).entries.map(({ path }) => path)).toEqual(['.gitattributes', 'a.txt', 'b.txt']);
  expect(opened.outside.map(({ what }) => what)).toEqual(expect.arrayContaining(['hooks', 'config includes']));
  expect(trap.sprung()).toEqual([]);
});

test('a bare repository in a work tree is opened only when it is named, and runs nothing', async () => {
  const trap = await buildTrap();
  const outer = await twoRefs();
  const inner = join(outer.path, 'inner');
  execFileSync('cp', ['-r', trap.repo.gitDir, inner]);
  trap.sprung();
  expect((await openRepository(outer.path)).gitDir).toBe(outer.gitDir);
  expect((await openRepository(inner)).gitDir).toBe(inner);
  expect(trap.sprung()).toEqual([]);
});

const places = [
  'HEAD',
  'config',
  'packed-refs',
  'refs/heads/loose',
  'refs',
  'logs',
  'logs/HEAD',
  'logs/refs/heads/main',
  'ORIG_HEAD',
  'FETCH_HEAD',
  'shallow',
  'index',
  'objects/info/alternates',
  'objects/pack',
  'objects/ab',
  'worktrees',
  'worktrees/x/HEAD',
  'worktrees/x/gitdir',
  'modules',
  'modules/x/HEAD',
  'info',
  'hooks',
  'rebase-merge/onto',
];

test.each(places)(
  'a FIFO, a folder, a link or a giant in the place of %s hangs nothing and hides nothing else',
  async (place) => {
    const repo = await twoRefs();
    const path = join(repo.gitDir, place);
    const kinds: readonly ((path: string) => void)[] = [
      fifo,
      (at) => {
        mkdirSync(at);
      },
      (at) => symlinkSync('/etc/passwd', at),
      (at) => symlinkSync(at, at),
      (at) => {
        const descriptor = openSync(at, 'w');
        ftruncateSync(descriptor, 3 * 1024 ** 3);
        closeSync(descriptor);
      },
    ];
    for (const make of kinds) {
      replace(path, make);
      const opened = await openRepository(repo.path);
      for (const worktree of opened.worktrees) await readIndex(opened, worktree);
      expect(opened.problems.every(({ reason }) => !reason.includes('root:'))).toBe(true);
      expect(JSON.stringify(opened)).not.toContain('root:');
      const names = opened.refs.map(({ name }) => name);
      if (!place.startsWith('refs')) expect(names).toContain('refs/heads/loose');
      if (place !== 'packed-refs') expect(names).toContain('refs/tags/v1');
    }
  },
);

test('what is no plain file is named', async () => {
  const repo = await twoRefs();
  for (const place of ['HEAD', 'packed-refs', 'refs/heads/loose', 'logs/HEAD', 'shallow', 'objects/info/alternates']) {
    replace(join(repo.gitDir, place), fifo);
  }
  const opened = await openRepository(repo.path);
  expect(opened.problems.map(({ where }) => where).sort()).toEqual(
    ['HEAD', 'logs/HEAD', 'objects/info/alternates', 'packed-refs', 'refs/heads/loose', 'shallow'].sort(),
  );
  expect(new Set(opened.problems.map(({ reason }) => reason))).toEqual(new Set(['is a FIFO, not a plain file']));
});

test('a FIFO as .git, or as commondir, is no repository, at once', async () => {
  const folder = temporaryFolder().path;
  fifo(join(folder, '.git'));
  await expect(openRepository(folder)).rejects.toMatchObject({ code: 'not-a-repository' });
  const repo = await twoRefs();
  fifo(join(repo.gitDir, 'commondir'));
  await expect(openRepository(repo.path)).rejects.toMatchObject({ code: 'not-a-repository' });
});

test.each([
  ['a loop', 'gitdir: .git\n', 'points to what is no git directory'],
  ['another machine', 'gitdir: //host/share/x\n', 'points to another machine'],
  ['another machine, as Windows spells it', 'gitdir: \\\\host\\share\\x\n', 'points to another machine'],
  ['nowhere', 'gitdir: /nonexistent\n', 'points to what is no git directory'],
  ['no path', 'hello\n', 'does not say where its git directory is'],
  ['more than a mebibyte', `gitdir: ${'x/'.repeat(600_000)}\n`, 'is larger than 1048576 bytes'],
])('a .git file that leads to %s is refused, and says why', async (_, content, why) => {
  const folder = temporaryFolder().path;
  writeFileSync(join(folder, '.git'), content);
  await expect(openRepository(folder)).rejects.toMatchObject({
    code: 'not-a-repository',
    cause: expect.objectContaining({ message: expect.stringContaining(why) }),
  });
});

test('a commondir that leads away is followed where it is a repository, and said; else refused', async () => {
  const [repo, other] = [await twoRefs(), await twoRefs()];
  writeFileSync(join(repo.gitDir, 'commondir'), `${other.gitDir}\n`);
  const opened = await openRepository(repo.path);
  expect(opened.followed).toEqual([{ from: join(repo.gitDir, 'commondir'), to: other.gitDir }]);
  for (const target of ['//host/share', '/etc', '']) {
    writeFileSync(join(repo.gitDir, 'commondir'), `${target}\n`);
    await expect(openRepository(repo.path)).rejects.toMatchObject({ code: 'not-a-repository' });
  }
});

test('core.worktree does not lead out of the folder that was named', async () => {
  const repo = await twoRefs();
  repo.git('config', 'core.worktree', '/etc');
  expect(await openRepository(join(repo.path, '.git'))).toMatchObject({ workTree: repo.path, path: repo.path });
});

test('links under refs/ lead nowhere; a link that is an old symbolic ref is one', async () => {
  const repo = await twoRefs();
  const heads = join(repo.gitDir, 'refs', 'heads');
  symlinkSync('.', join(heads, 'self'));
  symlinkSync('/etc', join(heads, 'dir'));
  symlinkSync('/etc/passwd', join(heads, 'passwd'));
  symlinkSync('refs/heads/main', join(heads, 'old'));
  const opened = await openRepository(repo.path);
  expect(opened.refs.map(({ name, symbolic }) => [name, symbolic])).toEqual([
    ['refs/heads/loose', null],
    ['refs/heads/main', null],
    ['refs/heads/old', 'refs/heads/main'],
    ['refs/tags/v1', null],
  ]);
  expect(opened.problems).toEqual(
    ['dir', 'passwd', 'self'].map((name) => ({
      where: `refs/heads/${name}`,
      reason: 'is a symbolic link, and was not followed',
    })),
  );
});

test('refs that git takes in spite of their looks are taken; bad ones are named and hide none', async () => {
  const repo = await twoRefs();
  const oid = repo.git('rev-parse', 'HEAD');
  const put = (name: string, content: string): void => {
    writeFileSync(join(repo.gitDir, 'refs', 'heads', name), content);
  };
  const good = { crlf: `${oid}\r\n`, bare: oid, text: `${oid} and more\n`, upper: `${oid.toUpperCase()}\n` };
  for (const [name, content] of Object.entries(good)) put(name, content);
  put('spaces', 'ref:   refs/heads/main  \n');
  const bad = { empty: '', short: oid.slice(1), 'a..b': oid, 'a b': oid, away: 'ref: ../../../etc/passwd\n' };
  for (const [name, content] of Object.entries(bad)) put(name, content);
  put('ping', 'ref: refs/heads/pong\n');
  put('pong', 'ref: refs/heads/ping\n');
  put('half.lock', '');
  writeFileSync(Buffer.concat([Buffer.from(join(repo.gitDir, 'refs', 'heads', 'z')), Buffer.of(0xe9)]), `${oid}\n`);
  const { refs, problems } = await openRepository(repo.path);
  const taken = refs.map(({ name }) => name.replace('refs/heads/', ''));
  expect(taken).toEqual(['bare', 'crlf', 'loose', 'main', 'spaces', 'text', 'upper', 'z\xe9', 'refs/tags/v1']);
  expect(new Set(refs.map((ref) => ref.oid))).toEqual(new Set([oid]));
  expect(problems.map(({ where }) => where.replace('refs/heads/', '')).sort()).toEqual(
    [...Object.keys(bad), 'ping', 'pong'].sort(),
  );
});

test('a malformed line of packed-refs hides no other', async () => {
  const repo = await twoRefs();
  const oid = repo.git('rev-parse', 'HEAD');
  const lines = [
    `${oid} refs/heads/a`,
    'nonsense',
    `${oid} ../escape`,
    `${oid} refs/heads/b`,
    `^${oid}`,
    `${oid} refs/x`,
  ];
  writeFileSync(join(repo.gitDir, 'packed-refs'), lines.join('\n'));
  const { refs, problems } = await openRepository(repo.path);
  expect(refs.map(({ name }) => name)).toEqual(['refs/heads/a', 'refs/heads/b', 'refs/heads/loose', 'refs/x']);
  expect(problems.map(({ reason }) => reason)).toEqual([
    'line 2 is no line of packed-refs',
    'line 3 has a name that no ref can have',
  ]);
});

test('a config that blocks, repeats or swells is read once, and followed nowhere', async () => {
  const repo = await twoRefs();
  fifo(join(repo.gitDir, 'pipe'));
  const sections = Array.from({ length: 20_000 }, (_, index) => `[x "${index}"]\n\tkey = ${index}\n`).join('');
  const includes = ['pipe', '/dev/zero', 'config'].map((path) => `[include]\n\tpath = ${path}\n`).join('');
  const text = `[core]\n\tbare = false\n${includes}${sections}[a]\n\tlong = ${'x'.repeat(1024 ** 2)}\n`;
  writeFileSync(join(repo.gitDir, 'config'), `${text}[remote "origin"]\n\turl = ../there\n`);
  const opened = await openRepository(repo.path);
  expect(opened.remotes.map(({ url }) => url)).toEqual(['../there']);
  expect(opened.outside).toContainEqual({ what: 'config includes', detail: 'files that the settings name: 3' });
});

test('a typo in the config is named and hides nothing', async () => {
  const repo = await twoRefs();
  writeFileSync(join(repo.gitDir, 'config'), '[core\nbare = maybe\n[remote "origin"]\n\turl = ../there\n\t= x\n');
  const opened = await openRepository(repo.path);
  expect(opened.remotes.map(({ name }) => name)).toEqual(['origin']);
  expect(opened.problems).toEqual([{ where: 'config', reason: 'line 1, 2, 5 cannot be understood' }]);
  expect(existsSync(opened.gitDir)).toBe(true);
});

test('a config of which nothing can be understood is refused: even its hash would be a guess', async () => {
  const repo = await twoRefs();
  writeFileSync(join(repo.gitDir, 'config'), '[core\n\tbare = \n"');
  await expect(openRepository(repo.path)).rejects.toMatchObject({ code: 'bad-repository-config', exitCode: 2 });
});
