import { type CommandName, type CommandSpec, commands, exitCodeLines } from './commands.ts';
import { choicesOf, flagOf, type OptionSpec, optionGroups, placeholderOf } from './option.ts';
import { optionsOf } from './options.ts';

const columns = 80;

/** Help for one command, or for all of unleak where `topic` is null. */
export const renderHelp = (topic: CommandName | null): string => {
  const command = commands.find((spec) => spec.name === topic);
  const sections = command ? commandHelp(command) : overview();
  return `${sections.join('\n\n')}\n`;
};

const overview = (): readonly string[] => [
  fold('unleak finds every secret that a Git repository has ever held, and says what to do about it.', 0),
  section('Usage', ['unleak [REPO]                 the same as unleak scan', 'unleak COMMAND [OPTIONS]']),
  table(
    'Commands',
    commands.map((spec) => [spec.name, spec.short]),
  ),
  examples(commands.flatMap((spec) => spec.examples.slice(0, spec.name === 'scan' ? 4 : 1))),
  table('Exit codes', exitCodeLines),
  'unleak COMMAND --help tells more, with all options.',
];

const commandHelp = (spec: CommandSpec): readonly string[] => {
  const options = optionsOf(spec.name);
  const groups = optionGroups.flatMap((group) => {
    const inGroup = options.filter((option) => option.group === group);
    return inGroup.length === 0 ? [] : [table(group, inGroup.map(optionRow))];
  });
  return [
    section(
      'Usage',
      spec.operands.split('  |  ').map((operands) => `unleak ${spec.name} ${operands} [OPTIONS]`),
    ),
    [spec.short, ...spec.long].map((text) => fold(text, 0)).join('\n\n'),
    ...groups,
    examples(spec.examples),
    ...(spec.name === 'scan' ? [table('Exit codes', exitCodeLines)] : []),
  ];
};

const optionRow = (spec: OptionSpec): readonly [string, string] => {
  const value = placeholderOf(spec);
  const choices = choicesOf(spec).length > 1 ? ` One of ${choicesOf(spec).join(', ')}.` : '';
  const initial = 'default' in spec && spec.default !== undefined ? ` Default: ${spec.default}.` : '';
  return [
    `${spec.letter ? `-${spec.letter}, ` : '    '}${flagOf(spec)}${value ? ` ${value}` : ''}`,
    `${spec.short}${choices}${spec.long ? ` ${spec.long}` : ''}${initial}`,
  ];
};

const examples = (rows: CommandSpec['examples']): string =>
  section(
    'Examples',
    rows.flatMap(([command, what]) => [`# ${what}`, command]),
  );

const section = (title: string, lines: readonly string[]): string =>
  `${title}\n${lines.map((line) => `  ${line}`).join('\n')}`;

const table = (title: string, rows: readonly (readonly [string, string])[]): string => {
  const width = Math.min(28, Math.max(...rows.map(([head]) => head.length)));
  const lines = rows.map(([head, text]) => {
    const body = fold(text, width + 4);
    return head.length > width ? `${head}\n${' '.repeat(width + 4)}${body}` : `${head.padEnd(width)}  ${body}`;
  });
  return section(title, lines);
};

/** Breaks text at spaces; lines after the first are indented. */
const fold = (text: string, indent: number): string => {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > columns - indent) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
};
