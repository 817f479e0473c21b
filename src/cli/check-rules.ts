import { ConfigError, type LoadedConfig } from '../config/index.ts';
import { catalogue, pathRules } from '../rules/index.ts';
import { display, nearestWord } from '../text/index.ts';
import { UsageError } from './cli-errors.ts';
import type { OptionValues } from './options.ts';

/**
 * A rule id with a typo would silently look for nothing, or leave nothing out.
 * @throws UsageError or ConfigError for an id that no rule has.
 */
export const checkRuleIds = (options: OptionValues, loaded: LoadedConfig | null): void => {
  const ids = [...catalogue, ...pathRules].map(({ id }) => id);
  const problemOf = (id: string): { readonly what: string; readonly hint: string } | null => {
    if (ids.includes(id)) return null;
    const meant = nearestWord(id, ids);
    return {
      what: `there is no rule "${display(id)}".`,
      hint: meant ? `Did you mean ${meant}?` : 'unleak rules list names them all.',
    };
  };
  for (const flag of ['rule', 'exclude-rule'] as const) {
    for (const id of options[flag] ?? []) {
      const problem = problemOf(id);
      if (problem) throw new UsageError(`--${flag}: ${problem.what}`, problem.hint);
    }
  }
  if (loaded === null) return;
  for (const key of ['only', 'without'] as const) {
    for (const id of loaded.config.rules[key]) {
      const problem = problemOf(id);
      if (problem) throw new ConfigError(loaded.file, `rules.${key}: ${problem.what}`, problem.hint);
    }
  }
};
