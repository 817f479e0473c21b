import { type ExitCode, exitCodes } from '../errors.ts';
import { schemaVersion } from '../exposure/index.ts';
import { foldHanging, painter, stableJson } from '../report/index.ts';
import { catalogue, type PathRule, pathRules, type Rule } from '../rules/index.ts';
import { display, nearestWord } from '../text/index.ts';
import { UsageError } from './cli-errors.ts';
import { wantsColor } from './colors.ts';
import type { OptionValues } from './options.ts';
import type { World } from './world.ts';

/** `unleak rules list` and `unleak rules show ID`. */
export const runRules = async (
  [action, id]: readonly string[],
  options: OptionValues,
  world: World,
): Promise<ExitCode> => {
  const asJson = options['single-format'] === 'json';
  const view = {
    columns: Math.max(40, world.stdout.columns ?? 80),
    color: wantsColor(options.color ?? 'auto', false, world),
  };
  if (action === 'list' && id === undefined) {
    const rules = allRules();
    await world.stdout.write(asJson ? json({ rules: rules.map(factsOfRule) }) : renderList(rules, view));
  } else if (action === 'show' && id !== undefined) {
    const rule = ruleById(id);
    await world.stdout.write(asJson ? json({ rule: factsOfRule(rule) }) : renderRule(rule, view));
  } else {
    throw new UsageError('unleak rules takes "list", or "show" and an id.', 'See: unleak rules --help');
  }
  return exitCodes.clean;
};

type AnyRule = Rule | PathRule;

/** Rules of content first, then those of names; each sorted by id. */
export const allRules = (): readonly AnyRule[] => [...sortById(catalogue), ...sortById(pathRules)];

const sortById = <Each extends AnyRule>(rules: readonly Each[]): readonly Each[] =>
  rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const ruleById = (id: string): AnyRule => {
  const rules = allRules();
  const rule = rules.find((each) => each.id === id);
  if (rule) return rule;
  const meant = nearestWord(
    id,
    rules.map((each) => each.id),
  );
  throw new UsageError(
    `There is no rule "${display(id)}".`,
    meant ? `Did you mean ${meant}?` : 'unleak rules list names them all.',
  );
};

const json = (value: object): string =>
  `${stableJson({ schemaVersion, command: 'rules', ...value }, { fields: { schemaVersion: true, command: true } }, 2)}\n`;

const titleOf = (rule: AnyRule): string => ('globs' in rule ? rule.holds : rule.title);

const factsOfRule = (rule: AnyRule): object =>
  'globs' in rule
    ? { id: rule.id, kind: 'file', title: rule.holds, severity: rule.severity, globs: rule.globs, rotate: rule.rotate }
    : {
        id: rule.id,
        kind: 'content',
        title: rule.title,
        severity: rule.severity,
        provider: rule.provider,
        category: rule.category,
        attack: rule.attack,
        reach: rule.reach,
        anchors: rule.anchors.map(({ text }) => text),
        rotate: rule.rotate,
        docs: rule.docs,
      };

interface View {
  readonly columns: number;
  readonly color: boolean;
}

const renderList = (rules: readonly AnyRule[], { columns, color }: View): string => {
  const paint = painter(color);
  const width = Math.min(32, Math.max(...rules.map(({ id }) => id.length)));
  const lines = rules.flatMap((rule) => {
    const head = `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  `;
    const [first = '', ...rest] = foldHanging(`${'_'.repeat(head.length)}${titleOf(rule)}`, columns, head.length);
    const painted = `${rule.id.padEnd(width)}  ${paint(rule.severity, rule.severity.padEnd(8))}  `;
    return [`${painted}${first.slice(head.length)}`, ...rest];
  });
  return `${lines.join('\n')}\n`;
};

const renderRule = (rule: AnyRule, { columns, color }: View): string => {
  const paint = painter(color);
  const facts = Object.entries(factsOfRule(rule)).map(([key, value]) => [key, wordsOf(value)] as const);
  const lines = facts
    .filter(([, text]) => text !== '')
    .flatMap(([key, text]) => {
      const [first = '', ...rest] = foldHanging(`${key.padEnd(10)}${text}`, columns, 10);
      return [`${paint('label', key.padEnd(10))}${first.slice(10)}`, ...rest];
    });
  return `${lines.join('\n')}\n`;
};

const wordsOf = (value: unknown): string =>
  Array.isArray(value) ? value.map((each) => display(String(each))).join('  ') : display(String(value));
