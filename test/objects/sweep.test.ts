import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BuiltRepo, buildRepo } from '../../fixtures-repos/build-repo.ts';
import { oidFromBytes, ReadGit } from '../../src/git/index.ts';
import { Crew, readInventory, sweep } from '../../src/objects/index.ts';
import type { Seen } from './counting-visitor.ts';

const visitorModule = new URL('./counting-visitor.ts', import.meta.url).href;

type Engine = 'pack' | 'cat-file';
const engines: readonly Engine[] = ['pack', 'cat-file'];

const sweepAll = async (
  repo: BuiltRepo,
  engine: Engine,
  { jobs = 1, worksHere = false, failAt = -1, signal = new AbortController().signal } = {},
) => {
  await using crew = new Crew(jobs, worksHere);
  const objectDirectory = join(repo.gitDir, 'objects');
  await using readGit = await ReadGit.open({ objectDirectory, alternateDirectories: [], format: 'sha1' });
  const inventory = await readInventory({
    stores: [{ directory: objectDirectory, isAlternate: false }],
    readGit,
    format: 'sha1',
    engine,
  });
  const shards: Seen[][] = [];
  const result = await sweep({
    ...{
      source: readGit,
      inventory,
      objects: inventory.order.filter((object) => inventory.types[object] !== 0),
      visitorModule,
    },
    ...{ init: failAt, crew, signal },
    onShard: (shard, seen) => {
      shards[shard] = seen as Seen[];
    },
  });
  return {
    ...result,
    seen: shards.flat(),
    oidOf: (number: number) => oidFromBytes(inventory.oids, number * 20, 20) as string,
  };
};

/** Large enough for threads, with an object that comes in several parts. */
const largeRepo = () =>
  buildRepo((r) => {
    const noise = Buffer.alloc(20 << 20);
    for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE(Math.imul(at, 0x9e3779b1) >>> 0, at);
    r.commit('large', { 'large.bin': noise, 'small.txt': 'small\n' });
    for (let index = 0; index < 40; index++)
      r.commit(`change ${index}`, { 'text.txt': `${index}\n`.repeat(40_000), [`f${index}`]: `${index}` });
    r.git('gc', '-q');
    r.commit('loose', { 'loose.txt': 'not packed\n' });
  });

const largeOnce = largeRepo();

test.each(engines)(
  '%s: every object is shown once, with the bytes that git has, in threads as in none',
  async (engine) => {
    const repo = await largeOnce;
    const { seen, problems, complete, oidOf } = await sweepAll(repo, engine, { jobs: 2 });
    expect({ problems, complete }).toEqual({ problems: [], complete: true });
    const listed = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').trim().split('\n');
    expect(seen.map(({ number }) => oidOf(number)).sort()).toEqual(listed.sort());
    expect((await sweepAll(repo, engine, { jobs: 1 })).seen).toEqual(seen);
    expect((await sweepAll(repo, engine, { jobs: 2, worksHere: true })).seen).toEqual(seen);
    const large = seen.find(({ parts }) => parts.length > 1);
    expect(large?.parts.map(({ offset }) => offset)).toEqual([
      0,
      (8 << 20) - (128 << 10),
      2 * ((8 << 20) - (128 << 10)),
    ]);
    const text = seen.find(({ number }) => oidOf(number) === repo.git('rev-parse', 'HEAD:text.txt').trim());
    expect(text?.sha256).toBe(createHash('sha256').update('39\n'.repeat(40_000)).digest('hex'));
  },
);

test.each(engines)('%s: an object that git dies of is named, and all behind it are shown', async (engine) => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
  });
  const broken = repo.git('rev-parse', 'HEAD:b.txt').trim();
  const path = join(repo.gitDir, 'objects', broken.slice(0, 2), broken.slice(2));
  rmSync(path);
  writeFileSync(path, Buffer.from('789c4bcac94c00', 'hex'));
  const { seen, oidOf } = await sweepAll(repo, engine);
  const shown = seen.map(({ number }) => oidOf(number));
  for (const name of ['a.txt', 'c.txt']) expect(shown).toContain(repo.git('rev-parse', `HEAD:${name}`).trim());
  expect(shown).not.toContain(broken);
});

test.each(engines)(
  '%s: a visitor that breaks fails the sweep, in a thread too: never a smaller result',
  async (engine) => {
    const repo = await largeOnce;
    await expect(sweepAll(repo, engine, { jobs: 1, failAt: 3 })).rejects.toThrow('a visitor broke');
    await expect(sweepAll(repo, engine, { jobs: 2, failAt: 3 })).rejects.toThrow('a visitor broke');
    const beside = sweepAll(repo, engine, { jobs: 2, worksHere: true, failAt: 3 });
    await expect(beside).rejects.toThrow('a visitor broke');
  },
);

test('an aborted sweep says that it is not complete', async () => {
  const repo = await buildRepo((r) => {
    r.commit('one', { 'a.txt': 'a\n' });
  });
  expect((await sweepAll(repo, 'pack', { signal: AbortSignal.abort() })).complete).toBe(false);
});
