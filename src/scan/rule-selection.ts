import { catalogue, type Rule } from '../rules/index.ts';

/** Which rules of the catalogue count: only these, where any are named, and never those. Plain data, the same in every thread. */
export interface RuleSelection {
  readonly only: readonly string[];
  readonly without: readonly string[];
}

export const selectRules = ({ only, without }: RuleSelection): readonly Rule[] =>
  catalogue.filter(({ id }) => (only.length === 0 || only.includes(id)) && !without.includes(id));
