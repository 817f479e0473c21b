import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Report, Scope } from '../../src/exposure/index.ts';
import { displayWidth, renderExplanation, renderText, type TextOptions } from '../../src/report/index.ts';
import {
  coverage,
  credential,
  exposure,
  findingsReport,
  hostileReport,
  hostileStrings,
  report,
  rsaKey,
  sampleNow,
  sensitiveFile,
} from './sample-report.ts';

const options: TextOptions = { columns: 80, color: false, now: sampleNow, exitCode: 1, target: null };
const text = (value: Report, changes: Partial<TextOptions> = {}): string =>
  renderText(value, { ...options, ...changes });

const shallowReport = (): Report =>
  report(
    {
      coverage: coverage({
        objects: 812,
        complete: false,
        incomplete: [
          {
            reason: 'shallow',
            detail: 'this clone is shallow, 1 of about 40,000 commits is here',
            remedy: 'git fetch --unshallow',
          },
        ],
      }),
    },
    { inert: 0 },
  );

const damagedReport = (): Report =>
  report({
    credentials: [rsaKey()],
    coverage: coverage({
      complete: false,
      missing: ['0123456789abcdef0123456789abcdef01234567'],
      skipped: [{ oid: null, source: 'pack/pack-6f1a.idx', reason: 'the index does not belong to its pack' }],
      incomplete: [
        {
          reason: 'unreadable',
          detail: '1 of 3 packs could not be read: pack-6f1a',
          remedy: 'git fsck names what is lost',
        },
      ],
    }),
  });

const scopeOf = (mode: Scope['mode']): Scope => ({ mode, since: null, range: null, base: null });

const screens: readonly (readonly [name: string, report: Report, exitCode: TextOptions['exitCode']])[] = [
  ['findings', findingsReport(), 1],
  ['nothing', report(), 0],
  ['shallow', shallowReport(), 2],
  ['damaged', damagedReport(), 1],
  ['hostile', hostileReport(), 1],
  [
    'staged',
    report({
      scope: scopeOf('staged'),
      credentials: [
        credential({
          published: 'no',
          exposures: [
            exposure({
              source: 'index',
              path: '.env',
              line: 3,
              introduced: null,
              removed: null,
              reachable: false,
              refs: [],
            }),
          ],
        }),
      ],
      coverage: coverage({ objects: 3, blobs: 3, scannedBlobs: 3, bytes: 812 }),
    }),
    1,
  ],
];

const golden = (name: string): string => fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url));

for (const columns of [80, 40]) {
  test.each(screens)(`the screen "%s" at ${columns} columns`, async (name, value, exitCode) => {
    await expect(text(value, { columns, exitCode })).toMatchFileSnapshot(golden(`${name}-${columns}`));
  });
}

test('the explanation of one credential, in full', async () => {
  await expect(
    renderExplanation(rsaKey(), findingsReport(), { ...options, attack: 'Whoever has it can pose as the server.' }),
  ).toMatchFileSnapshot(golden('explanation-80'));
});

test.each(screens)('no line of the screen "%s" is wider than the terminal, addresses apart', (_, value, exitCode) => {
  for (const columns of [40, 57, 60, 80, 120]) {
    const wide = text(value, { columns, exitCode })
      .split('\n')
      .filter((line) => displayWidth(line) > columns && !line.includes('https://'));
    expect(wide, `at ${columns} columns`).toEqual([]);
  }
});

test('colours add nothing but colour', () => {
  for (const [, value, exitCode] of screens) {
    const colored = text(value, { exitCode, color: true });
    expect(colored).not.toBe(text(value, { exitCode }));
    expect(stripVTControlCharacters(colored)).toBe(text(value, { exitCode }));
  }
});

test('the worst comes first, and of equals the surest', () => {
  const lines = text(findingsReport()).split('\n');
  const order = lines.flatMap(
    (line) => /^(CRITICAL|HIGH|MEDIUM) .* (confirmed|likely|possible)$/.exec(line)?.slice(1).join(' ') ?? [],
  );
  expect(order).toEqual(['CRITICAL confirmed', 'HIGH confirmed', 'HIGH likely', 'MEDIUM possible']);
});

test('five places are listed, those that are still there first; the rest is counted', () => {
  const exposures = Array.from({ length: 7 }, (_, index) =>
    exposure({ path: `f${index}.env`, ...(index === 6 ? { inTips: true, removed: null } : {}) }),
  );
  const screen = text(report({ credentials: [credential({ exposures })] }));
  expect(screen.match(/f\d\.env/g)).toEqual(['f6.env', 'f0.env', 'f1.env', 'f2.env', 'f3.env']);
  expect(screen).toContain('and 2 more places (of 7)');
});

test('of places that are still there, those in the checked-out branch come first', () => {
  const still = { inTips: true, removed: null } as const;
  const exposures = [
    exposure({ ...still, path: 'other.env', refs: [1] }),
    exposure({ ...still, path: 'main.env', refs: [0] }),
  ];
  const screen = text(report({ credentials: [credential({ exposures })] }));
  expect(screen.match(/\w+\.env/g)).toEqual(['main.env', 'other.env']);
});

test('what was published is said with care', () => {
  const say = (published: 'yes' | 'unknown' | 'no' | 'no-remote'): string =>
    /published {3}(.*)/.exec(text(report({ credentials: [credential({ published })] })))?.[1] ?? '';
  expect(say('yes')).toMatch(/^yes: origin\/main, 14 of 14 refs, for up to 996 days$/);
  expect(say('unknown')).toMatch(/^unknown: .* may have$/);
  expect(say('no')).toContain('no trace of a remote');
  expect(say('no-remote')).toContain('knows no remote');
});

test('an incomplete scan that found nothing never reads as clean', () => {
  const screen = text(shallowReport(), { exitCode: 2 });
  expect(screen).toContain('not a\nclean result (exit code 2)');
  expect(screen).toContain('git fetch --unshallow');
  expect(screen).not.toContain('No exposed credentials');
});

test('what makes the exit code 1 is said also where filters hide it', () => {
  expect(text(report(), { exitCode: 1 })).toContain('Something counts (exit code 1)');
});

test('a value in clear is shown only where the report holds it', () => {
  const value = ['not', 'a', 'value'].join('-');
  expect(text(report({ credentials: [credential({ secret: `${value}\nline 2` })] }))).toContain(
    `secret      ${value}\\nline 2`,
  );
  expect(text(findingsReport())).not.toContain('secret      ');
});

test('a repository in another place is named in the next command, as a shell takes it', () => {
  const next = (target: string): string => text(findingsReport(), { target }).trimEnd().split('\n').at(-1) ?? '';
  expect(next('../shop')).toBe('Next: unleak explain u1-7k2m4qhz3v6ytw2a ../shop');
  expect(next("it's $HOME")).toBe(`Next: unleak explain u1-7k2m4qhz3v6ytw2a 'it'\\''s $HOME'`);
  expect(next('a\u202eb')).toBe('Next: unleak explain u1-7k2m4qhz3v6ytw2a REPO');
});

const unsafe = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]|\p{Cf}|::|##/u;

test('text of a repository moves no cursor, hides nothing, and is no command of a CI service', () => {
  for (const columns of [40, 80]) {
    const screen = text(hostileReport(), { columns });
    expect(screen).not.toMatch(unsafe);
    expect(screen).toContain(':\\x3aerror');
  }
  const explanation = renderExplanation(hostileReport().credentials[0] ?? credential(), hostileReport(), {
    ...options,
    attack: null,
  });
  expect(explanation).not.toMatch(unsafe);
});

test('a path that ends in a colon makes no "::" with the line number after it', () => {
  const screen = text(report({ credentials: [credential({ exposures: [exposure({ path: 'odd:' })] })] }));
  expect(screen).toContain('odd\\x3a:4');
});

test('no line begins with text of a repository, whatever it is', () => {
  const hostileText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(':', '#', '\n', ' ', '\u202e', '設', '\u001b', 'X'), maxLength: 40 }),
    fc.constantFrom(hostileStrings.path, hostileStrings.long, hostileStrings.cjk),
  );
  // Its own words are in lower case or known; "Q" marks where repository text begins.
  fc.assert(
    fc.property(hostileText, fc.constantFrom(40, 61, 80), (words, columns) => {
      const marked = `Q${words}`;
      const value = report({
        credentials: [
          credential({
            title: marked,
            reasons: [{ kind: 'x', verdict: 'likely', detail: marked }],
            exposures: [
              exposure({
                path: marked,
                introduced: { commit: 'a'.repeat(40), author: marked, email: marked, date: null },
              }),
            ],
          }),
        ],
        sensitiveFiles: [sensitiveFile({ title: marked })],
      });
      const screen = text(value, { columns });
      expect(screen).not.toMatch(unsafe);
      for (const line of screen.split('\n')) expect(line.startsWith('Q'), line).toBe(false);
    }),
    { numRuns: 60 },
  );
});
