import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pair } from '../../src/detect/file/pair.ts';
import { readAllLines, readLines } from '../../src/detect/file/read-lines.ts';
import { readAllYaml, readYaml } from '../../src/detect/file/read-yaml.ts';
import { Skim } from '../../src/detect/file/skim.ts';
import type { Run } from '../../src/kernel/index.ts';
import { credentialName } from '../../src/rules/index.ts';
import { latin1, latin1Bytes } from '../../src/text/index.ts';
import { type Edit, edited } from './edit-script.ts';

/** The pairs that a judge has something to say of; each stands for a call of `judgeAssignment`. */
const telling = (pairs: readonly Pair[]): readonly Pair[] =>
  pairs.filter(({ name, known }) => known !== undefined || credentialName(name) !== null);

const pick = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words);
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));

const names = fc.oneof(
  pick(
    'password',
    'API_KEY',
    'dbPassword',
    'secret',
    'ROOTPW',
    'token_value',
    'auth',
    'PSK',
    'signature',
    'db.pw',
    'a/key',
  ),
  pick(
    'name',
    'key',
    'value',
    'default',
    'Value',
    'content',
    'kind',
    'data',
    'stringData',
    'env',
    'uses',
    'run',
    'x',
    '/',
  ),
  pick('mon.key', 'monkey', 'compass', 'spwn', 'values', 'defaults', 'tls-auth-clients', 'a:b', 'passes@1', 'k8', '8k'),
);
const values = fc.oneof(
  pick(
    '',
    'plain',
    'two words',
    'a # b',
    '# c',
    ',',
    ';;',
    '|',
    '>-',
    '|2 # x',
    '>x',
    '- y',
    '[a, b]',
    '{ a: 1 }',
    '*ref',
    '\\',
  ),
  pick(
    "'one'",
    "''",
    "'open",
    "'''",
    "'''three'''",
    "it's",
    "'a' b",
    "'a'b'c",
    '`tick`',
    '`open',
    '"one"',
    '""',
    '"open',
    '"a\\"b"',
  ),
  pick(
    '"a\\',
    '"""',
    '"""a"""',
    '"a" "b',
    '&a "open',
    '&a |',
    '!!str "open',
    '!!str plain',
    '!vault |',
    '&& "open',
    'a="open',
    '= "open',
  ),
  pick(
    'c2VjcmV0IHRoaW5n',
    'DB_PASSWORD',
    'apiKey',
    'a\rpassword',
    'Build',
    'Secret',
    'SealedSecret',
    'Deployment',
    'ENC[x]',
    '${{ secrets.A }}',
    'k: v',
    'password: v',
  ),
);
const leads = pick(
  '',
  '',
  '',
  '  ',
  '    ',
  '\t',
  '- ',
  '  - ',
  '- - ',
  '# ',
  '#',
  '  # ',
  '// ',
  '; ',
  '-- ',
  '--',
  '!',
  '-',
  'export ',
  'set ',
  'Set ',
  'declare -x ',
  '$env:',
  '/',
  '# # # # ',
  '-x ',
);
const operators = pick(': ', ':', ': ', '=', ' = ', ':=', ' => ', ' ', '\t', ':  ', ' : ', ':\t', '');
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: joined(leads, pick('', '', '', '"', "'"), names, pick('', '', '', '"', "'"), operators, values),
  },
  {
    weight: 1,
    arbitrary: pick(
      '',
      ' ',
      '---',
      '--- # x',
      '...',
      'kind: Secret',
      'kind:Secret',
      "'kind': SealedSecret",
      'data:',
      '"',
      "'",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: pick(...' \t-#\'"`:=>|&!$/\\apwkey.'), maxLength: 12 }) },
);
const text = fc
  .tuple(
    pick('', '', '\xef\xbb\xbf'),
    fc.array(fc.tuple(line, pick('\n', '\n', '\n', '\r\n')), { maxLength: 12 }),
    line,
  )
  .map(([mark, lines, last]) => mark + lines.flat().join('') + last);

const edits = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: text.map(latin1Bytes) }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: fc.nat(),
      bytes: pick('\n', ' ', '"', ':', 'x').map(latin1Bytes),
    }),
    fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), from: fc.nat(), length: fc.nat({ max: 200 }) }),
  ),
  { minLength: 1, maxLength: 4 },
) satisfies fc.Arbitrary<Edit[]>;

/** The copies among the parts of a text, each for itself. */
const runsOf = (parts: ReturnType<typeof edited>['parts']): readonly Run[] => {
  let start = 0;
  return parts.flatMap((part): Run[] => {
    const run = part instanceof Uint8Array ? [] : [{ start, baseStart: part.from, length: part.length }];
    start += part.length;
    return run;
  });
};

describe('passing over lines that say nothing', () => {
  test('leaves out of YAML nothing that could be judged', () => {
    fc.assert(
      fc.property(text, (yaml) => {
        expect(telling(readYaml(yaml, new Skim(yaml)))).toEqual(telling(readAllYaml(yaml)));
      }),
      { numRuns: 5000 },
    );
  });

  test('leaves out of assignments nothing that could be judged', () => {
    fc.assert(
      fc.property(text, (lines) => {
        expect(telling(readLines(lines, new Skim(lines)))).toEqual(telling(readAllLines(lines)));
      }),
      { numRuns: 5000 },
    );
  });

  test('does not move the bound on pairs: what stands behind it is not read, whatever stands before', () => {
    const password = 'password: pässw0rd-äöü';
    for (const before of [4999, 5000, 5001]) {
      const text = `${'a: b\n'.repeat(before)}${password}\n`;
      const expected = before < 5000 ? ['password'] : [];
      expect(telling(readYaml(text, new Skim(text))).map(({ name }) => name)).toEqual(expected);
      expect(telling(readLines(text, new Skim(text))).map(({ name }) => name)).toEqual(expected);
    }
  });

  test('is what happens: of a text that says nothing no pair is made', () => {
    const workflow =
      'on: push\njobs:\n  build:\n    steps:\n      - name: "Build"\n        run: |\n          make\n          make test\n';
    expect(readYaml(workflow, new Skim(workflow))).toEqual([]);
    expect(readAllYaml(workflow)).not.toEqual([]);
    const lines = '# a comment\nport 6379\nbind = "127.0.0.1"\n';
    expect(readLines(lines, new Skim(lines))).toEqual([]);
    expect(readAllLines(lines)).not.toEqual([]);
  });

  test('finds in a text that a delta made the same lines as in any other, through chains of deltas', () => {
    let inherited = 0;
    fc.assert(
      fc.property(text, fc.array(edits, { minLength: 1, maxLength: 4 }), (first, versions) => {
        let base = latin1Bytes(first);
        let skim = new Skim(first);
        for (const version of versions) {
          const known = { members: skim.members, assignments: skim.assignments };
          const { result, parts } = edited(base, version);
          const whole = new Skim(latin1(result));
          skim = new Skim(latin1(result), { base: known, runs: runsOf(parts) });
          expect(skim.members).toEqual(whole.members);
          expect(skim.assignments).toEqual(whole.assignments);
          inherited += known.assignments?.length ?? 0;
          base = result;
        }
      }),
      { numRuns: 3000 },
    );
    expect(inherited).toBeGreaterThan(1000);
  });
});
