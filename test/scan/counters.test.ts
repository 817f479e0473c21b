import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { crc32Base62 } from '../../src/rules/checksum.ts';
import { createMaker } from '../../src/rules/index.ts';
import { scanHere } from './scan-here.ts';

const statsOf = async (path: string) => (await scanHere(path, { engine: 'cat-file' })).coverage;

/** Lines of code without a word that any rule waits for. */
const code = (seed: number): string =>
  Array.from({ length: 200 }, (_, line) => `  sum += table[${(line * 7 + seed) % 97}] * ${line};`).join('\n');

test('every byte of blobs, commits and tags is looked at once, and each distinct name of a tree once', async () => {
  const repo = await buildRepo((r) => {
    for (let index = 0; index < 30; index++)
      r.commit(`change ${index}`, { 'src/sum.c': code(index), 'src/copy.c': code(index) });
    r.git('tag', '-a', '-m', 'a release', 'v1');
  });
  const { stats, blobs, trees, commits, tags, objects } = await statsOf(repo.path);
  expect({ blobs, trees, commits, tags, objects }).toEqual({
    blobs: 30,
    trees: 60,
    commits: 30,
    tags: 1,
    objects: 121,
  });
  const sizes = (type: string): number =>
    repo
      .git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectsize)')
      .split('\n')
      .filter((line) => line.startsWith(`${type} `))
      .reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
  const contents = sizes('blob') + sizes('commit') + sizes('tag');
  expect(stats.bytesInflated).toBe(contents + sizes('tree'));
  expect(stats.bytesLookedAt).toBe(contents + 'srcsum.ccopy.c'.length);
});

test('of a packed history less than a quarter is looked at, and every copy of a finding is inherited', async () => {
  const versions = 60;
  const repo = await buildRepo((r) => {
    const body = createMaker('a token').base62(30);
    const token = `${'ghp'}_${body}${crc32Base62(body)}`;
    const file = (seed: number, edits: number): string =>
      Array.from({ length: 900 }, (_, line) => {
        const isEdited = line === (edits * 37) % 900;
        return line === 450 && seed === 3
          ? `const token = "${token}";`
          : `  sum += table[${(line * 7 + seed) % 97}] * ${line};${isEdited ? ` // ${edits}` : ''}`;
      }).join('\n');
    for (let version = 0; version < versions; version++)
      r.commit(`change ${version}`, { [`src/f${version % 6}.c`]: file(version % 6, version), 'src/copy.c': code(1) });
    r.git('repack', '-adfq', '--depth=50', '--window=50');
  });
  const { stats, bytes } = (await scanHere(repo.path)).coverage;
  expect(stats.bytesLookedAt / bytes).toBeLessThan(0.25);
  expect(stats.bytesInflated / bytes).toBeLessThan(0.25);
  // Ten versions of the file hold the token, which two rules see: one version is a base, the others inherit.
  expect(stats.inherited).toBe(2 * (versions / 6 - 1));
  expect(stats.throughGit).toBe(0);
});

test('ordinary code leads to no candidates, and what is decided follows the anchors, not the bytes', async () => {
  const plain = await buildRepo((r) => {
    r.commit('code', { 'a.c': code(1).repeat(50) });
  });
  expect((await statsOf(plain.path)).stats).toMatchObject({ candidates: 0, decided: 0 });
  const anchored = await buildRepo((r) => {
    r.commit('code', { 'a.c': `${code(1).repeat(50)}\nprefix ${'ghp'}_ alone\n${code(2)}` });
  });
  const { candidates, decided } = (await statsOf(anchored.path)).stats;
  expect({ candidates, decided }).toEqual({ candidates: 1, decided: 1 });
});
