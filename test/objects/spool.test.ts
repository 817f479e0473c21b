import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Spool } from '../../src/objects/spool.ts';

const folder = mkdtempSync(join(tmpdir(), 'unleak-spool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (spool: Spool): string =>
  Buffer.concat([...spool.pieces()].map((piece) => Buffer.from(piece))).toString('latin1');

const write = (spool: Spool, text: string): void => {
  spool.rewind();
  spawnSync('printf', ['%s', text], { stdio: ['ignore', spool.descriptor, 'inherit'] });
};

test('a shorter answer does not see the rest of a longer one before it', () => {
  const spool = new Spool(folder);
  write(spool, 'a long answer');
  expect(written(spool)).toBe('a long answer');
  write(spool, 'short');
  expect(written(spool)).toBe('short');
  write(spool, '');
  expect(written(spool)).toBe('');
  spool.close();
});

test('an answer longer than a piece comes whole', () => {
  const spool = new Spool(folder);
  const text = 'x'.repeat(100_000);
  spool.rewind();
  spawnSync('sh', ['-c', `for i in 1 2 3 4 5 6; do printf %s "$0"; done`, text], {
    stdio: ['ignore', spool.descriptor, 'inherit'],
  });
  expect(written(spool).length).toBe(600_000);
  spool.close();
});

test('a child reads questions from their start, and no file has a name', () => {
  const spool = Spool.withText(folder, 'one\ntwo\n');
  const { stdout } = spawnSync('cat', [], { stdio: [spool.descriptor, 'pipe', 'inherit'], encoding: 'utf8' });
  expect(stdout).toBe('one\ntwo\n');
  expect(readdirSync(folder)).toEqual([]);
  spool.close();
});
