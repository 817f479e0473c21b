import type { Report } from '../exposure/index.ts';
import { type BlockContext, type Found, renderBlock, row } from './block.ts';
import { painter } from './paint.ts';
import type { TextOptions } from './render-text.ts';
import { shown } from './shown.ts';
import { fold } from './width.ts';

/** One credential in full: every place, every reason, every step, and how to silence its rule. */
export const renderExplanation = (
  found: Found,
  report: Report,
  options: Pick<TextOptions, 'columns' | 'color' | 'now'> & { readonly attack: string | null },
): string => {
  const columns = Math.min(120, Math.max(40, options.columns));
  const context: BlockContext = {
    report,
    columns,
    paint: painter(options.color),
    now: options.now,
    isFull: true,
    place: '',
  };
  const paragraphs = [
    renderBlock(found, context),
    section('What an attacker could do', options.attack === null ? [] : paragraph(options.attack, context), context),
    section('Why it is reported', reasonLines(found, context), context),
    section('Make it harmless', stepLines(found, context), context),
    section('Silence it', silenceLines(found, context), context),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const section = (title: string, lines: readonly string[], { paint }: BlockContext): readonly string[] =>
  lines.length === 0 ? [] : [paint('strong', title), ...lines];

const paragraph = (text: string, { columns }: BlockContext): readonly string[] =>
  fold(text, columns - 2).map((line) => `  ${line}`);

const reasonLines = (found: Found, context: BlockContext): readonly string[] => [
  ...row('rule', [found.rule, ...('otherRules' in found ? found.otherRules : [])].join(', '), context),
  ...found.reasons.flatMap((reason) => row(reason.verdict, `${shown(reason.detail)} [${shown(reason.kind)}]`, context)),
  ...perPlaceLines(found, context),
];

/** Where places are judged differently, the weaker ones say why. */
const perPlaceLines = (found: Found, context: BlockContext): readonly string[] => {
  const other = found.exposures.filter((exposure) => exposure.verdict !== found.verdict);
  const details = new Set(
    other.flatMap((each) => each.reasons.map((reason) => `${reason.verdict} in other places: ${shown(reason.detail)}`)),
  );
  return [...details].flatMap((detail) => row('', detail, context));
};

const stepLines = (found: Found, context: BlockContext): readonly string[] => {
  if (!('rotate' in found)) return [];
  const { steps, console: page, docs } = found.rotate;
  return [
    ...steps.flatMap((step, index) => stepRow(index + 1, shown(step), context)),
    ...row('console', page === null ? '' : shown(page), context),
    ...row('docs', docs === null ? '' : shown(docs), context),
  ];
};

const stepRow = (number: number, text: string, { columns }: BlockContext): readonly string[] =>
  fold(text, columns - 6).map((line, index) => `  ${index === 0 ? `${number}. `.padEnd(4) : '    '}${line}`);

const silenceLines = (found: Found, context: BlockContext): readonly string[] => [
  ...row('this run', `--exclude-rule ${found.rule}`, context),
  ...row('for good', `in .unleak.json: {"rules": {"without": ["${found.rule}"]}}`, context),
  ...paragraph('Both silence the whole rule, not this one value.', context),
];
