import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import type { HostileBuild, HostileBuilds, Kit } from './kit.ts';
import { looseFile, withHeader, writeLoose } from './raw-objects.ts';

interface Victim {
  readonly kit: Kit;
  readonly oid: string;
  /** The file as git wrote it, and the object in it. */
  readonly file: Buffer;
  readonly body: Buffer;
}

/** Breaks one loose blob and leaves the rest alone. */
const broken =
  (breakIt: (victim: Victim) => Uint8Array): HostileBuild =>
  (kit) => {
    kit.survivor();
    const { secret, oid } = kit.victim();
    const file = readFileSync(looseFile(kit.gitDir, oid));
    const body = Buffer.from(`${kit.r.git('cat-file', 'blob', oid)}\n`);
    writeLoose(kit.gitDir, oid, breakIt({ kit, oid, file, body }));
    kit.foundOrNamed(secret, oid);
  };

/** No file at all stands where the object should. */
const replaced =
  (put: (path: string) => void): HostileBuild =>
  (kit) => {
    kit.survivor();
    const { oid } = kit.victim();
    const path = looseFile(kit.gitDir, oid);
    rmSync(path);
    put(path);
    kit.named(oid);
  };

const flipped = (file: Uint8Array, at: number): Buffer => {
  const bytes = Buffer.from(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x41;
  return bytes;
};

export const looseBuilds: HostileBuilds = {
  'loose-bitflip': broken(({ file }) => flipped(file, Math.floor(file.length / 2))),
  'loose-checksum': broken(({ file }) => flipped(file, file.length - 1)),
  'loose-truncated': broken(({ file }) => file.subarray(0, Math.floor(file.length / 2))),
  'loose-empty-file': broken(() => Buffer.alloc(0)),
  'loose-wrong-hash': broken(({ body }) => deflateSync(withHeader('blob', Buffer.concat([body, Buffer.from('#')])))),
  'loose-trailing-garbage': broken(({ file }) => Buffer.concat([file, Buffer.from('garbage')])),
  'loose-lying-size': broken(({ body }) => deflateSync(withHeader('blob', body, '100000'))),
  'loose-lying-size-huge': broken(({ body }) => deflateSync(withHeader('blob', body, String(2 ** 40)))),
  'loose-negative-size': broken(({ body }) => deflateSync(withHeader('blob', body, '-1'))),
  'loose-zero-padded-size': broken(({ body }) => deflateSync(withHeader('blob', body, `0${body.length}`))),
  'loose-bad-type': broken(({ body }) => deflateSync(withHeader('blab', body))),
  'loose-endless-header': broken(({ body }) => deflateSync(withHeader('x'.repeat(100_000), body))),
  'loose-header-without-end': broken(() => deflateSync(Buffer.from('blob 12'))),
  'loose-preset-dictionary': broken(({ body }) =>
    deflateSync(withHeader('blob', body), { dictionary: Buffer.from('filler filler TOKEN') }),
  ),
  'loose-is-folder': replaced((path) => mkdirSync(path)),
  'loose-is-fifo': replaced((path) => {
    execFileSync('mkfifo', [path]);
    chmodSync(path, 0o644);
  }),
  'loose-missing': replaced(() => {}),
};
