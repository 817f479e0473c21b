import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildRepo } from '../../fixtures-repos/index.ts';
import { type PackIndex, parsePackIndex } from '../../src/objects/index.ts';
import { isFailure } from '../../src/text/index.ts';
import { askGit, emptyRepo } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateInPlace } from './mutate.ts';
import { type Offsets, offsetsOf, type PlainObject, readPlainly } from './plain-pack.ts';

interface World {
  readonly index: PackIndex;
  readonly offsets: Offsets;
  readonly oids: readonly string[];
  /** A store for every input of a batch, with the index of the good pack. */
  readonly stores: readonly string[];
}

const buildWorld = async (packArgs: readonly string[]): Promise<{ world: World; pack: Uint8Array }> => {
  const repo = await buildRepo((r) => {
    const lines = (i: number): string =>
      Array.from({ length: 60 }, (_, line) => `${line * line * (line === i ? i : 1)}`).join('\n');
    for (let i = 1; i < 5; i++) r.commit(`commit ${i}`, { 'a.txt': lines(i) });
    r.gitWith(
      { input: r.git('rev-list', '--objects', '--no-object-names', 'HEAD') },
      'pack-objects',
      '-q',
      ...packArgs,
      'made',
    );
  });
  const named = (ending: string): string =>
    join(repo.path, readdirSync(repo.path).find((name) => name.endsWith(ending)) ?? '');
  const idx = readFileSync(named('.idx'));
  const index = parsePackIndex(idx, 'sha1');
  if (isFailure(index)) throw new Error(index.failure);
  const stores = Array.from({ length: 50 }, () => emptyRepo());
  for (const gitDir of stores) writeFileSync(join(gitDir, 'objects/pack/pack-0.idx'), idx);
  const offsets = offsetsOf(idx, index);
  return { world: { index, offsets, oids: [...offsets.keys()], stores }, pack: readFileSync(named('.pack')) };
};

/** git dies of a damaged object, so it is asked again for those behind it. */
const catAll = (stores: readonly string[], oids: readonly string[]): Map<string, PlainObject>[] => {
  const found = stores.map(() => new Map<string, PlainObject>());
  let open = stores.map((gitDir, i) => ({ gitDir, i, from: 0 }));
  while (open.length > 0) {
    const answers = askGit(
      stores[0] ?? '',
      open.map(({ gitDir, from }) => {
        const stdin = join(gitDir, 'asked');
        writeFileSync(
          stdin,
          oids
            .slice(from)
            .map((oid) => `${oid}\n`)
            .join(''),
        );
        return { args: ['--git-dir', gitDir, 'cat-file', '--batch'], stdin };
      }),
    );
    open = open.flatMap((question, k) => {
      const answered = takeObjects(answers[k]?.stdout ?? Buffer.alloc(0), found[question.i] ?? new Map());
      const from = question.from + answered + 1;
      return from < oids.length && question.from + answered < oids.length ? [{ ...question, from }] : [];
    });
  }
  return found;
};

/** Counts answers, and collects those that are objects. */
const takeObjects = (output: Buffer, found: Map<string, PlainObject>): number => {
  let answered = 0;
  for (let at = 0; at < output.length; answered++) {
    const lineEnd = output.indexOf('\n', at);
    if (lineEnd === -1) return answered;
    const [oid = '', type = '', size = ''] = output.toString('latin1', at, lineEnd).split(' ');
    at = lineEnd + 1;
    if (type === 'missing') continue;
    if (at + Number(size) + 1 > output.length) return answered;
    found.set(oid, { type: type as PlainObject['type'], bytes: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return answered;
};

const oidOf = ({ type, bytes }: PlainObject): string =>
  createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');

const shown = (object: PlainObject): string => `${object.type} ${Buffer.from(object.bytes).toString('hex')}`;

const fuzzPack = (name: string, packArgs: readonly string[], rounds: number): void => {
  let world: World | null = null;
  fuzz(name, {
    seeds: async () => {
      const built = await buildWorld(packArgs);
      world = built.world;
      return [built.pack];
    },
    rounds,
    mutate: (input, random) => (random.below(5) > 0 ? mutateInPlace : mutateBytes())(input, random),
    ask: (inputs) => {
      const { stores, oids } = world ?? { stores: [], oids: [] };
      for (const [i, input] of inputs.entries())
        writeFileSync(join(stores[i] ?? '', 'objects/pack/pack-0.pack'), input);
      return catAll(stores.slice(0, inputs.length), oids);
    },
    check: (input, theirs) => {
      if (world === null) throw new Error('seeds come first');
      for (const [oid, offset] of world.offsets) {
        const ours = readPlainly(input, world.index, world.offsets, offset);
        const their = theirs.get(oid);
        if (their && ours) expect(shown(ours)).toBe(shown(their));
        // What is sound is read; what git refuses is taken only where the oid proves it, or where git refuses the pack.
        if (their && oidOf(their) === oid) expect(ours, oid).not.toBeNull();
        if (!their && ours && theirs.size > 0) expect(oidOf(ours)).toBe(oid);
      }
    },
  });
};

fuzzPack('pack-ofs-delta', ['--delta-base-offset', '--depth=20'], 100);
fuzzPack('pack-ref-delta', ['--no-delta-base-offset', '--depth=20'], 50);
