import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  decodeText,
  isValidRefName,
  type ObjectFormat,
  type Oid,
  oidBytes,
  parseOid,
  type RefName,
  refName,
} from '../git/index.ts';
import type { GitDir } from './git-dir.ts';
import { parsePackedRefs } from './parse-packed-refs.ts';
import { kindOf, look, readPlain } from './read-plain.ts';
import type { Head, Ref } from './repository.ts';

/** What a ref file says: an oid, or the name of another ref. */
export type RefValue = { readonly oid: Oid } | { readonly symbolic: RefName };
export type RefTable = ReadonlyMap<RefName, RefValue>;

const packedRefsMaxBytes = 1024 ** 3;
// A ref file is one line; git takes what follows it for nothing.
const refFileMaxBytes = 4096;
const maxDepth = 64;
// As git's SYMREF_MAXDEPTH.
const maxSymbolicDepth = 5;

/** Reads all of refs/*: packed-refs first, loose files over it. Bad ones are named and left out; none is followed away. */
export const readRefTable = (gitDir: GitDir, format: ObjectFormat): RefTable => {
  const table = new Map<RefName, RefValue>();
  const packed = gitDir.read('packed-refs', { maxBytes: packedRefsMaxBytes });
  if (packed !== null) {
    const { refs, badLines } = parsePackedRefs(packed, format);
    for (const { name, oid } of refs) table.set(name, { oid });
    for (const { line, reason } of badLines.slice(0, 100)) gitDir.problem('packed-refs', `line ${line} ${reason}`);
    if (badLines.length > 100) gitDir.problem('packed-refs', `${badLines.length - 100} more lines cannot be used`);
  }
  const refs = gitDir.folder('refs');
  if (refs !== null) {
    for (const [name, value] of readLooseRefs(gitDir, refs, 'refs', format)) table.set(name, value);
  }
  return table;
};

/** Reads the ref files below a folder. `name` is what the folder is called in ref names. */
export const readLooseRefs = (gitDir: GitDir, folder: string, name: string, format: ObjectFormat): RefTable => {
  const table = new Map<RefName, RefValue>();
  const walk = (path: Buffer, prefix: string, depth: number): void => {
    if (depth > maxDepth) gitDir.problem(prefix, 'is nested too deep');
    for (const entry of depth > maxDepth ? [] : entriesOf(gitDir, path, prefix)) {
      const entryPath = Buffer.concat([path, Buffer.from('/'), entry.name]);
      const full = `${prefix}/${decodeText(entry.name)}`;
      if (entry.isDirectory()) walk(entryPath, full, depth + 1);
      else {
        const value = readRefEntry(gitDir, entryPath, full, entry, format);
        if (value !== null) table.set(refName(full), value);
      }
    }
  };
  walk(Buffer.from(folder), name, 0);
  return table;
};

/** The refs that lead to an object, by name (in UTF-16 order). Loops and too long chains become problems. */
export const resolveRefs = (table: RefTable, gitDir: GitDir): readonly Ref[] => {
  const refs: Ref[] = [];
  for (const [name, value] of table) {
    if ('oid' in value) refs.push({ name, oid: value.oid, symbolic: null });
    else {
      const oid = resolveName(value.symbolic, table);
      if (oid === 'endless') gitDir.problem(name, 'is a symbolic ref that leads back to itself, or too far');
      else if (oid !== null) refs.push({ name, oid, symbolic: value.symbolic });
    }
  }
  return refs.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
};

/** Reads a HEAD; a broken one is a problem, and then it names nothing. */
export const readHead = (gitDir: GitDir, where: string, table: RefTable, format: ObjectFormat): Head => {
  const path = join(gitDir.path, where);
  const value = parseLink(path) ?? takeValue(gitDir, path, where, format);
  if (value === null && look(path) === null) gitDir.problem(where, 'is missing');
  if (value === null) return { symbolic: null, oid: null };
  if ('oid' in value) return { symbolic: null, oid: value.oid };
  const oid = resolveName(value.symbolic, table);
  return { symbolic: value.symbolic, oid: oid === 'endless' ? null : oid };
};

/**
 * Parses a ref file as leniently as git does: upper-case digits, white space and text after the oid, CRLF, spaces after
 * `ref:` are all fine.
 * @returns a sentence's end where it is no ref.
 */
export const parseRefValue = (bytes: Uint8Array, format: ObjectFormat): RefValue | string => {
  const text = decodeText(bytes);
  if (text.trim() === '') return 'is empty';
  const symbolic = /^ref:[ \t\n\r\f\v]*([^\0]*)/.exec(text)?.[1]?.trimEnd();
  if (symbolic !== undefined) {
    const isGood = symbolic.startsWith('refs/') && isValidRefName(symbolic);
    return isGood ? { symbolic: refName(symbolic) } : 'names what no ref can be called';
  }
  const digits = oidBytes(format) * 2;
  const oid = parseOid(text.slice(0, digits));
  return oid !== null && (text.length === digits || /\s/.test(text.charAt(digits))) ? { oid } : 'holds no object id';
};

interface RefEntry extends Pick<Dirent, 'isFIFO' | 'isDirectory' | 'isSymbolicLink' | 'isSocket' | 'isFile'> {
  readonly name: Buffer;
}

const entriesOf = (gitDir: GitDir, path: Buffer, prefix: string): RefEntry[] => {
  try {
    return readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code !== 'ENOENT') gitDir.problem(prefix, `cannot be listed (${code})`);
    return [];
  }
};

const readRefEntry = (
  gitDir: GitDir,
  path: Buffer,
  name: string,
  entry: RefEntry,
  format: ObjectFormat,
): RefValue | null => {
  // A lock is a ref that is being written, or was when the power went.
  if (name.endsWith('.lock')) return null;
  if (!isValidRefName(name)) {
    gitDir.problem(name, 'has a name that no ref can have');
    return null;
  }
  if (entry.isSymbolicLink()) {
    const link = parseLink(path);
    if (link === null) gitDir.problem(name, 'is a symbolic link, and was not followed');
    return link;
  }
  if (!entry.isFile()) {
    gitDir.problem(name, `is ${kindOf(entry)}, not a plain file`);
    return null;
  }
  return takeValue(gitDir, path, name, format);
};

const takeValue = (gitDir: GitDir, path: string | Buffer, where: string, format: ObjectFormat): RefValue | null => {
  const bytes = gitDir.take(where, readPlain(path, { maxBytes: refFileMaxBytes, isCutAllowed: true }));
  if (bytes === null) return null;
  const value = parseRefValue(bytes, format);
  if (typeof value !== 'string') return value;
  gitDir.problem(where, value);
  return null;
};

/** Symbolic refs of old were links: their text is the name, and the file behind is never opened through them. */
const parseLink = (path: string | Buffer): RefValue | null => {
  try {
    const target = decodeText(readlinkSync(path, { encoding: 'buffer' }));
    return target.startsWith('refs/') && isValidRefName(target) ? { symbolic: refName(target) } : null;
  } catch {
    return null;
  }
};

const resolveName = (name: RefName, table: RefTable): Oid | null | 'endless' => {
  let value = table.get(name);
  for (let depth = 1; depth <= maxSymbolicDepth; depth++) {
    if (value === undefined) return null;
    if ('oid' in value) return value.oid;
    value = table.get(value.symbolic);
  }
  return 'endless';
};
