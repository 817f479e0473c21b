import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../fixtures-repos/index.ts';
import { isValidRefName } from '../../src/git/index.ts';
import { parseAlternates, parseConfig, parsePackedRefs, parseReflog } from '../../src/repo/index.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** What git reads from a config file, as name → value; null where git refuses the file. */
const configByGit = (folder: string, content: Uint8Array): string[] | null => {
  const file = join(folder, 'config');
  writeFileSync(file, content);
  try {
    const output = execFileSync('git', ['config', '--no-includes', '--file', file, '--list', '-z'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output.split('\0').slice(0, -1);
  } catch {
    return null;
  }
};

const configByUs = (content: Uint8Array): string[] =>
  parseConfig(content).entries.map(({ section, subsection, name, value }) => {
    const key = subsection === null ? `${section}.${name}` : `${section}.${subsection}.${name}`;
    return value === null ? key : `${key}\n${value}`;
  });

const piece = fc.constantFrom(
  '[core]\n',
  '[remote "or\\"i\\\\gin"]\n',
  '[Remote.Dotted]\n',
  '[a] b = c\n',
  'url = x y\n',
  ' key\n', // no tab: inside a value, git before 2.45 makes a space of it
  'Key = "quoted ; # text"  ; comment\n',
  'key = a \\\n  b\\\n',
  'key = tab\\tnew\\nline \\"q\\"\n',
  'key = trailing   \n',
  'key =\n',
  'key = "in " and out\r\n',
  '# comment\n',
  '; comment\n',
  '\n',
  'key = ключ\n',
  'key = a"b"c # d\n',
  'key-2 = "" \n',
  '   indented = yes\n',
  'broken line\n',
  'key = "open\n',
  'key = bad \\q escape\n',
);

test('whatever config git can read, our parser reads the same', () => {
  const folder = temporaryFolder().path;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const content = bytes(`[start]\n${pieces.join('')}`);
      const byGit = configByGit(folder, content);
      if (byGit !== null) expect(configByUs(content)).toEqual(byGit);
      else expect(parseConfig(content).badLines.length).toBeGreaterThan(0);
    }),
    { numRuns: 150 },
  );
});

test('git’s rules for ref names are ours', () => {
  const part = fc.constantFrom(
    'a',
    'B',
    '.',
    '..',
    '/',
    '.lock',
    '@',
    '@{',
    '~',
    ' ',
    '\\',
    '*',
    'é',
    '-',
    'lock',
    ':',
    '\x7f',
    'x',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const name = `refs/${parts.join('')}`;
      let isGood = true;
      try {
        execFileSync('git', ['check-ref-format', name], { stdio: 'ignore' });
      } catch {
        isGood = false;
      }
      expect([name, isValidRefName(name)]).toEqual([name, isGood]);
    }),
    { numRuns: 150 },
  );
});

test('no bytes make a parser throw, and none invents a ref', () => {
  const oid = 'a'.repeat(40);
  const fragment = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom(oid, ' ', '\n', '\t', 'refs/heads/x', '^', '#', '"', '\\1', '[', '= ').map(bytes),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 20 }), (fragments) => {
      const content = Buffer.concat(fragments);
      parseConfig(content);
      parseAlternates(content);
      parseReflog(content, 'sha256');
      for (const line of parseReflog(content, 'sha1').lines) expect(line.oid).toMatch(/^[0-9a-f]{40}$/);
      for (const ref of parsePackedRefs(content, 'sha1').refs) {
        expect(isValidRefName(ref.name)).toBe(true);
        expect(ref.oid).toMatch(/^[0-9a-f]{40}$/);
      }
    }),
  );
});

test('packed-refs without header, with CRLF, peeled lines and no newline at the end', () => {
  const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
  const { refs, badLines } = parsePackedRefs(bytes(`${a} refs/heads/a\r\n^${b}\n${b} refs/heads/b`), 'sha1');
  expect(refs).toEqual([
    { name: 'refs/heads/a', oid: a },
    { name: 'refs/heads/b', oid: b },
  ]);
  expect(badLines).toEqual([]);
});

test('a reflog line in every shape that git has written', () => {
  const [a, b] = ['0'.repeat(40), 'b'.repeat(40)];
  const { lines, badCount } = parseReflog(
    bytes(
      [
        `${a} ${b} A B <a@b> 1700000000 +0200\tcommit: x\ty`,
        `${a} ${b}  <> 5 -0330`,
        `${a} ${b} nobody`,
        `${a} ${b.slice(1)} A <a> 5 +0000\tshort`,
        '',
      ].join('\n'),
    ),
    'sha1',
  );
  expect(lines.map(({ who, date, zone, message }) => [who, date, zone, message])).toEqual([
    ['A B <a@b>', 1700000000, '+0200', 'commit: x\ty'],
    ['<>', 5, '-0330', ''],
    ['nobody', 0, '+0000', ''],
  ]);
  expect(badCount).toBe(1);
});
