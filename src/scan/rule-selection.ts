import { catalogue, type Rule } from '../rules/index.ts';

/** Which rules of the catalogue count: only these, where any are named, and never those. Plain data, the same in every thread. */
export interface RuleSelection {
  readonly only: readonly string[];
  readonly without: readonly string[];
}

/** @returns the same list for the same selection. */
export const selectRules = ({ only, without }: RuleSelection): readonly Rule[] => {
  const key = JSON.stringify([only, without]);
  const known = selected.get(key);
  if (known !== undefined) return known;
  const rules = catalogue.filter(({ id }) => (only.length === 0 || only.includes(id)) && !without.includes(id));
  selected.set(key, rules);
  return rules;
};

const selected = new Map<string, readonly Rule[]>();
