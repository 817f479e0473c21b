import { flagOf, type OptionSpec, optionGroups, valueWords } from './option.ts';
import { optionsOf } from './options.ts';

/** The options of `unleak scan` as a Markdown table, for the README. */
export const renderOptionsTable = (): string => {
  const options = optionsOf('scan');
  const rows = optionGroups.flatMap((group) => options.filter((spec) => spec.group === group).map(row));
  return ['| option | meaning |', '| --- | --- |', ...rows].join('\n');
};

const row = (spec: OptionSpec): string => {
  const letter = spec.letter ? `\`-${spec.letter}\`, ` : '';
  const value = valueWords(spec);
  const initial = 'default' in spec && spec.default !== undefined ? ` Default: \`${spec.default}\`.` : '';
  const words = `${letter}\`${flagOf(spec)}${value ? ` ${value}` : ''}\` | ${spec.short}${spec.long ? ` ${spec.long}` : ''}${initial}`;
  return `| ${words.replaceAll(/(\w)\|(?=\w)/g, '$1\\|')} |`;
};
