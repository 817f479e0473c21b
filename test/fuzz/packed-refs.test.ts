import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { refNameFromBytes } from '../../src/git/index.ts';
import { parsePackedRefs } from '../../src/repo/index.ts';
import { latin1, latin1Bytes } from '../../src/text/index.ts';
import { askGit, emptyRepo, writeLoose } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes } from './mutate.ts';

let stores: readonly string[] = [];

fuzz('packed-refs', {
  seeds: () => {
    stores = Array.from({ length: 50 }, () => emptyRepo());
    const [oid = ''] = stores.map((gitDir) => writeLoose(gitDir, 'blob', latin1Bytes('target')));
    const names = ['refs/heads/a', 'refs/heads/b/c', 'refs/notes/x', 'refs/tags/v1', 'refs/tags/v2'];
    const lines = names.map((name) => `${oid} ${name}\n`);
    return [
      `# pack-refs with: peeled fully-peeled sorted \n${lines.join('')}^${oid}\n`,
      `# pack-refs with: peeled \n${lines.slice(0, 3).join('')}^${oid}\n${lines[4]}`,
      lines.join(''),
      '',
    ].map(latin1Bytes);
  },
  rounds: 200,
  mutate: mutateBytes([
    '\n',
    ' ',
    '\r\n',
    '^',
    '# ',
    '..',
    '~',
    '/',
    '\0',
    '.lock',
    'refs/heads/',
    '@{',
    'sorted',
    'A',
    'g',
  ]),
  ask: (inputs) =>
    askGit(
      stores[0] ?? '',
      inputs.map((input, i) => {
        writeFileSync(join(stores[i] ?? '', 'packed-refs'), input);
        return { args: ['--git-dir', stores[i] ?? '', 'for-each-ref', '--format=%(objectname) %(refname)'] };
      }),
    ),
  check: (input, { code, stdout }) => {
    const { refs } = parsePackedRefs(input, 'sha1');
    const ours = refs.map(({ oid, name }) => `${oid} ${name}`);
    // git gives up at the first bad line, cuts names at a NUL, and shows what stands outside of refs/ too.
    const theirs = linesOf(stdout).filter((line) => line.slice(41).startsWith('refs/'));
    if (code === 0 && !input.includes(0)) expect(new Set(ours)).toEqual(new Set(theirs));
    // Whatever git says: ours takes only what stands there.
    const there = new Set(
      linesOf(input).map((line) => line.slice(0, 40).toLowerCase() + line.slice(40).replace(/\r$/, '')),
    );
    for (const line of ours) expect(there).toContain(line);
  },
});

const linesOf = (bytes: Uint8Array): string[] =>
  latin1(bytes)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => refNameFromBytes(latin1Bytes(line)));
