import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, emptyConfig, findTreeConfig, parseConfig, readConfigFile } from '../../src/config/index.ts';
import { nearestWord, parseSize } from '../../src/text/index.ts';

const root = mkdtempSync(join(tmpdir(), 'unleak-config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tree = (name: string, config: string | null): string => {
  const folder = join(root, name);
  mkdirSync(join(folder, '.git'), { recursive: true });
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  if (config !== null) writeFileSync(join(folder, '.unleak.json'), config);
  return folder;
};

const errorOf = (text: string): ConfigError => {
  try {
    parseConfig(text, '.unleak.json');
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('the config was accepted');
};

test('a config may set what counts, and what is read', () => {
  const text = JSON.stringify({
    minSeverity: 'high',
    minVerdict: 'likely',
    failOn: 'confirmed',
    rules: { only: ['private-key'], without: ['connection-uri'] },
    maxBlobSize: '10M',
  });
  expect(parseConfig(text, '.unleak.json')).toEqual({
    minSeverity: 'high',
    minVerdict: 'likely',
    failOn: 'confirmed',
    rules: { only: ['private-key'], without: ['connection-uri'] },
    maxBlobSizeBytes: 10 * 1024 * 1024,
  });
  expect(parseConfig('\ufeff{}', '.unleak.json')).toEqual(emptyConfig);
});

test.each([
  ['{"minSevrity": "high"}', 'unknown key "minSevrity"', 'Did you mean "minSeverity"?'],
  ['{"rules": {"onyl": []}}', 'unknown key "rules.onyl"', 'Did you mean "only"?'],
  ['{"minSeverity": "hihg"}', 'minSeverity is not one of critical, high', 'Did you mean "high"?'],
  ['{"rules": {"only": ["ok", 7]}}', 'rules.only[1] is not a rule id', 'unleak rules list'],
  ['{"rules": {"without": ["../x"]}}', 'rules.without[0] is not a rule id', 'unleak rules list'],
  ['{"maxBlobSize": "ten"}', 'maxBlobSize is not a size', 'leave it out'],
  ['{"maxBlobSize": -1}', 'maxBlobSize is not a size', 'leave it out'],
  ['{"rules": []}', 'rules is not an object', 'leave it out'],
  ['[]', 'this is not an object', 'leave it out'],
  ['null', 'this is not an object', 'leave it out'],
  ['{"__proto__": {}}', 'unknown key "__proto__"', 'Known here'],
  ['{"failOn": null}', 'failOn is not one of', 'leave it out'],
])('%s is refused, and the message names the place', (text, message, hint) => {
  const error = errorOf(text);
  expect(error.message).toContain(message);
  expect(error.hint).toContain(hint);
  expect(error.exitCode).toBe(2);
});

test('a config that is no JSON is refused without a word of what it holds', () => {
  const error = errorOf('{"minSeverity": hunter2horse}');
  expect(error.message).toBe('.unleak.json: this is not JSON.');
  expect(errorOf('{"minSeverity": "low",}').message).toMatch(/not JSON \(line 1 column \d+\)/);
  expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain('hunter2');
});

test('any JSON is either a config or refused with a ConfigError', () => {
  const keys = fc.constantFrom('minSeverity', 'rules', 'only', 'failOn', 'maxBlobSize', 'x');
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(fc.jsonValue(), fc.dictionary(keys, tie('value'), { maxKeys: 3 })),
  }));
  fc.assert(
    fc.property(value, (json) => {
      try {
        expect(parseConfig(JSON.stringify(json), 'f')).toHaveProperty('rules.only');
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
  );
});

test('the config in the root of the work tree is found from anywhere in it, and known to come from there', () => {
  const folder = tree('found', '{"minSeverity": "high"}');
  for (const place of [folder, join(folder, 'src', 'deep')]) {
    expect(findTreeConfig(place)).toMatchObject({
      isFromTree: true,
      file: '.unleak.json',
      config: { minSeverity: 'high' },
    });
  }
  expect(findTreeConfig(tree('none', null))).toBeNull();
});

test('a config in the tree that is a link, or no file, is refused: it could show any file of the machine', () => {
  const linked = tree('linked', null);
  symlinkSync('/etc/hostname', join(linked, '.unleak.json'));
  expect(() => findTreeConfig(linked)).toThrow(/not a plain file/);
  const folder = tree('folder', null);
  mkdirSync(join(folder, '.unleak.json'));
  expect(() => findTreeConfig(folder)).toThrow(/not a plain file/);
});

test('a named config that is missing, a folder or endless is refused', () => {
  expect(() => readConfigFile(join(root, 'nope.json'), 'nope.json')).toThrow(/cannot be read \(ENOENT\)/);
  expect(() => readConfigFile(root, 'x')).toThrow(/folder/);
  expect(() => readConfigFile('/dev/zero', 'zero')).toThrow(/larger than 1 MiB/);
});

test('sizes are read as people write them', () => {
  expect(['512', '64k', '10M', '2 GiB', '1MB', '7b', '0'].map(parseSize)).toEqual([
    512, 65_536, 10_485_760, 2_147_483_648, 1_048_576, 7, 0,
  ]);
  expect(['', 'ten', '-1', '1.5', '1e3', '10x', '99999999999t'].map(parseSize)).toEqual(Array(7).fill(null));
});

test('the word that was meant is the nearest one, if one is near', () => {
  const words = ['scan', 'explain', 'schema', 'rules'];
  expect(['scna', 'sccan', 'SCAN', 'rulse', 'shema'].map((word) => nearestWord(word, words))).toEqual([
    'scan',
    'scan',
    'scan',
    'rules',
    'schema',
  ]);
  expect(nearestWord('frobnicate', words)).toBeNull();
});
