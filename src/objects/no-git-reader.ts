import { createHash } from 'node:crypto';
import { KnownError } from '../errors.ts';
import { type ObjectFormat, type ObjectType, type Oid, oidBytes, oidFromBytes } from '../git/index.ts';
import { parseCommit } from './parse-commit.ts';
import { parseTag } from './parse-tag.ts';
import { entryKinds, readTreeEntries } from './parse-tree.ts';
import { storeFiles, storeGitDir } from './store-files.ts';

export interface NoGitRequest {
  /** Our own object directory and those that it borrows from. */
  readonly objectDirectories: readonly string[];
  readonly format: ObjectFormat;
  /** Where the walk starts: what refs and HEADs name, in the order in which it shall be walked. */
  readonly tips: readonly Oid[];
}

/** One object, or one that is reachable and could not be read. */
export type WalkedObject =
  | { readonly kind: 'object'; readonly oid: Oid; readonly type: ObjectType; readonly bytes: Uint8Array }
  | { readonly kind: 'unreadable'; readonly oid: Oid; readonly reason: string };

/**
 * Reads every object that some tips reach, where there is no git to ask: each once, depth first, in an order that only
 * the tips and the objects decide. It knows of no object that nothing reaches, so a scan by it is never complete. The
 * oid of everything it gives was computed anew.
 * @throws Sha256NeedsGitError
 */
export const walkWithoutGit = async function* (request: NoGitRequest): AsyncGenerator<WalkedObject> {
  if (request.format !== 'sha1') throw new Sha256NeedsGitError();
  const read = await openWithoutGit(request.objectDirectories);
  const seen = new Set<Oid>();
  const open = request.tips.toReversed();
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    const object = await read(oid);
    yield object;
    if (object.kind !== 'object') continue;
    // One by one: a tree may have more entries than a call may have arguments.
    for (const next of named(object, request.format, seen).toReversed()) open.push(next);
  }
};

export class Sha256NeedsGitError extends KnownError {
  readonly code = 'sha256-needs-git';
  constructor() {
    super('A SHA-256 repository cannot be read without Git.', 'Install Git 2.29 or later and put it on PATH.');
  }
}

/** The oids that an object names and that are not yet seen, in the object's own order. */
const named = (
  { type, bytes }: { readonly type: ObjectType; readonly bytes: Uint8Array },
  format: ObjectFormat,
  seen: ReadonlySet<Oid>,
): Oid[] => {
  switch (type) {
    case 'blob':
      return [];
    case 'tag': {
      const { object } = parseTag(bytes, format);
      return object === null ? [] : [object];
    }
    case 'commit': {
      const { tree, parents } = parseCommit(bytes, format);
      return tree === null ? [...parents] : [tree, ...parents];
    }
    case 'tree':
      return entriesOf(bytes, format).filter((oid) => !seen.has(oid));
  }
};

const entriesOf = (tree: Uint8Array, format: ObjectFormat): Oid[] => {
  const length = oidBytes(format);
  const oids: Oid[] = [];
  readTreeEntries(tree, 0, tree.length, length, (kind, _nameStart, _nameEnd, oidAt) => {
    if (kind !== entryKinds.gitlink) oids.push(oidFromBytes(tree, oidAt, length));
  });
  return oids;
};

/** Reads one object by its oid where there is no git. */
export type ReadWithoutGit = (oid: Oid) => Promise<WalkedObject>;

export const openWithoutGit = async (directories: readonly string[]): Promise<ReadWithoutGit> => {
  // Only here: whoever has git does not pay for loading it.
  const { readObject } = await import('isomorphic-git');
  const stores = directories.map((directory) => ({ fs: storeFiles(directory), gitdir: storeGitDir, cache: {} }));
  return async (oid) => {
    let reason = 'it is missing';
    for (const store of stores) {
      try {
        const { type, object } = await readObject({ ...store, oid, format: 'content' });
        if (!isType(type) || !(object instanceof Uint8Array)) reason = 'it is of no known type';
        else if (oidOf(type, object) !== oid) reason = 'its bytes are not those that its oid stands for';
        else return { kind: 'object', oid, type, bytes: object };
      } catch (error) {
        // Its messages quote what it read; its codes do not.
        if (!(error instanceof Error) || error.name !== 'NotFoundError') reason = 'it is damaged';
      }
    }
    return { kind: 'unreadable', oid, reason };
  };
};

const isType = (type: string): type is ObjectType =>
  type === 'blob' || type === 'tree' || type === 'commit' || type === 'tag';

const oidOf = (type: ObjectType, bytes: Uint8Array): string =>
  createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
