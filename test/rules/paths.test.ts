import { expect, test } from 'vitest';
import { createPathMatcher, fileParsers, pathRules, severities } from '../../src/rules/index.ts';

const matcher = createPathMatcher(pathRules);
const idsOf = (path: string): readonly string[] => matcher.match(path).map((rule) => rule.id);
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const foldersOf = (path: string): readonly string[] => path.split('/').slice(0, -1);

test('every path rule matches its own examples, below any folder and in any case', () => {
  for (const rule of pathRules) {
    expect(rule.examples.length, rule.id).toBeGreaterThan(0);
    for (const example of rule.examples) {
      for (const path of [example, `some/where/${example}`, example.toUpperCase()]) {
        expect(idsOf(path), `${rule.id}: ${path}`).toContain(rule.id);
      }
    }
  }
});

test('a path that matches is announced by its base name or by a folder above it', () => {
  for (const path of pathRules.flatMap((rule) => rule.examples)) {
    const announced = matcher.maybeName(baseName(path)) || foldersOf(path).some((name) => matcher.maybeFolder(name));
    expect(announced, path).toBe(true);
  }
});

test('path rules have unique ids, known parsers and severities', () => {
  expect(new Set(pathRules.map((rule) => rule.id)).size).toBe(pathRules.length);
  for (const rule of pathRules) {
    expect(severities, rule.id).toContain(rule.severity);
    expect(fileParsers, rule.id).toContain(rule.parser);
    expect(rule.id).toMatch(/^file(-[a-z0-9]+)+$/);
  }
});

test.each([
  ['.env', 'file-dotenv'],
  ['services/api/.env.local', 'file-dotenv'],
  ['config/master.key', 'file-rails-key'],
  ['.aws/credentials', 'file-aws-credentials'],
  ['ID_RSA', 'file-ssh-key'],
  ['a.tfstate.1698.backup', 'file-terraform-state'],
  ['secrets/a/b/c', 'file-secrets-folder'],
  ['home/\xe9t\xe9/.netrc', 'file-netrc'],
  ['config/database.yml.bak', 'file-rails-config'],
  ['.netrc~', 'file-netrc'],
])('%s meets %s', (path, id) => {
  expect(idsOf(path)).toContain(id);
});

test.each([
  'README.md',
  'src/main.c',
  'src/secrets/index.ts',
  'lib/credentials.go',
  'app/password.py',
  'docs/secrets.md',
  'src/tls/handshake.rs',
  'environment.ts',
  'keyboard.txt',
  'id_rsa.pub',
  'src/secrets.ts.orig',
  'img/secrets/logo.png',
])('%s is no sensitive file', (path) => {
  expect(idsOf(path)).toEqual([]);
});

test('ordinary names are not announced', () => {
  for (const name of ['main.c', 'README.md', 'package.json', 'Makefile', 'index.ts', 'secrets.ts', '']) {
    expect(matcher.maybeName(name), name).toBe(false);
  }
  for (const name of ['src', 'lib', 'test', '']) expect(matcher.maybeFolder(name), name).toBe(false);
});

test('a name of many dots and stars costs nothing and matches nothing', () => {
  expect(matcher.maybeName('.'.repeat(100_000))).toBe(false);
  expect(idsOf(`${'a/'.repeat(50_000)}b`)).toEqual([]);
});
