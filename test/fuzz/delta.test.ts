import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect } from 'vitest';
import { plainApplyDelta } from '../../src/kernel/index.ts';
import { parsePackIndex } from '../../src/objects/index.ts';
import { isFailure, latin1Bytes } from '../../src/text/index.ts';
import { askGit, emptyRepo } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes, mutateInPlace } from './mutate.ts';
import { offsetsOf } from './plain-pack.ts';

const base = latin1Bytes(Array.from({ length: 70_000 }, (_, i) => String.fromCharCode(32 + ((i * i) % 90))).join(''));

const oidOf = (blob: Uint8Array): string =>
  createHash('sha1').update(`blob ${blob.length}\0`).update(blob).digest('hex');

/** A pack of the base and one delta of it; what the entries say of their sizes is true. */
const packOf = (delta: Uint8Array): Uint8Array => {
  const header = Buffer.from('5041434b0000000200000002', 'hex');
  const entries = [
    baseEntry(),
    Buffer.concat([entryHeader(7, delta.length), Buffer.from(oidOf(base), 'hex'), deflateSync(delta)]),
  ];
  const body = Buffer.concat([header, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
};

const baseEntry = (): Uint8Array => {
  packedBase ??= Buffer.concat([entryHeader(3, base.length), deflateSync(base)]);
  return packedBase;
};
let packedBase: Uint8Array | undefined;

const entryHeader = (type: number, size: number): Uint8Array => {
  const bytes = [type * 16 + (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest % 128);
  }
  return Uint8Array.from(bytes);
};

const size = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...size(Math.floor(value / 128))];

const deltaOf = (resultSize: number, ...instructions: readonly number[]): Uint8Array =>
  Uint8Array.from([...size(base.length), ...size(resultSize), ...instructions]);

let gitDir = '';

/** What git makes of the delta: the oid of its result, or null where it refuses. git recomputes it from the bytes. */
const resultOids = (idxPath: string, isGood: boolean): readonly string[] | null => {
  if (!isGood || !existsSync(idxPath)) return null;
  const bytes = readFileSync(idxPath);
  const index = parsePackIndex(bytes, 'sha1');
  if (isFailure(index)) throw new Error(index.failure);
  return [...offsetsOf(bytes, index).keys()].filter((oid) => oid !== oidOf(base));
};

const anywhere = mutateBytes(['\x80', '\xff', '\x90\x01', '\x01a', '\x00', '\xb0\xff\xff']);

fuzz('delta', {
  seeds: () => {
    gitDir = emptyRepo();
    return [
      deltaOf(11, 0x90, 5, 1, 0x20, 0x91, 7, 5),
      deltaOf(300, 0xb3, 0x10, 0x20, 0x2c, 0x01),
      deltaOf(12_003, 0xb0, 0xe0, 0x2e, 3, 1, 2, 3),
      deltaOf(24_000, 0xb0, 0xe0, 0x2e, 0xb0, 0xe0, 0x2e),
      deltaOf(5, 5, 1, 2, 3, 4, 5),
      // 64 KiB, which are written as nothing at all, and the last bytes of the base.
      deltaOf(0x1_0000, 0x80),
      deltaOf(16, 0x97, 0x60, 0x11, 0x01, 16),
    ];
  },
  rounds: 300,
  mutate: (input, random) => (random.below(2) > 0 ? mutateInPlace : anywhere)(input, random),
  ask: (inputs) => {
    const files = inputs.map((input, i) => {
      const pack = join(gitDir, `${i}.pack`);
      writeFileSync(pack, packOf(input));
      rmSync(join(gitDir, `${i}.idx`), { force: true });
      return { pack, idx: join(gitDir, `${i}.idx`) };
    });
    const answers = askGit(
      gitDir,
      files.map(({ pack, idx }) => ({ args: ['index-pack', '--threads=1', '-o', idx, pack] })),
    );
    return files.map(({ idx }, i) => resultOids(idx, answers[i]?.code === 0));
  },
  check: (input, theirs) => {
    const ours = plainApplyDelta(base, input, 50_000_000);
    if (theirs === null) {
      expect(ours).toHaveProperty('failure');
    } else if (isFailure(ours)) {
      // git takes a delta that ends inside its second size for one that makes nothing; to us it is cut short.
      expect([ours.failure, theirs]).toEqual(['a size is cut short', [oidOf(new Uint8Array())]]);
    } else {
      expect([oidOf(ours)].filter((oid) => oid !== oidOf(base))).toEqual(theirs);
    }
  },
});
