import { Command, CommanderError, Option } from 'commander';
import { display, nearestWord, parseSize } from '../text/index.ts';
import { type CommandName, type CommandSpec, commands } from './commands.ts';
import { choicesOf, flagOf, type OptionSpec, valueWords } from './option.ts';
import { type OptionValues, optionsOf } from './options.ts';

export type CommandLine =
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly operands: readonly string[];
      readonly options: OptionValues;
    }
  | { readonly kind: 'help'; readonly topic: CommandName | null }
  | { readonly kind: 'version' }
  | { readonly kind: 'mistake'; readonly message: string; readonly hint: string };

/** What the words of a command line say. Total: any words give a value. Touches nothing but its argument. */
export const parseArgv = (argv: readonly string[]): CommandLine => {
  const words = argv[0] === 'help' ? [...argv.slice(1, 2), '--help'] : argv;
  const named = commands.find((command) => command.name === words[0]);
  const parsed = readWords(words, named?.name ?? 'scan');
  if (parsed.kind !== 'command') return parsed;
  if (parsed.options.help) return { kind: 'help', topic: named ? parsed.command : null };
  if (parsed.options.version) return { kind: 'version' };
  return parsed;
};

/** How an error is to be told; asked of the words alone, since the parser may have refused them. */
export const errorFormat = (argv: readonly string[]): 'text' | 'json' | 'jsonl' => {
  const given = argv.flatMap((word, index) => {
    if (/^(?:--format|-f)$/.test(word)) return [argv[index + 1]];
    return /^(?:--format=|-f)(.+)$/.exec(word)?.slice(1) ?? [];
  });
  return (['json', 'jsonl'] as const).find((format) => given.includes(format)) ?? 'text';
};

const readWords = (words: readonly string[], command: CommandName): CommandLine => {
  const found: { line: CommandLine | null } = { line: null };
  try {
    buildProgram((spec, operands, raw) => {
      found.line = checkValues(spec.name, operands, raw);
    }).parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return mistakeOf(error, command);
  }
  return found.line ?? { kind: 'help', topic: null };
};

type Take = (spec: CommandSpec, operands: readonly string[], raw: Readonly<Record<string, unknown>>) => void;

const buildProgram = (take: Take): Command => {
  const program = plain(new Command('unleak'));
  for (const [index, spec] of commands.entries()) {
    const command = plain(program.command(spec.name, { isDefault: index === 0 }));
    command.argument('[operands...]');
    for (const option of optionsOf(spec.name)) command.addOption(commanderOption(option));
    command.action((operands: readonly string[], raw: Readonly<Record<string, unknown>>) => take(spec, operands, raw));
  }
  return program;
};

/** Our tables print help and errors; commander only reads words. */
const plain = (command: Command): Command =>
  command
    .helpOption(false)
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });

const commanderOption = (spec: OptionSpec): Option => {
  const flags = `${spec.letter ? `-${spec.letter}, ` : ''}${flagOf(spec)}`;
  const option = new Option(spec.kind === 'flag' ? flags : `${flags} <value>`);
  // commander reads --no-x as "not x", and x may be an option of its own with a value.
  option.negate = false;
  if (spec.kind === 'flag') return option;
  // Every value is kept, so that a second one for an option that takes one is a mistake and not a silent choice.
  return option.argParser((value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value]);
};

const rawValue = (spec: OptionSpec, raw: Readonly<Record<string, unknown>>): unknown =>
  raw[commanderOption(spec).attributeName()];

const checkValues = (
  command: CommandName,
  operands: readonly string[],
  raw: Readonly<Record<string, unknown>>,
): CommandLine => {
  const values: Record<string, unknown> = {};
  for (const spec of optionsOf(command)) {
    const given = rawValue(spec, raw);
    if (given === undefined) continue;
    const checked = spec.kind === 'flag' ? { value: given } : checkWords(spec, given as readonly string[]);
    if ('mistake' in checked) return { kind: 'mistake', ...checked.mistake };
    values[spec.name] = checked.value;
  }
  const allowed = commands.find((spec) => spec.name === command)?.maxOperands ?? 0;
  if (operands.length > allowed && !values['help'] && !values['version']) return tooMany(command, operands, allowed);
  return { kind: 'command', command, operands, options: values };
};

type Checked = { readonly value: unknown } | { readonly mistake: { readonly message: string; readonly hint: string } };

const checkWords = (spec: OptionSpec, words: readonly string[]): Checked => {
  if (spec.kind !== 'list' && words.length > 1) {
    return wrong(`${flagOf(spec)} was given ${words.length} times.`, 'Give it once.');
  }
  const checked = words.map((word) => checkWord(spec, word));
  const bad = checked.find((each) => 'mistake' in each);
  if (bad) return bad;
  const values = checked.map((each) => ('value' in each ? each.value : undefined));
  return { value: spec.kind === 'list' ? values : values[0] };
};

const checkWord = (spec: OptionSpec, word: string): Checked => {
  const choices = choicesOf(spec);
  if (choices.length > 0 && !choices.includes(word)) {
    const meant = nearestWord(word, choices);
    return wrong(
      `${flagOf(spec)} cannot be "${display(word)}".`,
      `${meant ? `Did you mean ${meant}? ` : ''}It takes ${listWords(choices)}.`,
    );
  }
  if (spec.kind === 'size') return checkSize(spec, word);
  if (spec.kind === 'number') {
    const value = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
    if (value >= spec.minimum && value <= spec.maximum) return { value };
    return wrong(
      `${flagOf(spec)} cannot be "${display(word)}".`,
      `It takes a whole number from ${spec.minimum} to ${spec.maximum}.`,
    );
  }
  return word === '' ? wrong(`${flagOf(spec)} is empty.`, `It takes ${valueWords(spec)}.`) : { value: word };
};

const checkSize = (spec: OptionSpec, word: string): Checked => {
  const bytes = parseSize(word);
  if (bytes !== null && bytes > 0) return { value: bytes };
  return wrong(`${flagOf(spec)} cannot be "${display(word)}".`, 'It takes a size: bytes, or 64k, 10M, 2GiB.');
};

const wrong = (message: string, hint: string): Checked => ({ mistake: { message, hint } });

const listWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

const tooMany = (command: CommandName, operands: readonly string[], allowed: number): CommandLine => ({
  kind: 'mistake',
  message: `unleak ${command} takes at most ${allowed === 1 ? 'one argument' : `${allowed} arguments`}, and got ${operands.length}.`,
  hint: `"${display(operands[allowed] ?? '')}" is one too many. See: unleak ${command} --help`,
});

const mistakeOf = (error: CommanderError, command: CommandName): CommandLine => {
  // What follows "=" was meant for an option that does not exist, and may be anything: it is not repeated.
  const quoted = /'(.*)'/s.exec(error.message)?.[1]?.replace(/=.*/s, '') ?? '';
  const see = `See: unleak ${command} --help`;
  if (error.code === 'commander.unknownOption') {
    const meant = nearestWord(
      quoted.replace(/^-+/, ''),
      optionsOf(command).map((spec) => flagOf(spec).slice(2)),
    );
    return {
      kind: 'mistake',
      message: `unleak ${command} has no option ${display(quoted)}.`,
      hint: meant ? `Did you mean --${meant}?` : see,
    };
  }
  if (error.code === 'commander.optionMissingArgument') {
    const spec = optionsOf(command).find((each) => quoted.split(/[ ,]+/).includes(flagOf(each)));
    const flag = spec ? flagOf(spec) : display(quoted);
    return { kind: 'mistake', message: `${flag} needs a value.`, hint: `It takes ${spec ? valueWords(spec) : 'one'}.` };
  }
  return { kind: 'mistake', message: display(error.message.replace(/^error: /, '')), hint: see };
};
