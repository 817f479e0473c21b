import { type CommandSpec, commands, type shells } from './commands.ts';
import { choicesOf, flagOf, type OptionSpec } from './option.ts';
import { optionsOf } from './options.ts';

/** A script for the shell that completes commands, options and their choices. Built from the tables; holds no data of users. */
export const renderCompletion = (shell: (typeof shells)[number]): string => {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      // zsh runs bash's completions, and the table is the same.
      return `#compdef unleak\nautoload -U +X bashcompinit && bashcompinit\n${bash()}`;
    case 'fish':
      return fish();
  }
};

const bash = (): string => `_unleak() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=""
  case "$command" in
    ${commands.map((spec) => spec.name).join('|')}) ;;
    *) command=scan ;;
  esac
  case "$command:$previous" in
${choiceCases()}
    *)
      case "$command" in
${commands.map(wordCase).join('\n')}
      esac
      if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map((spec) => spec.name).join(' ')} $words"; fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _unleak unleak
`;

const choiceCases = (): string =>
  commands
    .flatMap((command) =>
      optionsOf(command.name)
        .filter((spec) => choicesOf(spec).length > 0)
        .map((spec) => {
          const flags = [flagOf(spec), ...(spec.letter ? [`-${spec.letter}`] : [])];
          const patterns = flags.map((flag) => `${command.name}:${flag}`).join('|');
          return `    ${patterns}) words="${choicesOf(spec).join(' ')}" ;;`;
        }),
    )
    .join('\n');

const wordCase = (command: CommandSpec): string =>
  `        ${command.name}) words="${[...command.firstOperands, ...optionsOf(command.name).map(flagOf)].join(' ')}" ;;`;

const fish = (): string => {
  const isNone = '__fish_use_subcommand';
  const lines = commands.flatMap((command) => {
    const isThis =
      command.name === 'scan'
        ? `not __fish_seen_subcommand_from ${commands
            .slice(1)
            .map((spec) => spec.name)
            .join(' ')}`
        : `__fish_seen_subcommand_from ${command.name}`;
    return [
      `complete -c unleak -n ${isNone} -a ${command.name} -d ${quote(command.short)}`,
      ...(command.firstOperands.length > 0
        ? [`complete -c unleak -n ${quote(isThis)} -f -a ${quote(command.firstOperands.join(' '))}`]
        : []),
      ...optionsOf(command.name).map((spec) => fishOption(spec, isThis)),
    ];
  });
  return `${lines.join('\n')}\n`;
};

const fishOption = (spec: OptionSpec, condition: string): string => {
  const letter = spec.letter ? ` -s ${spec.letter}` : '';
  const choices = choicesOf(spec);
  const value = spec.kind === 'flag' ? '' : choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : ' -r';
  return `complete -c unleak -n ${quote(condition)} -l ${flagOf(spec).slice(2)}${letter}${value} -d ${quote(spec.short)}`;
};

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
