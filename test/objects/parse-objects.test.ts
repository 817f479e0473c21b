import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryKinds, parseCommit, parseTag, readTreeEntries } from '../../src/objects/index.ts';
import { type ByteSpan, latin1, latin1Bytes } from '../../src/text/index.ts';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const c = 'c'.repeat(40);

const text = (bytes: Uint8Array, { start, end }: ByteSpan): string => latin1(bytes, start, end);

test('a commit is taken apart, and its signature and mergetag are headers of several lines', () => {
  const bytes = latin1Bytes(
    `tree ${a}\nparent ${b}\nparent ${c}\nauthor Ada L. <ada@example.com> 1700000000 +0130\n` +
      `committer Bob <bob@example.com> 1700000001 -0000\nencoding ISO-8859-1\ngpgsig -----BEGIN\n one\n \n two\n` +
      'mergetag object x\n\nSubject\n\nBody \xe9\n',
  );
  const commit = parseCommit(bytes, 'sha1');
  expect(commit).toMatchObject({ tree: a, parents: [b, c], encoding: 'ISO-8859-1' });
  expect(commit.authors.map((p) => [text(bytes, p.name), text(bytes, p.email), p.seconds, p.zone])).toEqual([
    ['Ada L.', 'ada@example.com', 1_700_000_000, '+0130'],
  ]);
  expect(commit.committers[0]?.zone).toBe('-0000');
  expect(commit.extra.map((h) => [h.name, text(bytes, h.span)])).toEqual([
    ['gpgsig', '-----BEGIN\n one\n \n two'],
    ['mergetag', 'object x'],
  ]);
  expect(text(bytes, commit.message)).toBe('Subject\n\nBody \xe9\n');
});

test('malformed commits are read as far as they go', () => {
  const of = (body: string) => parseCommit(latin1Bytes(body), 'sha1');
  expect(of('')).toMatchObject({ tree: null, parents: [], authors: [], committers: [], extra: [] });
  expect(of(`tree ${a}`)).toMatchObject({ tree: a, authors: [], message: { start: 45, end: 45 } });
  expect(of(`tree ${a}\n\n\0text behind a NUL`).message).toEqual({ start: 47, end: 65 });
  expect(of(`tree ${a.slice(1)}\n\n`)).toMatchObject({ tree: null, extra: [] });
  expect(of(`tree ${a}\nauthor A <a> 1 +0\nauthor B <b> 2 +0\n\n`).authors.map((p) => p.seconds)).toEqual([1, 2]);
  expect(of(`tree ${a}\nno-space\n nul\0\n\nm`).extra).toEqual([{ name: '', span: { start: 46, end: 60 } }]);
});

test('a parent that does not stand behind the tree is none, as in git', () => {
  const bytes = latin1Bytes(`tree ${a}\nauthor A <a> 1 +0000\nparent ${b}\ntree ${c}\n\n`);
  const commit = parseCommit(bytes, 'sha1');
  expect(commit).toMatchObject({ tree: a, parents: [] });
  expect(commit.extra.map(({ name }) => name)).toEqual(['parent', 'tree']);
});

test.each([
  ['<> 5 +0000', '', '', 5, '+0000'],
  ['No Mail', 'No Mail', '', Number.NaN, ''],
  ['A <open 12 +0100', 'A', 'open 12 +0100', Number.NaN, ''],
  ['A <b> c> 12 +0100', 'A', 'b', 12, '+0100'],
  ['A <b> -12 -0000', 'A', 'b', -12, '-0000'],
  ['A <b> 1 +051800', 'A', 'b', 1, '+051800'],
  ['A <b> 99999999999999999999 +0000', 'A', 'b', Number.NaN, '+0000'],
  ['A <b> yesterday', 'A', 'b', Number.NaN, ''],
])('the person %j', (line, name, email, seconds, zone) => {
  const bytes = latin1Bytes(`author ${line}\n\n`);
  const [person] = parseCommit(bytes, 'sha1').authors;
  expect(person && [text(bytes, person.name), text(bytes, person.email)]).toEqual([name, email]);
  expect(person).toMatchObject({ seconds, zone });
});

test('a tag is taken apart; what it lacks is null', () => {
  const bytes = latin1Bytes(`object ${a}\ntype commit\ntag v1\ntagger T <t@example.com> 7 +0000\nother x\n\nmessage\n`);
  const tag = parseTag(bytes, 'sha1');
  expect(tag).toMatchObject({ object: a, type: 'commit', extra: [{ name: 'other' }] });
  expect(tag.name && text(bytes, tag.name)).toBe('v1');
  expect(tag.taggers[0]?.seconds).toBe(7);
  expect(text(bytes, tag.message)).toBe('message\n');
  const bare = parseTag(latin1Bytes(`object ${a}\ntype commits\n`), 'sha1');
  expect(bare).toMatchObject({ object: a, type: null, name: null, taggers: [] });
});

test('SHA-256 oids have 64 digits', () => {
  const long = 'd'.repeat(64);
  expect(parseCommit(latin1Bytes(`tree ${long}\nparent ${long}\n\n`), 'sha256')).toMatchObject({
    tree: long,
    parents: [long],
  });
  expect(parseCommit(latin1Bytes(`tree ${a}\n\n`), 'sha256').tree).toBeNull();
});

test('no bytes at all make a commit or tag parser throw, and its spans lie inside the object', () => {
  const word = fc.constantFrom(
    'tree ',
    'parent ',
    'author ',
    'tagger ',
    '<',
    '>',
    ' ',
    '\n',
    '\0',
    a,
    '12 +0100',
    '\xff',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const bytes = latin1Bytes(words.join(''));
      const commit = parseCommit(bytes, 'sha1');
      const tag = parseTag(bytes, 'sha1');
      const people = [...commit.authors, ...commit.committers, ...tag.taggers].flatMap((p) => [
        p.span,
        p.name,
        p.email,
      ]);
      const headers = [...commit.extra, ...tag.extra].map(({ span }) => span);
      for (const { start, end } of [...people, ...headers, commit.message, tag.message]) {
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(bytes.length);
      }
    }),
  );
});

const oid = '\x01'.repeat(20);

const entriesOf = (tree: string, oidLength = 20): { entries: unknown[]; stoppedAt: number } => {
  const bytes = latin1Bytes(tree);
  const entries: unknown[] = [];
  const stoppedAt = readTreeEntries(bytes, 0, bytes.length, oidLength, (kind, nameStart, nameEnd, oidAt) => {
    entries.push([kind, latin1(bytes, nameStart, nameEnd), oidAt]);
  });
  return { entries, stoppedAt };
};

test('tree entries are shown as they are stored: unsorted, doubled, with odd modes and empty names', () => {
  const { tree, blob, gitlink } = entryKinds;
  const modes = ['40000', '040000', '100644', '0100755', '120000', '160000', '0', '7777777777100644'];
  const raw = [...modes.map((mode, i) => `${mode} n${i}`), '100644 n0', '100644 ']
    .map((head) => `${head}\0${oid}`)
    .join('');
  const { entries, stoppedAt } = entriesOf(raw);
  expect(entries.map((entry) => (entry as [number, string]).slice(0, 2))).toEqual([
    ...[tree, tree, blob, blob, blob, gitlink, blob, blob].map((kind, i) => [kind, `n${i}`]),
    [blob, 'n0'],
    [blob, ''],
  ]);
  expect(stoppedAt).toBe(raw.length);
});

test('a malformed entry ends the tree, and those before it were shown', () => {
  const good = `100644 a\0${oid}`;
  for (const bad of ['100644', '100648 b\0', ' b\0', '100644 b', `100644 b\0${oid.slice(1)}`, '\0', '100644\0']) {
    expect(entriesOf(good + bad)).toEqual({ entries: [[entryKinds.blob, 'a', 9]], stoppedAt: good.length });
  }
  expect(entriesOf(`40000 t\0${oid}${'\x02'.repeat(12)}`, 32).entries).toEqual([[entryKinds.tree, 't', 8]]);
});

test('a tree inside a larger memory is not read past its end', () => {
  const bytes = latin1Bytes(`xx100644 a\0${oid}100644 b\0${oid}`);
  const seen: number[] = [];
  const end = 2 + 29;
  expect(readTreeEntries(bytes, 2, end, 20, (_kind, _start, _end, oidAt) => seen.push(oidAt))).toBe(end);
  expect(seen).toEqual([11]);
  expect(readTreeEntries(bytes, 2, end + 9, 20, () => {})).toBe(end);
});
