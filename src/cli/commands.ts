export type CommandName = 'scan' | 'explain' | 'rules' | 'schema' | 'completion';

export interface CommandSpec {
  readonly name: CommandName;
  /** As help shows them. */
  readonly operands: string;
  readonly maxOperands: number;
  /** For completion: words that the first operand can be. */
  readonly firstOperands: readonly string[];
  readonly short: string;
  readonly long: readonly string[];
  readonly examples: readonly (readonly [command: string, what: string])[];
}

export const schemaNames = ['report', 'event', 'error'] as const;
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Every command there is, in the order of help. The first one is meant where none is named. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'scan',
    operands: '[REPO|DIR|-]',
    maxOperands: 1,
    firstOperands: [],
    short: 'Find every secret that a repository has ever held.',
    long: [
      'Reads every object of the repository: all branches, deleted files, merges, stashes, messages, and what no ref reaches any more. Says what was exposed, where, since when, whether it is still there, and what to do. Nothing in the repository is run, and nothing is changed.',
    ],
    examples: [
      ['unleak', 'the whole history of the repository around you'],
      ['unleak scan ../shop --min-verdict likely', 'only what is likely or confirmed'],
      ['unleak scan --range main..HEAD', 'only what these commits bring'],
      ['unleak scan --staged', 'what the next commit would bring'],
      ['unleak scan --no-git ./build', 'plain files'],
      ['kubectl logs web | unleak scan -', 'standard input'],
      ['unleak scan --ci --format json --output report.json', 'in CI; the exit code says how it ended'],
    ],
  },
  {
    name: 'explain',
    operands: 'ID [REPO]  |  --trace OID[:OFFSET] [REPO]',
    maxOperands: 2,
    firstOperands: [],
    short: 'Say why a credential was reported, or why a place was not.',
    long: [
      "ID is the credential's id from a report (u1-… or f1-…), or its first characters. Shows every place, every reason, all steps to make it harmless, and how to silence the rule.",
    ],
    examples: [
      ['unleak explain u1-7k2m4qhz3v6ytw2a', 'all that is known of one credential'],
      ['unleak explain --trace 0123abcd:120', 'what the rules saw near byte 120 of that object'],
    ],
  },
  {
    name: 'rules',
    operands: 'list | show ID',
    maxOperands: 2,
    firstOperands: ['list', 'show'],
    short: 'Show what unleak looks for.',
    long: [],
    examples: [
      ['unleak rules list', 'every rule, one a line'],
      ['unleak rules show private-key', 'what it matches, how bad it is, how to rotate'],
    ],
  },
  {
    name: 'schema',
    operands: 'NAME',
    maxOperands: 1,
    firstOperands: schemaNames,
    short: 'Print the JSON Schema of an output.',
    long: [`NAME is one of ${schemaNames.join(', ')}.`],
    examples: [['unleak schema report > report.schema.json', 'of scan --format json']],
  },
  {
    name: 'completion',
    operands: 'SHELL',
    maxOperands: 1,
    firstOperands: shells,
    short: 'Print completions for a shell.',
    long: [`SHELL is one of ${shells.join(', ')}.`],
    examples: [
      ['source <(unleak completion bash)', 'in ~/.bashrc'],
      ['unleak completion fish | source', 'in config.fish'],
    ],
  },
];

export const exitCodeLines: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'complete, and nothing that counts'],
  ['1', 'something at or above --fail-on and --min-severity was found'],
  ['2', 'could not: wrong usage, bad input, or an incomplete scan that found nothing'],
  ['130, 143', 'interrupted; the report says what was found until then'],
];
