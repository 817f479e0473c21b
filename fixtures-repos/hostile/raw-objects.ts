import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';

export type RawType = 'commit' | 'tree' | 'blob' | 'tag';

/** An object as git hashes and stores it: its header, then its body. */
export const withHeader = (type: string, body: Uint8Array, size = String(body.length)): Buffer =>
  Buffer.concat([Buffer.from(`${type} ${size}\0`), body]);

export const oidOf = (type: RawType, body: Uint8Array): string =>
  createHash('sha1').update(withHeader(type, body)).digest('hex');

export const looseFile = (gitDir: string, oid: string): string =>
  join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2));

/** Writes the file of a loose object, over the one that is there; git makes them read-only. */
export const writeLoose = (gitDir: string, oid: string, file: Uint8Array): void => {
  const path = looseFile(gitDir, oid);
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) chmodSync(path, 0o644);
  writeFileSync(path, file);
};

/** Stores an object without asking git, which would refuse some. */
export const putLoose = (gitDir: string, type: RawType, body: Uint8Array): string => {
  const oid = oidOf(type, body);
  writeLoose(gitDir, oid, deflateSync(withHeader(type, body)));
  return oid;
};

export interface RawEntry {
  readonly mode: string;
  readonly name: string | Uint8Array;
  readonly oid: string;
}

/** A tree of any entries in any order. */
export const rawTree = (entries: readonly RawEntry[]): Buffer =>
  Buffer.concat(
    entries.flatMap(({ mode, name, oid }) => [
      Buffer.from(`${mode} `),
      Buffer.from(name),
      Buffer.of(0),
      Buffer.from(oid, 'hex'),
    ]),
  );

export const person = 'Ada Example <ada@example.com> 1704067260 +0000';
