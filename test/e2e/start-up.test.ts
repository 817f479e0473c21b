import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// What is loaded before any work begins, as a count of rooms and bytes and not by the clock: docs/engine.md, "Start-up".

const built = new URL('../../dist/js/', import.meta.url);
const launcher = fileURLToPath(new URL('../../bin/unleak.cjs', import.meta.url));

/** The sources that went into a built file. */
const sourcesOf = (file: string): readonly string[] => {
  const map = new URL(`${file}.map`, built);
  if (!existsSync(map)) return [];
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: readonly string[] };
  return sources.map((source) => source.replace(/^(?:\.\.\/)+/, ''));
};

const roomsOf = (files: Iterable<string>): readonly string[] => {
  const rooms = [...files].flatMap(sourcesOf).map((source) => /^(?:src|node_modules)\/(?:[^/]+\/)?/.exec(source)?.[0]);
  return [...new Set(rooms.map((room) => room?.replace(/^src\/|\/$/g, '') ?? '?'))].toSorted();
};

/** A built file and all that it imports when it is loaded. */
const loadedBy = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(new URL(file, built), 'utf8');
  for (const [, from = ''] of text.matchAll(/^(?:import|export)\b[^;]*?from "\.\/([^"]+)"/gm)) loadedBy(from, seen);
  return seen;
};

test('a short command loads neither the catalogue nor a scan', () => {
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });`;
  const node = ['--import', `data:text/javascript,${encodeURIComponent(hooks)}`, launcher, '--help'];
  const { stderr, status } = spawnSync(process.execPath, node, { cwd: tmpdir(), encoding: 'utf8' });
  expect(status).toBe(0);
  const files = [...stderr.matchAll(/\/dist\/js\/(\S+)/g)].map(([, file = '']) => file);
  expect(files).toContain('start.js');
  expect(roomsOf(files)).toEqual(['', 'cli', 'node_modules/commander', 'text']);
});

test('a thread of a scan loads what finds, and nothing of the command line, history or reports', () => {
  const finds = ['', 'detect', 'git', 'kernel', 'objects', 'rules', 'scan', 'text'];
  const all = ['sweep-worker.js', 'find-visitor.js'].flatMap((file) => [...loadedBy(file)]);
  expect(roomsOf(all)).toEqual(finds);
  const sources = all.flatMap(sourcesOf);
  expect(sources).toContain('src/rules/catalogue.ts');
  // What only a report says of a rule.
  expect(sources).not.toContain('src/rules/rotation-table.ts');
  expect(sources.filter((source) => source.startsWith('src/scan/')).length).toBeLessThanOrEqual(5);
  expect(new Set(all).size).toBeLessThanOrEqual(20);
});

test('what a thread runs for trees knows no parser of files', () => {
  const sources = [...loadedBy('tree-visitor.js')].flatMap(sourcesOf);
  expect(sources).toContain('src/scan/tree-visitor.ts');
  expect(sources.filter((source) => source.startsWith('src/detect/file/'))).toEqual([]);
});

test('the version of the rules was worked out by the build', () => {
  const files = readdirSync(built).filter((name) => name.endsWith('.js'));
  const baked = files.flatMap((file) =>
    [...readFileSync(new URL(file, built), 'utf8').matchAll(/\brulesVersion = "?'?([0-9a-f]{12})/g)].map(
      ([, value]) => value,
    ),
  );
  expect(baked).toHaveLength(1);
});
