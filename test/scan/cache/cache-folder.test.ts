import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../fixtures-repos/index.ts';
import { CacheFolder } from '../../../src/scan/cache/cache-folder.ts';
import { dropOldEntries } from '../../../src/scan/cache/drop-old-entries.ts';

const folder = (): string => join(temporaryFolder().path, 'unleak');

const opened = (directory: string): CacheFolder => {
  const cache = CacheFolder.open(directory);
  if (!(cache instanceof CacheFolder)) throw new Error(cache.refused);
  return cache;
};

const filesOf = (directory: string): readonly string[] => readdirSync(join(directory, 'v1')).sort();
const entryOf = (directory: string): string =>
  join(directory, 'v1', filesOf(directory).find((name) => name.endsWith('.report')) ?? 'none');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const text = (payload: Uint8Array | null): string | null => (payload === null ? null : Buffer.from(payload).toString());

test('what was written is read again, by another run too, and only for its subject', () => {
  const directory = folder();
  expect(opened(directory).write('report', 'a', bytes('one'))).toBe(null);
  opened(directory).write('report', 'a', bytes('two'));
  const later = opened(directory);
  expect(text(later.read('report', 'a'))).toBe('two');
  expect(later.read('report', 'b')).toBe(null);
  expect(later.read('history', 'a')).toBe(null);
  expect(filesOf(directory)).toHaveLength(2);
});

test('folder and files are closed to others', () => {
  const directory = folder();
  opened(directory).write('report', 'a', bytes('one'));
  const mode = (path: string): number => statSync(path).mode & 0o777;
  expect(mode(directory)).toBe(0o700);
  expect(mode(join(directory, 'v1'))).toBe(0o700);
  for (const name of filesOf(directory)) expect(mode(join(directory, 'v1', name)), name).toBe(0o600);
});

test('runs that share a folder share its key, whoever came first', () => {
  const directory = folder();
  const [first, second] = [opened(directory), opened(directory)];
  expect(second.identityKey).toEqual(first.identityKey);
  expect(opened(folder()).identityKey).not.toEqual(first.identityKey);
});

test('an entry with one changed byte, cut short, or longer than it was is not there, and can be written anew', () => {
  const directory = folder();
  const cache = opened(directory);
  cache.write('report', 'a', bytes('what was found'));
  const path = entryOf(directory);
  const whole = readFileSync(path);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const torn = Buffer.from(whole);
      torn[at] = (torn[at] ?? 0) ^ change;
      writeFileSync(path, torn);
      expect(cache.read('report', 'a')).toBe(null);
      writeFileSync(path, whole.subarray(0, at));
      expect(cache.read('report', 'a')).toBe(null);
      writeFileSync(path, Buffer.concat([whole, Buffer.alloc(change)]));
      expect(cache.read('report', 'a')).toBe(null);
    }),
    { numRuns: 30 },
  );
  cache.write('report', 'a', bytes('again'));
  expect(text(cache.read('report', 'a'))).toBe('again');
});

test('an entry does not speak for another subject under whose name it is put', () => {
  const directory = folder();
  const cache = opened(directory);
  cache.write('report', 'clean', bytes('clean'));
  const clean = readFileSync(entryOf(directory));
  cache.write('report', 'dirty', bytes('dirty'));
  for (const name of filesOf(directory).filter((one) => one !== 'key'))
    writeFileSync(join(directory, 'v1', name), clean);
  expect(cache.read('report', 'dirty')).toBe(null);
  expect(text(cache.read('report', 'clean'))).toBe('clean');
});

test('an entry of another key is not there', () => {
  const [ours, theirs] = [folder(), folder()];
  opened(ours).write('report', 'a', bytes('ours'));
  opened(theirs).write('report', 'a', bytes('theirs'));
  renameSync(entryOf(theirs), entryOf(ours));
  expect(opened(ours).read('report', 'a')).toBe(null);
});

test('an entry or a key that others may read, or that is a link, is not used', () => {
  const directory = folder();
  const cache = opened(directory);
  cache.write('report', 'a', bytes('one'));
  const path = entryOf(directory);
  chmodSync(path, 0o644);
  expect(cache.read('report', 'a')).toBe(null);
  chmodSync(path, 0o600);
  renameSync(path, `${path}.aside`);
  symlinkSync(`${path}.aside`, path);
  expect(cache.read('report', 'a')).toBe(null);
  chmodSync(join(directory, 'v1', 'key'), 0o640);
  expect(CacheFolder.open(directory)).toEqual({ refused: 'its key file is damaged or of another owner' });
});

test('a folder that others may write to, a link and a file are refused, and nothing is made through them', () => {
  const base = temporaryFolder().path;
  const target = join(base, 'target');
  mkdirSync(target, { mode: 0o700 });
  symlinkSync(target, join(base, 'link'));
  expect(CacheFolder.open(join(base, 'link'))).toEqual({ refused: 'it is a symbolic link' });
  expect(readdirSync(target)).toEqual([]);
  writeFileSync(join(base, 'file'), '');
  expect(CacheFolder.open(join(base, 'file'))).toEqual({ refused: 'it is not a folder' });
  for (const mode of [0o770, 0o702]) {
    const open = join(base, String(mode));
    mkdirSync(open);
    chmodSync(open, mode);
    expect(CacheFolder.open(open)).toEqual({ refused: 'others may write to it' });
    expect(readdirSync(open)).toEqual([]);
  }
});

test('beyond its size the least recently used go, half-written files go after an hour, and the key stays', () => {
  const directory = folder();
  const cache = opened(directory);
  for (const subject of ['a', 'b', 'c']) cache.write('report', subject, bytes(subject.repeat(100)));
  const now = Date.now();
  const inner = join(directory, 'v1');
  writeFileSync(join(inner, 'tmp-old'), '');
  writeFileSync(join(inner, 'tmp-new'), '');
  for (const name of filesOf(directory)) utimesSync(join(inner, name), now / 1000 - 7200, now / 1000 - 7200);
  utimesSync(join(inner, 'tmp-new'), now / 1000, now / 1000);
  expect(text(cache.read('report', 'b'))).toBe('b'.repeat(100)); // used just now
  dropOldEntries(inner, now, 200);
  expect(filesOf(directory)).toEqual([entryOf(directory).slice(inner.length + 1), 'key', 'tmp-new'].sort());
  expect(text(cache.read('report', 'b'))).toBe('b'.repeat(100));
  dropOldEntries(inner, now + 91 * 86_400_000, 1e9);
  expect(cache.read('report', 'b')).toBe(null);
});
