import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { catalogue } from '../../src/rules/index.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Ordinary code of other people, the same bytes everywhere: packages whose versions the lock file fixes. */
const folders = [
  'assemblyscript/std',
  'commander/lib',
  'fast-check/lib',
  'minimatch/dist',
  'simple-git/dist',
  'execa/lib',
];

const reference = (): Buffer =>
  Buffer.concat(
    folders.flatMap((folder) =>
      readdirSync(join(modules, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:[cm]?[jt]s|d\.ts)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((path) => readFileSync(path)),
    ),
  );

test('all anchors together lead to at most 300 candidates in a megabyte of ordinary code', () => {
  const text = reference();
  expect(text.length).toBeGreaterThan(1e6);
  const detector = new Detector(catalogue);
  detector.find(text);
  expect(detector.stats.candidates / (text.length / 1e6)).toBeLessThan(300);
});
