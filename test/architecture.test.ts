import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** The ladder of the design: a folder imports only from rungs below its own; folders on one rung do not see each other. */
const ladder: readonly (readonly string[])[] = [
  ['cli', 'tui'],
  ['app'],
  ['scan', 'respond', 'rewrite', 'report', 'live', 'protect', 'containers'],
  ['exposure', 'incident'],
  ['detect', 'repo', 'config'],
  ['objects', 'image'],
  ['kernel', 'rules', 'git'],
  ['text'],
  ['errors.ts'],
];

/** Folders that compute: no file system, processes, network, clock or randomness. */
const pure = ['text', 'rules', 'detect', 'exposure', 'report', 'respond'];
const effects = /^node:(fs|child_process|net|http|https|tls|dgram|worker_threads|os|readline|cluster)/;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts') && !name.startsWith(join('kernel', 'assembly')))
  .sort();

const roomOf = (path: string): string => path.split(sep)[0] ?? path;
const rungOf = (room: string): number => ladder.findIndex((rung) => rung.includes(room));

interface Import {
  readonly from: string;
  readonly specifier: string;
}

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(src, file), 'utf8');
  const { module, program } = parseSync(file, text);
  expect(program.body.length, `${file} parses`).toBeGreaterThanOrEqual(0);
  return [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((e) => (e.moduleRequest ? [e.moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.map((entry) =>
      text.slice(entry.moduleRequest.start, entry.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    ),
  ].map((specifier) => ({ from: file, specifier }));
};

const allImports = files.flatMap(importsOf);
const internal = allImports
  .filter(({ specifier }) => specifier.startsWith('.'))
  .map(({ from, specifier }) => ({ from, to: relative(src, resolve(src, dirname(from), specifier)) }));

test('every folder stands on the ladder', () => {
  for (const file of files) expect(rungOf(roomOf(file)), `${file}: its folder has no rung`).toBeGreaterThanOrEqual(0);
});

test('imports run one way, type-only ones included', () => {
  const upward = internal.filter(
    ({ from, to }) => roomOf(from) !== roomOf(to) && rungOf(roomOf(to)) <= rungOf(roomOf(from)),
  );
  expect(upward).toEqual([]);
});

test('other folders come in by the door', () => {
  const aside = internal.filter(
    ({ from, to }) => roomOf(from) !== roomOf(to) && to.includes(sep) && !to.endsWith(`${sep}index.ts`),
  );
  expect(aside).toEqual([]);
});

test('no type is taken from another module by a bare import() in type position', () => {
  const hidden = files.filter((file) => /[:<|&(]\s*import\(['"]/.test(readFileSync(join(src, file), 'utf8')));
  expect(hidden).toEqual([]);
});

test('no import cycles', () => {
  const edges = new Map<string, string[]>();
  for (const { from, to } of internal) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    expect(trail, 'a cycle').not.toContain(file);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
});

test('folders that compute have no effects', () => {
  const bad = allImports.filter(({ from, specifier }) => pure.includes(roomOf(from)) && effects.test(specifier));
  expect(bad).toEqual([]);
  const calls = files.filter(
    (file) =>
      pure.includes(roomOf(file)) &&
      /\bDate\.now\(|\bnew Date\(\)|Math\.random\(|\bprocess\./.test(readFileSync(join(src, file), 'utf8')),
  );
  expect(calls).toEqual([]);
});

test('only the folder git starts processes; process.exit has no caller; process.exitCode has one', () => {
  const starters = allImports.filter(
    ({ from, specifier }) => /^(node:child_process|execa|simple-git)$/.test(specifier) && roomOf(from) !== 'git',
  );
  expect(starters).toEqual([]);
  const exits = files.filter((file) => /\bprocess\.exit\(/.test(readFileSync(join(src, file), 'utf8')));
  expect(exits).toEqual([]);
  const codes = files.filter((file) => /\bprocess\.exitCode\b/.test(readFileSync(join(src, file), 'utf8')));
  expect(codes).toEqual([join('cli', 'main.ts')]);
});
