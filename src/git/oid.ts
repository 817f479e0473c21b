declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: { readonly [K in Name]: true } };

/** Lower-case hex object id: 40 digits in a SHA-1 repository, 64 in a SHA-256 one. */
export type Oid = Brand<string, 'Oid'>;
/** Full ref name: refs/heads/main. May hold any bytes that git allows, read as UTF-8 or, failing that, Latin-1. */
export type RefName = Brand<string, 'RefName'>;
/** A path as stored in trees, slash-separated, its bytes read as Latin-1: one character is one byte. */
export type RepoPath = Brand<string, 'RepoPath'>;

export const objectFormats = ['sha1', 'sha256'] as const;
export type ObjectFormat = (typeof objectFormats)[number];
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** Bytes of an object id. */
export const oidBytes = (format: ObjectFormat): 20 | 32 => (format === 'sha1' ? 20 : 32);

const hexDigits = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** @returns the oid, or null where the text is none. Upper-case digits are accepted, as git does in refs. */
export const parseOid = (text: string): Oid | null => {
  const lower = text.toLowerCase();
  return hexDigits.test(lower) ? (lower as Oid) : null;
};

export const oidFromBytes = (bytes: Uint8Array, at: number, length: number): Oid =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('hex') as Oid;

export const refName = (text: string): RefName => text as RefName;
export const repoPath = (text: string): RepoPath => text as RepoPath;
