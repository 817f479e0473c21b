import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { compiledCodeFolder } from '../../src/cli/compiled-code.ts';

const launcher = fileURLToPath(new URL('../../bin/unleak.cjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'unleak-compiled-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(root, 'case-'));

test('compiled code is kept in the cache directory of the user, for the user alone', () => {
  const cache = join(fresh(), 'not', 'there', 'yet');
  const folder = compiledCodeFolder({ XDG_CACHE_HOME: cache });
  expect(folder).toBe(join(cache, 'unleak', 'compiled'));
  expect(lstatSync(folder ?? '').mode & 0o777).toBe(0o700);
  expect(compiledCodeFolder({ XDG_CACHE_HOME: cache })).toBe(folder);
});

test('it is never kept in a work tree, whose files a repository brings', () => {
  const tree = fresh();
  mkdirSync(join(tree, '.git'));
  mkdirSync(join(tree, '.cache', 'unleak', 'compiled'), { recursive: true, mode: 0o700 });
  expect(compiledCodeFolder({ XDG_CACHE_HOME: join(tree, '.cache') })).toBeNull();
  const link = join(fresh(), 'cache');
  symlinkSync(join(tree, '.cache'), link);
  expect(compiledCodeFolder({ XDG_CACHE_HOME: link })).toBeNull();
  expect(readdirSync(join(tree, '.cache', 'unleak', 'compiled'))).toEqual([]);
});

test('it is kept nowhere that others may write or read, nor behind a link, nor beside where we happen to be', () => {
  const open = fresh();
  compiledCodeFolder({ XDG_CACHE_HOME: open });
  chmodSync(join(open, 'unleak'), 0o755);
  expect(compiledCodeFolder({ XDG_CACHE_HOME: open })).toBeNull();
  const linked = fresh();
  symlinkSync(fresh(), join(linked, 'unleak'));
  expect(compiledCodeFolder({ XDG_CACHE_HOME: linked })).toBeNull();
  expect(compiledCodeFolder({ XDG_CACHE_HOME: 'cache' })).toBeNull();
  expect(compiledCodeFolder({ XDG_CACHE_HOME: '/proc/self' })).toBeNull();
});

test('a command keeps it, and runs as well where it cannot', () => {
  const run = (cache: string): number | null => {
    const { NODE_COMPILE_CACHE: _, ...env } = process.env;
    return spawnSync(process.execPath, [launcher, '--version'], { env: { ...env, XDG_CACHE_HOME: cache } }).status;
  };
  const cache = fresh();
  expect(run(cache)).toBe(0);
  const kept = readdirSync(join(cache, 'unleak', 'compiled'), { recursive: true });
  expect(kept.length).toBeGreaterThan(1);
  expect(run('/dev/null/cache')).toBe(0);
  expect(existsSync('/dev/null/cache')).toBe(false);
});
