import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildRepo } from '../../fixtures-repos/index.ts';
import type { ObjectFormat } from '../../src/git/index.ts';
import { parsePackIndex } from '../../src/objects/index.ts';
import { isFailure } from '../../src/text/index.ts';
import { askGit, emptyRepo } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateInPlace } from './mutate.ts';

/** A pack of some objects, and its index in both versions, also with offsets in the 64-bit table. */
const packedRepo = async (format: ObjectFormat): Promise<{ pack: Uint8Array; indexes: readonly Uint8Array[] }> => {
  const repo = await buildRepo(
    (r) => {
      for (let i = 1; i < 6; i++) r.commit(`commit ${i}`, { 'a.txt': `${i}\n`.repeat(40 + i), [`b${i}`]: `${i}` });
      r.git('repack', '-q', '-a', '-d');
    },
    { objectFormat: format },
  );
  const folder = join(repo.gitDir, 'objects/pack');
  const name = readdirSync(folder).find((file) => file.endsWith('.pack')) ?? '';
  const indexes = ['1', '2', '2,0x100'].map((version) => {
    repo.git('index-pack', `--index-version=${version}`, '-o', join(repo.path, 'made.idx'), join(folder, name));
    return readFileSync(join(repo.path, 'made.idx'));
  });
  return { pack: readFileSync(join(folder, name)), indexes };
};

const fuzzIndex = (format: ObjectFormat, rounds: number): void => {
  let stores: readonly string[] = [];
  fuzz(`idx-${format}`, {
    seeds: async () => {
      const { pack, indexes } = await packedRepo(format);
      // Every input of a batch in a store of its own.
      stores = Array.from({ length: 50 }, () => emptyRepo(format));
      for (const gitDir of stores) writeFileSync(join(gitDir, 'objects/pack/pack-0.pack'), pack);
      return indexes;
    },
    rounds,
    mutate: (input, random) => (random.below(3) > 0 ? mutateInPlace : mutateBytes())(input, random),
    ask: (inputs) => {
      const files = inputs.map((input, i) => {
        const file = join(stores[i] ?? '', 'objects/pack/pack-0.idx');
        writeFileSync(file, input);
        return file;
      });
      const gitDir = stores[0] ?? '';
      const list = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)'];
      const listed = askGit(
        gitDir,
        files.map((_, i) => ({ args: ['--git-dir', stores[i] ?? '', ...list] })),
      );
      const show = ['show-index', `--object-format=${format}`];
      const offsets = askGit(
        gitDir,
        files.map((file) => ({ args: show, stdin: file })),
      );
      return listed.map(({ stdout }, i) => ({ listed: stdout, offsets: offsets[i] }));
    },
    check: (input, { listed, offsets }) => {
      const index = parsePackIndex(input, format);
      const oids = isFailure(index) ? [] : oidsOf(input, index);
      // git sorts what it lists, and says each once.
      expect(listed.toString('latin1')).toBe(
        [...new Set(oids)]
          .sort()
          .map((oid) => `${oid}\n`)
          .join(''),
      );
      // It prints the table to its end unless 64-bit offsets are not in order.
      if (!isFailure(index) && offsets?.code === 0) compareOffsets(index, oids, offsets.stdout);
    },
  });
};

type Index = Exclude<ReturnType<typeof parsePackIndex>, { failure: string }>;

const oidsOf = (bytes: Uint8Array, { count, oidStart, oidStride, oidLength }: Index): string[] =>
  Array.from({ length: count }, (_, i) =>
    Buffer.from(bytes).toString('hex', oidStart + i * oidStride, oidStart + i * oidStride + oidLength),
  );

/** Offsets that ours calls unusable git reads from beyond the table, or they are above 2^53: no place in any pack. */
const compareOffsets = (index: Index, oids: readonly string[], shown: Buffer): void => {
  const theirs = shown.toString('latin1').split('\n').slice(0, -1);
  expect(theirs).toHaveLength(index.count);
  for (const [i, line] of theirs.entries()) {
    const [offset = '', oid] = line.split(' ');
    expect(oid).toBe(oids[i]);
    if (index.offset(i) !== -1) expect(String(index.offset(i))).toBe(offset);
  }
};

fuzzIndex('sha1', 200);
fuzzIndex('sha256', 80);
