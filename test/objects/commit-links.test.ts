import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oidBytes, oidFromBytes } from '../../src/git/index.ts';
import { CommitLinkReader, parseCommit } from '../../src/objects/index.ts';

const oid = fc.constantFrom('a'.repeat(40), '0123456789'.repeat(4), 'B'.repeat(40), 'c'.repeat(39), 'd'.repeat(64));
const person = fc.constantFrom(
  'A <a@b> 1700000000 +0100',
  'A <a@b> 1 -0000',
  'A <a> <b> 5 +0000',
  'A a@b 5 +0000',
  '<> 99999999999999999999 +0000',
  'A <a@b>  7 +0000',
  'A <a@b> 7',
);
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('tree', 'parent'), oid).map((parts) => parts.join(' ')) },
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('author', 'committer'), person).map((parts) => parts.join(' ')) },
  { weight: 1, arbitrary: fc.constantFrom('', ' continued', 'gpgsig x', 'encoding latin1', '\0') },
);
const usual = fc
  .tuple(oid, fc.array(oid, { maxLength: 12 }), person, person)
  .map(([tree, parents, author, committer]) => [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${author}`,
    `committer ${committer}`,
  ]);

const readers = { sha1: new CommitLinkReader('sha1'), sha256: new CommitLinkReader('sha256') };

test('the links of a commit are what its parser says, however odd it is', () => {
  fc.assert(
    fc.property(
      usual,
      fc.array(fc.tuple(fc.nat({ max: 7 }), line), { maxLength: 3 }),
      fc.constantFrom('\n\nmessage\n', '\n\n', '\n', '', '\n\n\nx'),
      fc.constantFrom('sha1' as const, 'sha256' as const),
      (lines, odd, end, format) => {
        const all = [...lines];
        for (const [at, text] of odd) all.splice(at, 0, text);
        const bytes = Buffer.from(all.join('\n') + end, 'latin1');
        const { tree, parents, committers, message } = parseCommit(bytes, format);
        const seconds = committers[0]?.seconds ?? Number.NaN;
        const reader = readers[format];
        reader.read(bytes);
        const oid = (index: number) => oidFromBytes(reader.oids, index * oidBytes(format), oidBytes(format));
        expect({
          tree: reader.hasTree ? oid(0) : null,
          parents: Array.from({ length: reader.parentCount }, (_, index) => oid(index + 1)),
          seconds: reader.seconds,
          messageAt: reader.messageAt,
        }).toEqual({ tree, parents, seconds, messageAt: message.start });
      },
    ),
    { numRuns: 1000 },
  );
});
