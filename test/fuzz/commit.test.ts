import { expect } from 'vitest';
import { parseCommit } from '../../src/objects/index.ts';
import { type ByteSpan, latin1, latin1Bytes } from '../../src/text/index.ts';
import { askGit, emptyRepo, writeLoose } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes } from './mutate.ts';

let gitDir = '';

// No %-code for the raw headers: tree, parents, author, committer, and the message as far as git prints it (to a NUL).
const fields = ['%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct'];

fuzz('commit', {
  seeds: () => {
    gitDir = emptyRepo();
    const tree = writeLoose(gitDir, 'tree', new Uint8Array());
    const person = 'A U. Thor <author@example.com> 1700000000 +0130';
    const parents = ['1', '2'].map((time) =>
      writeLoose(
        gitDir,
        'commit',
        latin1Bytes(`tree ${tree}\nauthor A <a> ${time} +0000\ncommitter C <c> 1 +0000\n\np`),
      ),
    );
    const lines = parents.map((oid) => `parent ${oid}\n`).join('');
    return [
      `tree ${tree}\n${lines}author ${person}\ncommitter C <c@d> 5 -0000\n\nSubject\n\nBody\n`,
      `tree ${tree}\n${lines}author ${person}\ncommitter C O <c@d> 1700000001 +0000\nencoding ISO-8859-1\ngpgsig a\n b\n \n c\n\n\xe9\n`,
      `tree ${tree}\nauthor  <> 7 +0000\ncommitter no mail\n\n`,
    ].map(latin1Bytes);
  },
  rounds: 300,
  mutate: mutateBytes([
    '\n',
    ' ',
    '<',
    '>',
    '\0',
    'author ',
    'committer ',
    'parent ',
    '\ntree ',
    '-',
    '99999999999',
    '\n ',
    '\n\n',
  ]),
  ask: (inputs) => {
    const show = ['log', '--no-walk', '--encoding=none', `--format=${fields.join('%x00')}`];
    return askGit(
      gitDir,
      inputs.map((input) => ({ args: [...show, writeLoose(gitDir, 'commit', input)] })),
    );
  },
  check: (input, { code, stdout }) => {
    const commit = parseCommit(input, 'sha1');
    for (const span of [commit.message, ...commit.extra.map((header) => header.span)]) expectInside(input, span);
    if (code !== 0) return; // git does not take it for a commit; we made of it what there is
    const [tree, parents, ...people] = stdout.toString('latin1').replace(/\n$/, '').split('\0');
    expect(commit.tree).toBe(tree);
    // A last parent without a newline git does not count.
    const isCut = commit.message.start === input.length && input.at(-1) !== 0x0a;
    if (!isCut) expect(commit.parents.join(' ')).toBe(parents);
    const head = input.subarray(0, commit.message.start);
    // git shows strings, and these end at a NUL; with an encoding header it shows them in UTF-8.
    if (head.includes(0) || (commit.encoding !== null && head.some((byte) => byte > 0x7f))) return;
    expect(personOf(input, commit.authors)).toEqual(shownPerson(people.slice(0, 3)));
    expect(personOf(input, commit.committers)).toEqual(shownPerson(people.slice(3, 6)));
  },
});

/** What git's pretty printer makes of several people: the last, and nothing where a bracket or a date is missing. */
const personOf = (bytes: Uint8Array, people: ReturnType<typeof parseCommit>['authors']): string[] => {
  const person = people.at(-1);
  if (person === undefined) return ['', '', ''];
  // git looks at the header's first line only.
  const line = latin1(bytes, person.span.start, person.span.end).split('\n', 1)[0] ?? '';
  if (!/<.*>/s.test(line)) return ['', '', ''];
  const name = latin1(bytes, person.name.start, person.name.end);
  const hasDate =
    person.zone !== '' && person.seconds >= 0 && /^\s*\d+\s*[+-]\d/.test(line.slice(line.lastIndexOf('>') + 1));
  const email = latin1(bytes, person.email.start, person.email.end);
  return [trimmed(name), trimmed(email), hasDate ? String(person.seconds) : ''];
};

/** git shows the digits of a date, however many; a number that we cannot hold is no date to us. */
const shownPerson = ([name = '', email = '', date = '']: readonly string[]): string[] => {
  const seconds = Number(date);
  return [trimmed(name), trimmed(email), date !== '' && Number.isSafeInteger(seconds) ? String(seconds) : ''];
};

/** git keeps spaces in front of a name, and takes off more kinds of them behind it than we do. */
const trimmed = (text: string): string => text.replace(/^[ \t\r]+|[ \t\r]+$/g, '');

const expectInside = (bytes: Uint8Array, { start, end }: ByteSpan): void => {
  expect(start).toBeLessThanOrEqual(end);
  expect(end).toBeLessThanOrEqual(bytes.length);
};
