import { KnownError } from '../errors.ts';
import { type Severity, severities, type Verdict, verdicts } from '../rules/index.ts';
import { display, nearestWord, parseSize } from '../text/index.ts';

/** What a config file may set; null and empty lists: it says nothing about that. */
export interface Config {
  readonly minSeverity: Severity | null;
  readonly minVerdict: Verdict | null;
  readonly failOn: Verdict | null;
  readonly rules: { readonly only: readonly string[]; readonly without: readonly string[] };
  readonly maxBlobSizeBytes: number | null;
}

export const emptyConfig: Config = {
  minSeverity: null,
  minVerdict: null,
  failOn: null,
  rules: { only: [], without: [] },
  maxBlobSizeBytes: null,
};

/** The config cannot be used. Names the key, never the value: a config may come from a tree that is being scanned. */
export class ConfigError extends KnownError {
  readonly code = 'config';

  constructor(file: string, problem: string, hint: string) {
    super(`${display(file)}: ${problem}`, hint);
  }
}

/**
 * Parses a whole config file.
 * @param file its name, for messages.
 * @throws ConfigError with the path of the key (`rules.only[2]`) for anything that is not exactly as documented.
 */
export const parseConfig = (text: string, file: string): Config => {
  const root = asObject({ file, path: '', value: parseJson(text, file) }, rootKeys);
  const rules = root['rules'] === undefined ? {} : asObject({ file, path: 'rules', value: root['rules'] }, ruleKeys);
  const at = (path: string, value: unknown): Place => ({ file, path, value });
  return {
    minSeverity: asChoice(at('minSeverity', root['minSeverity']), severities),
    minVerdict: asChoice(at('minVerdict', root['minVerdict']), verdicts),
    failOn: asChoice(at('failOn', root['failOn']), verdicts),
    rules: {
      only: asRuleIds(at('rules.only', rules['only'])),
      without: asRuleIds(at('rules.without', rules['without'])),
    },
    maxBlobSizeBytes: asSize(at('maxBlobSize', root['maxBlobSize'])),
  };
};

const rootKeys = ['$schema', 'minSeverity', 'minVerdict', 'failOn', 'rules', 'maxBlobSize'] as const;
const ruleKeys = ['only', 'without'] as const;

interface Place {
  readonly file: string;
  readonly path: string;
  readonly value: unknown;
}

const parseJson = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    // The engine's message quotes its input, so only the place is taken from it.
    const place = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0];
    throw new ConfigError(
      file,
      `this is not JSON${place ? ` (${place})` : ''}.`,
      'Comments and trailing commas are not JSON.',
    );
  }
};

const asObject = (place: Place, keys: readonly string[]): Readonly<Record<string, unknown>> => {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'an object');
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown === undefined) return value as Record<string, unknown>;
  const meant = nearestWord(unknown, keys);
  const path = place.path === '' ? unknown : `${place.path}.${unknown}`;
  throw new ConfigError(
    place.file,
    `unknown key "${display(path.slice(0, 80))}".`,
    meant ? `Did you mean "${meant}"?` : `Known here: ${keys.join(', ')}.`,
  );
};

const asChoice = <Choice extends string>(place: Place, choices: readonly Choice[]): Choice | null => {
  if (place.value === undefined) return null;
  const choice = choices.find((candidate) => candidate === place.value);
  if (choice !== undefined) return choice;
  const meant = typeof place.value === 'string' ? nearestWord(place.value, choices) : null;
  throw wrong(place, `one of ${choices.join(', ')}`, meant ? `Did you mean "${meant}"?` : undefined);
};

const ruleId = /^[a-z0-9][a-z0-9-]{0,99}$/;

const asRuleIds = (place: Place): readonly string[] => {
  const { value } = place;
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(place, 'a list of rule ids');
  return value.map((id: unknown, index) => {
    if (typeof id === 'string' && ruleId.test(id)) return id;
    throw wrong({ ...place, path: `${place.path}[${index}]` }, 'a rule id', 'unleak rules list shows them.');
  });
};

const asSize = (place: Place): number | null => {
  const { value } = place;
  if (value === undefined) return null;
  const bytes =
    typeof value === 'number' ? parseSize(String(value)) : typeof value === 'string' ? parseSize(value) : null;
  if (bytes === null || bytes === 0) throw wrong(place, 'a size: bytes, or "10M"');
  return bytes;
};

const wrong = (place: Place, expected: string, hint?: string): ConfigError =>
  new ConfigError(
    place.file,
    place.path === '' ? `this is not ${expected}.` : `${place.path} is not ${expected}.`,
    hint ?? 'Correct it, or leave it out for the default.',
  );
