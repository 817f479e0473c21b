import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BuiltRepo, buildRepo } from '../../fixtures-repos/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';
import type { Oid } from '../../src/git/index.ts';
import { Sha256NeedsGitError, type WalkedObject, walkWithoutGit } from '../../src/objects/index.ts';
import { storeFiles, storeGitDir } from '../../src/objects/store-files.ts';

const walk = async (directories: readonly string[], tips: readonly string[]): Promise<WalkedObject[]> => {
  const walked: WalkedObject[] = [];
  const request = { objectDirectories: directories, format: 'sha1', tips: tips as readonly Oid[] } as const;
  for await (const object of walkWithoutGit(request)) walked.push(object);
  return walked;
};

const objectsOf = (repo: BuiltRepo): string => join(repo.gitDir, 'objects');

const tipsOf = (repo: BuiltRepo): string[] => repo.git('for-each-ref', '--format=%(objectname)').split('\n');

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}`).join('\n');

const history = (): Promise<BuiltRepo> =>
  buildRepo((r) => {
    for (let i = 1; i < 6; i++)
      r.commit(`commit ${i}`, { 'a.txt': numbered(200 + i), 'sub/b.bin': Buffer.of(i, 0, 255) });
    r.branch('side', 'HEAD~2');
    r.commit('side', { 's.txt': 's' });
    r.checkout('main');
    r.merge('side', 'merge');
    r.tag('v1', 'annotated');
    r.tag('blob-tag', 'of a blob', r.hashObject('only a tag reaches me'));
    r.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
    r.git('repack', '-q', '-a', '-d');
    r.commit('loose', { 'c.txt': 'c' });
  });

test('it reads what refs reach, byte for byte as git does, always in the same order', async () => {
  const repo = await history();
  const walked = await walk([objectsOf(repo)], tipsOf(repo));
  const reachable = repo.git('rev-list', '--objects', '--no-object-names', '--all').split('\n');
  expect(walked.map(({ oid }) => oid as string).sort()).toEqual([...new Set(reachable)].sort());
  for (const object of walked) {
    if (object.kind !== 'object') throw new Error(`${object.oid}: ${object.reason}`);
    expect(Buffer.from(object.bytes)).toEqual(runGit(['cat-file', object.type, object.oid], { cwd: repo.gitDir }));
  }
  expect(await walk([objectsOf(repo)], tipsOf(repo))).toEqual(walked);
});

test('objects of an alternate are read where the tips lead there', async () => {
  const lender = await buildRepo((r) => void r.commit('lent', { 'a.txt': 'a' }));
  const tip = lender.git('rev-parse', 'HEAD');
  const borrower = await buildRepo((r) => {
    writeFileSync(join(r.gitDir, 'objects/info/alternates'), `${objectsOf(lender)}\n`);
    r.git('reset', '-q', '--hard', tip);
    r.commit('ours', { 'b.txt': 'b' });
  });
  const walked = await walk([objectsOf(borrower), objectsOf(lender)], tipsOf(borrower));
  expect(walked.map(({ kind }) => kind)).toEqual(Array(6).fill('object'));
});

test('what is missing or damaged is named, and hides nothing else', async () => {
  const repo = await buildRepo((r) => void r.commit('one', { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' }));
  const [a = '', b = ''] = ['a.txt', 'b.txt'].map((name) => repo.git('rev-parse', `HEAD:${name}`));
  const pathOf = (oid: string): string => join(objectsOf(repo), oid.slice(0, 2), oid.slice(2));
  rmSync(pathOf(a));
  rmSync(pathOf(b));
  writeFileSync(pathOf(b), 'no zlib stream');
  const walked = await walk([objectsOf(repo)], tipsOf(repo));
  expect(walked.filter(({ kind }) => kind === 'unreadable')).toEqual([
    { kind: 'unreadable', oid: a, reason: 'it is missing' },
    { kind: 'unreadable', oid: b, reason: 'it is damaged' },
  ]);
  expect(walked).toHaveLength(5);
});

test.skipIf(process.platform === 'win32')('a pipe in place of an object is not waited for', async () => {
  const repo = await buildRepo((r) => void r.commit('one', { 'a.txt': 'a' }));
  const oid = repo.git('rev-parse', 'HEAD:a.txt');
  const path = join(objectsOf(repo), oid.slice(0, 2), oid.slice(2));
  rmSync(path);
  execFileSync('mkfifo', [path]);
  expect((await walk([objectsOf(repo)], tipsOf(repo))).at(-1)).toMatchObject({ kind: 'unreadable', oid });
});

test('a SHA-256 repository is refused with what to do', async () => {
  const walking = walkWithoutGit({ objectDirectories: [], format: 'sha256', tips: [] });
  await expect(walking.next()).rejects.toThrow(Sha256NeedsGitError);
});

test('the library sees objects and nothing else, and can write nothing', async () => {
  const repo = await buildRepo((r) => void r.commit('one', { 'a.txt': 'a' }));
  const { promises: files } = storeFiles(objectsOf(repo));
  for (const path of ['config', 'HEAD', 'objects/../HEAD', 'objects/../../../etc/passwd', '../repo/a.txt']) {
    await expect(files.readFile(`${storeGitDir}/${path}`), path).rejects.toThrow();
  }
  await expect(files.readFile('/etc/passwd')).rejects.toThrow('ENOENT');
  await expect(files.writeFile()).rejects.toThrow('EROFS');
  await expect(files.unlink()).rejects.toThrow('EROFS');
  expect(await files.readdir(`${storeGitDir}/objects`)).toEqual(readdirSync(objectsOf(repo)).sort());
});
