import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { renderHelp } from '../../src/cli/help.ts';
import { choicesOf, flagOf } from '../../src/cli/option.ts';
import { optionsOf } from '../../src/cli/options.ts';
import { renderOptionsTable } from '../../src/cli/options-table.ts';
import { errorFormat, parseArgv } from '../../src/cli/parse-argv.ts';
import { severities, verdicts } from '../../src/rules/index.ts';

test('without a command, scan is meant', () => {
  const scanOf = (operands: readonly string[]) => ({ kind: 'command', command: 'scan', operands, options: {} });
  expect(parseArgv([])).toEqual(scanOf([]));
  expect(parseArgv(['../shop'])).toEqual(scanOf(['../shop']));
  expect(parseArgv(['-'])).toEqual(scanOf(['-']));
  expect(parseArgv(['--', '--odd'])).toEqual(scanOf(['--odd']));
});

test('a command wins over a folder of its name', () => {
  expect(parseArgv(['rules', 'list'])).toMatchObject({ command: 'rules', operands: ['list'] });
});

test('only what was given is a value: defaults come after the config', () => {
  const line = parseArgv(
    'scan --no-git --min-severity high -f json -o a.json --format text -o - --max-blob-size 10M -j 3'.split(' '),
  );
  expect(line).toEqual({
    kind: 'command',
    command: 'scan',
    operands: [],
    options: {
      'no-git': true,
      'min-severity': 'high',
      format: ['json', 'text'],
      output: ['a.json', '-'],
      'max-blob-size': 10_485_760,
      jobs: 3,
    },
  });
});

test.each([
  [['scan', '--fromat', 'json'], 'no option --fromat', 'Did you mean --format?'],
  [['--min-severty=low'], 'no option --min-severty.', 'Did you mean --min-severity?'],
  [['rules', '--staged'], 'unleak rules has no option --staged', 'unleak rules --help'],
  [['--format', 'jsno'], '--format cannot be "jsno"', 'Did you mean json?'],
  [['--format', 'sarif'], '--format cannot be "sarif"', 'text, json or jsonl'],
  [['--format'], '--format needs a value', 'text|json|jsonl'],
  [['--color', 'red'], '--color cannot be "red"', 'auto, always or never'],
  [['--jobs', '0'], '--jobs cannot be "0"', 'from 1 to 256'],
  [['--jobs', '1e3'], '--jobs cannot be "1e3"', 'from 1 to 256'],
  [['--max-blob-size', 'big'], '--max-blob-size cannot be "big"', '10M'],
  [['--fail-on', 'likely', '--fail-on', 'inert'], '--fail-on was given 2 times', 'once'],
  [['--rule', ''], '--rule is empty', 'ID'],
  [['scan', 'a', 'b'], 'at most one argument', '"b" is one too many'],
])('%j is a mistake that says what was meant', (argv, message, hint) => {
  const line = parseArgv(argv);
  if (line.kind !== 'mistake') throw new Error(`it was taken for ${line.kind}`);
  expect(line.message).toContain(message);
  expect(line.hint).toContain(hint);
});

test('a mistake is told without the control characters in it', () => {
  const escapeCharacter = String.fromCharCode(27);
  const line = parseArgv([`--x${escapeCharacter}[2J`]);
  expect(JSON.stringify(line)).not.toContain('\\u001b');
  expect(line).toMatchObject({ kind: 'mistake', message: 'unleak scan has no option --x\\x1b[2J.' });
});

test('any words give a value', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(...commands.map((spec) => spec.name), ...optionsOf('scan').map(flagOf), '-', '--', '-o', 'json'),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (argv) => {
      expect(['command', 'help', 'version', 'mistake']).toContain(parseArgv(argv).kind);
    }),
  );
});

test('help is to be had for everything, in the three ways that people try', () => {
  expect(parseArgv(['--help'])).toEqual({ kind: 'help', topic: null });
  expect(parseArgv(['help'])).toEqual({ kind: 'help', topic: null });
  expect(parseArgv(['explain', '-h'])).toEqual({ kind: 'help', topic: 'explain' });
  expect(parseArgv(['help', 'rules'])).toEqual({ kind: 'help', topic: 'rules' });
  expect(parseArgv(['-V'])).toEqual({ kind: 'version' });
});

test('help names every option and choice of its command, and keeps to 80 columns', () => {
  for (const { name } of commands) {
    const help = renderHelp(name);
    for (const spec of optionsOf(name)) {
      expect(help).toContain(flagOf(spec));
      for (const choice of choicesOf(spec)) expect(help).toContain(choice);
    }
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
  const overview = renderHelp(null);
  for (const { name } of commands) expect(overview).toContain(`  ${name}`);
  expect(overview).toContain('Exit codes');
  expect(overview.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('every example in help is a command line that is understood', () => {
  for (const [example] of commands.flatMap((spec) => spec.examples)) {
    const words = /unleak( [^|>)]*)?/.exec(example)?.[1]?.trim().split(' ') ?? [];
    expect(parseArgv(words), example).toMatchObject({ kind: 'command' });
  }
});

test('a flag, and a letter, means one thing in one command', () => {
  for (const { name } of commands) {
    const flags = optionsOf(name).map(flagOf);
    const letters = optionsOf(name).flatMap((spec) => spec.letter ?? []);
    expect(new Set(flags).size).toBe(flags.length);
    expect(new Set(letters).size).toBe(letters.length);
  }
});

test('the table of the README has a row for each option of scan', () => {
  const rows = renderOptionsTable().split('\n');
  expect(rows).toHaveLength(optionsOf('scan').length + 2);
  for (const line of rows) expect(line).toMatch(/^\| .* \| .* \|$/);
});

test('severities and verdicts can be chosen as the catalogue has them', () => {
  const choices = (flag: string) =>
    choicesOf(
      optionsOf('scan').find((spec) => flagOf(spec) === flag) ?? {
        kind: 'flag',
        name: '',
        group: 'About',
        commands: [],
        short: '',
      },
    );
  expect(choices('--min-severity')).toEqual(severities);
  expect(choices('--min-verdict')).toEqual(verdicts);
  expect(choices('--fail-on')).toEqual(verdicts);
});

test('how an error is told is decided by the words alone', () => {
  expect(errorFormat(['--bogus', '--format', 'json'])).toBe('json');
  expect(errorFormat(['--format=jsonl'])).toBe('jsonl');
  expect(errorFormat(['-fjson', '--format', 'text'])).toBe('json');
  expect(errorFormat(['json', '--format'])).toBe('text');
});
