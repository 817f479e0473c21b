import { createHash } from 'node:crypto';
import { chmodSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { buildRepo } from '../../fixtures-repos/build-repo.ts';
import { oidFromBytes, ReadGit } from '../../src/git/index.ts';
import { readInventory, type Visitor, visitHere } from '../../src/objects/index.ts';

test('a few objects, deltas and loose ones among them, are read without git; what is damaged is left to it', async () => {
  const repo = await buildRepo((r) => {
    for (let index = 0; index < 20; index++)
      r.commit(`change ${index}`, { 'text.txt': `${'same line\n'.repeat(500)}${index}\n` });
    r.git('gc', '-q');
    r.commit('loose', { 'loose.txt': 'not packed\n', 'bad.txt': 'to be damaged\n' });
  });
  const objectDirectory = join(repo.gitDir, 'objects');
  await using readGit = await ReadGit.open({ objectDirectory, alternateDirectories: [], format: 'sha1' });
  const inventory = await readInventory({
    ...{ stores: [{ directory: objectDirectory, isAlternate: false }], readGit, format: 'sha1', engine: 'pack' },
  });
  const bytes = new Map<string, string>();
  const visitor = hashing((number, hash) => bytes.set(oidFromBytes(inventory.oids, number * 20, 20), hash));
  const numberOf = (name: string): number => {
    const oid = repo.git('rev-parse', name).trim();
    return [...inventory.order].find((number) => oidFromBytes(inventory.oids, number * 20, 20) === oid) ?? -1;
  };
  const handle = vi.spyOn(readGit, 'handle', 'get');

  const names = ['HEAD:text.txt', 'HEAD~5:text.txt', 'HEAD~9:text.txt', 'HEAD:loose.txt', 'HEAD', 'HEAD~3'];
  const objects = Uint32Array.from(names.map(numberOf)).sort();
  expect(await visitHere({ source: readGit, inventory, objects }, visitor)).toEqual([]);
  expect(handle).not.toHaveBeenCalled();
  expect([...bytes.keys()].sort()).toEqual(names.map((name) => repo.git('rev-parse', name).trim()).sort());
  for (const [oid, hash] of bytes) expect(hash).toBe(oid);

  const bad = repo.git('rev-parse', 'HEAD:bad.txt').trim();
  const path = join(objectDirectory, bad.slice(0, 2), bad.slice(2));
  chmodSync(path, 0o600);
  truncateSync(path, 5);
  const damaged = Uint32Array.of(numberOf('HEAD:bad.txt'));
  expect(await visitHere({ source: readGit, inventory, objects: damaged }, visitor)).toMatchObject([{ oid: bad }]);
  expect(handle).toHaveBeenCalled();
});

/** Names every object by its own bytes, as git does. */
const hashing = (see: (number: number, oid: string) => void): Visitor => {
  let input = new Uint8Array(0);
  return {
    inputFor: (sizeBytes) => {
      input = new Uint8Array(sizeBytes);
      return input;
    },
    visit: ({ number, type }, length) => {
      const hash = createHash('sha1').update(`${type} ${length}\0`).update(input.subarray(0, length));
      see(number, hash.digest('hex'));
    },
    take: () => ({ result: null, transfer: [] }),
  };
};
