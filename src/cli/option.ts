import type { CommandName } from './commands.ts';

export const optionGroups = ['What is read', 'What counts', 'Output', 'Running', 'About'] as const;

interface OptionFacts {
  /** kebab-case; its key in `OptionValues`, and its flag where `flag` says nothing else. */
  readonly name: string;
  readonly flag?: string;
  readonly letter?: string;
  readonly group: (typeof optionGroups)[number];
  readonly commands: readonly CommandName[];
  /** One sentence for help, completion and README. */
  readonly short: string;
  /** What else one should know, for help. */
  readonly long?: string;
}

/** An option, declared once, as data. `default` is for people to read; `resolve-request` applies it after the config. */
export type OptionSpec =
  | (OptionFacts & { readonly kind: 'flag' })
  | (OptionFacts & {
      readonly kind: 'choice';
      readonly placeholder: string;
      readonly choices: readonly string[];
      readonly default: string;
    })
  | (OptionFacts & {
      readonly kind: 'number';
      readonly placeholder: string;
      readonly minimum: number;
      readonly maximum: number;
      readonly default: string;
    })
  | (OptionFacts & { readonly kind: 'size' | 'text'; readonly placeholder: string; readonly default?: string })
  /** May be given again; the values keep their order. */
  | (OptionFacts & {
      readonly kind: 'list';
      readonly placeholder: string;
      readonly choices?: readonly string[];
      readonly default?: string;
    });

export type ValueOf<Spec extends OptionSpec> = Spec extends { readonly kind: 'flag' }
  ? true
  : Spec extends { readonly kind: 'choice'; readonly choices: readonly (infer Choice)[] }
    ? Choice
    : Spec extends { readonly kind: 'list'; readonly choices: readonly (infer Choice)[] }
      ? readonly Choice[]
      : Spec extends { readonly kind: 'list' }
        ? readonly string[]
        : Spec extends { readonly kind: 'number' | 'size' }
          ? number
          : string;

export const flagOf = (spec: OptionSpec): string => `--${spec.flag ?? spec.name}`;

export const choicesOf = (spec: OptionSpec): readonly string[] => ('choices' in spec ? (spec.choices ?? []) : []);

/** What stands for its value: `FILE`, or nothing for a flag. */
export const placeholderOf = (spec: OptionSpec): string => (spec.kind === 'flag' ? '' : spec.placeholder);

/** What its value can be, in one word: `reachable|all`, `FILE`. */
export const valueWords = (spec: OptionSpec): string => choicesOf(spec).join('|') || placeholderOf(spec);
