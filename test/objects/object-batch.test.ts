import { expect, test } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { type Oid, parseOid, ReadGit } from '../../src/git/index.ts';
import { ObjectBatch } from '../../src/objects/index.ts';

test('commits, trees and tags come in order; what is not there or is a blob is told, and the rest still comes', async () => {
  const repo = await buildRepo((r) => {
    r.commit('root', { 'a.txt': 'a' });
    r.commit('next', { 'a.txt': 'b' });
    r.tag('v1', 'a tag');
  });
  const oidOf = (name: string): Oid => parseOid(repo.git('rev-parse', name)) ?? absent;
  const absent = parseOid('1'.repeat(40)) ?? oidOf('HEAD');
  const [commit, tree, blob, tag] = ['HEAD', 'HEAD^{tree}', 'HEAD:a.txt', 'v1'].map(oidOf) as [Oid, Oid, Oid, Oid];
  await using readGit = await ReadGit.open({
    objectDirectory: `${repo.gitDir}/objects`,
    alternateDirectories: [],
    format: 'sha1',
  });
  await using batch = new ObjectBatch(readGit);
  const shown: string[] = [];
  const unread = await batch.read([commit, absent, blob, tree, tag], (oid, type, bytes) => {
    shown.push(`${oid} ${type} ${bytes.length}`);
  });
  expect(shown).toEqual(
    [commit, tree, tag].map((oid) => `${oid} ${['-t', '-s'].map((ask) => repo.git('cat-file', ask, oid)).join(' ')}`),
  );
  expect(unread).toEqual([absent, blob]);
  expect(await batch.read([], () => {})).toEqual([]);
});
