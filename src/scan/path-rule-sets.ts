import { createPathMatcher, type PathRule, pathRules } from '../rules/index.ts';
import type { RuleSelection } from './rule-selection.ts';

/** The rules that a path meets, never none. Paths that meet the same have the same set, the same object. */
export interface PathRuleSet {
  /** The rules' ids, one after another: orders sets. */
  readonly key: string;
  readonly rules: readonly PathRule[];
}

/** Answers which rules a path meets, each path once: a history asks about the same few paths for every version of a file. */
export class PathRuleSets {
  readonly #matcher: ReturnType<typeof createPathMatcher>;
  readonly #ofPath = new Map<string, PathRuleSet | null>();
  readonly #ofKey = new Map<string, PathRuleSet>();

  constructor({ only, without }: RuleSelection) {
    const isSelected = (id: string): boolean => (only.length === 0 || only.includes(id)) && !without.includes(id);
    // The list itself, where all count: its matcher is there already.
    const isAll = only.length === 0 && without.length === 0;
    this.#matcher = createPathMatcher(isAll ? pathRules : pathRules.filter(({ id }) => isSelected(id)));
  }

  /** @param path slash-separated raw bytes as Latin-1 text. */
  of(path: string): PathRuleSet | null {
    const known = this.#ofPath.get(path);
    if (known !== undefined) return known;
    const rules = this.#matcher.match(path);
    const set = rules.length === 0 ? null : this.#setOf(rules);
    this.#ofPath.set(path, set);
    return set;
  }

  #setOf(rules: readonly PathRule[]): PathRuleSet {
    const key = rules.map(({ id }) => id).join(' ');
    const known = this.#ofKey.get(key);
    if (known !== undefined) return known;
    const set = { key, rules };
    this.#ofKey.set(key, set);
    return set;
  }
}
