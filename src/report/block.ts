import type { Credential, Exposure, Report, SensitiveFile } from '../exposure/index.ts';
import { placeText, stateText, timeText } from './describe-exposure.ts';
import type { Paint } from './paint.ts';
import { shown } from './shown.ts';
import { cutMiddle, displayWidth, fold, foldHanging, padTo } from './width.ts';
import { countText, daysSince, numberText, shortOid, shortRef } from './words.ts';

/** What a block needs to know beyond its credential. */
export interface BlockContext {
  readonly report: Report;
  readonly columns: number;
  readonly paint: Paint;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What stands after the id in the next command: the repository, or nothing. */
  readonly place: string;
  /** Every exposure, and no advice at its end: the explanation has a section for it. Else five. */
  readonly isFull: boolean;
}

export type Found = Credential | SensitiveFile;

/**
 * One credential: what, how bad, where, since when, is it still there, who could see it, why do we say so, what now.
 * @returns lines without newlines.
 */
export const renderBlock = (found: Found, context: BlockContext): readonly string[] => [
  ...headLines(found, context),
  ...identityLines(found, context),
  ...exposureLines(found, context),
  ...row('brought by', broughtBy(found), context),
  ...pairLines(found, context),
  ...row('published', publishedText(found, context), context),
  ...row('because', reasonsText(found.reasons), context),
  ...(context.isFull ? [] : nextLines(found, context)),
];

/** Several sentences as one: rules write each reason as a sentence of its own. */
const reasonsText = (reasons: Found['reasons']): string =>
  [...new Set(reasons.map(({ detail }) => asClause(shown(detail))))].join('; ');

const asClause = (sentence: string): string =>
  sentence.replace(/\.$/, '').replace(/^(?:An?|All|Its?|No|The|These|This|What|With)\b/, (word) => word.toLowerCase());

const headLines = (found: Found, { columns, paint }: BlockContext): readonly string[] => {
  const severity = found.severity.toUpperCase();
  const indent = columns < narrow ? 2 : 10;
  const titleWidth = columns - 10 - found.verdict.length - 2;
  const title = 'provider' in found ? shown(found.title) : `Sensitive file: ${shown(found.title)}`;
  const [first = '', ...rest] = fold(title, titleWidth);
  const head = `${paint(found.severity, severity.padEnd(8))}  ${paint('strong', padTo(first, titleWidth))}`;
  return [
    `${head}  ${paint('strong', found.verdict)}`,
    ...rest
      .flatMap((line) => fold(line, columns - indent))
      .map((line) => `${' '.repeat(indent)}${paint('strong', line)}`),
  ];
};

const identityLines = (found: Found, context: BlockContext): readonly string[] => {
  const facts =
    'redacted' in found
      ? [found.redacted, found.fingerprint ?? '']
      : [found.oid === null ? '' : `blob ${shortOid(found.oid)}`];
  const tail = [...new Set(facts)].filter((fact) => fact !== '').map(shown);
  const secret = 'secret' in found && found.secret !== undefined ? row('secret', shown(found.secret), context) : [];
  const whole = [found.id, ...tail].join('   ');
  const lines = displayWidth(whole) <= context.columns - 2 ? [whole] : [found.id, ...tail];
  return [...lines.flatMap((line) => indented(line, context, 2)), ...secret];
};

const maxExposures = 5;

const exposureLines = (found: Found, context: BlockContext): readonly string[] => {
  const listed = worstFirst(found.exposures, context.report).slice(0, context.isFull ? undefined : maxExposures);
  const hidden = found.exposures.length - listed.length;
  const lines = tableOf(listed, context);
  if (hidden === 0) return lines;
  return [
    ...lines,
    ...indented(`and ${countText(hidden, 'more place')} (of ${numberText(found.exposures.length)})`, context, 2),
  ];
};

/** What stands in the branch that people work on comes first, then what is still in another; else the report's order. */
const worstFirst = (exposures: readonly Exposure[], { refs, repository }: Report): readonly Exposure[] => {
  const head = refs.indexOf(repository.head ?? '');
  const rank = ({ inTips, reachable, refs: reaching }: Exposure): number =>
    inTips ? (reaching.includes(head) ? 0 : 1) : reachable ? 2 : 3;
  return exposures.toSorted((a, b) => rank(a) - rank(b));
};

const tableOf = (exposures: readonly Exposure[], context: BlockContext): readonly string[] => {
  const rows = exposures.map((exposure) => ({
    exposure,
    place: placeText(exposure),
    time: timeText(exposure),
    state: stateText(exposure, context.report.refs),
  }));
  const timeWidth = Math.max(...rows.map((each) => displayWidth(each.time)));
  const stateWidth = Math.max(...rows.map((each) => displayWidth(each.state)));
  const widestPlace = Math.max(...rows.map((each) => displayWidth(each.place)));
  const room = context.columns - 2 - (timeWidth > 0 ? timeWidth + 2 : 0) - (stateWidth > 0 ? stateWidth + 2 : 0);
  // A path that would lose more than a fifth says too little: then it gets a line of its own.
  if (room < Math.min(widestPlace, Math.max(22, widestPlace * 0.8)))
    return rows.flatMap((each) => stacked(each, context));
  const placeWidth = Math.min(room, widestPlace);
  return rows.map(({ exposure, place, time, state }) =>
    `  ${padTo(cutMiddle(place, placeWidth), placeWidth)}${timeWidth > 0 ? `  ${padTo(time, timeWidth)}` : ''}${state === '' ? '' : `  ${paintState(exposure, state, context)}`}`.trimEnd(),
  );
};

interface ExposureRow {
  readonly exposure: Exposure;
  readonly place: string;
  readonly time: string;
  readonly state: string;
}

const stacked = ({ exposure, place, time, state }: ExposureRow, context: BlockContext): readonly string[] => {
  const below = [time, state].filter((part) => part !== '').join(', ');
  return [
    `  ${cutMiddle(place, context.columns - 2)}`,
    ...(below === ''
      ? []
      : fold(below, context.columns - 4).map((line) => `    ${paintState(exposure, line, context)}`)),
  ];
};

const paintState = (exposure: Exposure, text: string, { paint }: BlockContext): string =>
  exposure.inTips ? paint('still-there', text) : text;

const broughtBy = (found: Found): string => {
  const first = found.exposures
    .flatMap(({ introduced }) => (introduced ? [introduced] : []))
    .reduce<Exposure['introduced']>((a, b) => (a && (a.date ?? '~') <= (b.date ?? '~') ? a : b), null);
  return first ? `${shortOid(first.commit)}  ${shown(first.author)} <${shown(first.email)}>` : '';
};

const pairLines = (found: Found, context: BlockContext): readonly string[] =>
  'pairs' in found
    ? found.pairs.slice(0, 3).flatMap((pair) => row('fits', `${pair.credential} (${shown(pair.role)})`, context))
    : [];

const publishedText = (found: Found, { report, now }: BlockContext): string => {
  const published = 'published' in found ? found.published : strongest(found.exposures);
  switch (published) {
    case 'yes':
      return `yes: ${publicRefs(found, report)}${ageText(found, now)}`;
    case 'unknown':
      return 'unknown: no remote branch holds it now, an older push may have';
    case 'no':
      return 'no: no trace of a remote reaches it, and it is younger than the last push; rotate if in doubt';
    case 'no-remote':
      return scopeHasRemotes(report) ? 'this repository knows no remote; rotate if a copy exists elsewhere' : '';
  }
};

/** Plain files and standard input have no remotes to speak of. */
const scopeHasRemotes = ({ scope }: Report): boolean => scope.mode !== 'files' && scope.mode !== 'stdin';

const strongest = (exposures: readonly Exposure[]): Exposure['published'] =>
  (['yes', 'unknown', 'no', 'no-remote'] as const).find((each) => exposures.some((e) => e.published === each)) ??
  'no-remote';

const publicRefs = (found: Found, { refs }: Report): string => {
  const reached = [...new Set(found.exposures.filter((e) => e.published === 'yes').flatMap((e) => e.refs))];
  const remote = reached.map((index) => refs[index] ?? '').find((name) => name.startsWith('refs/remotes/'));
  const whole = `${numberText(reached.length)} of ${countText(refs.length, 'ref')}`;
  return remote ? `${shown(shortRef(remote))}, ${whole}` : `it was pushed; now in ${whole}`;
};

/** How long at most: from the commit's own date, since nobody recorded the push. */
const ageText = (found: Found, now: number): string => {
  const dates = found.exposures.flatMap((e) => (e.introduced?.date ? [e.introduced.date] : [])).toSorted();
  const days = daysSince(dates[0] ?? null, now);
  return days === null ? '' : `, for up to ${countText(days, 'day')}`;
};

const nextLines = (found: Found, context: BlockContext): readonly string[] => {
  if (found.verdict === 'inert') return row('next', 'nothing, if it is what it seems', context);
  if (isBeforeCommit(context.report)) {
    return row('next', `${ifReal(found)}keep it out of the commit; rotate it if it was ever shared`, context);
  }
  if (!('rotate' in found))
    return row('next', `${ifReal(found)}replace what it holds, and take it out of the repository`, context);
  const [first = 'make it invalid where it was issued, then replace it', ...more] = found.rotate.steps;
  return [
    ...row('next', `${ifReal(found)}${shown(first)}`, context),
    ...row('where', found.rotate.console ? shown(found.rotate.console) : '', context),
    ...moreSteps(found.id, more, context),
  ];
};

/** `explain` scans a repository again; of what cannot be scanned again every step is told here. */
const moreSteps = (id: string, steps: readonly string[], context: BlockContext): readonly string[] => {
  const { mode } = context.report.scope;
  if (mode !== 'history' && mode !== 'range') return steps.flatMap((step) => row('then', shown(step), context));
  if (steps.length === 0) return [];
  return row('then', `${countText(steps.length, 'more step')}: unleak explain ${id}${context.place}`, context);
};

/** What was never committed is repaired by leaving it out. */
const isBeforeCommit = ({ scope }: Report): boolean => scope.mode === 'staged' || scope.mode === 'worktree';

const ifReal = (found: Found): string => (found.verdict === 'possible' ? 'if it is real: ' : '');

const narrow = 60;
const labelWidth = 12;

/** A labelled line, folded under itself; nothing where there is no text. */
export const row = (
  label: string,
  text: string,
  { columns, paint }: Pick<BlockContext, 'columns' | 'paint'>,
): readonly string[] => {
  if (text === '') return [];
  if (columns < narrow) {
    const [first = '', ...rest] = foldHanging(`${'_'.repeat(label.length)}  ${text}`, columns - 2, 2);
    return [`  ${paint('label', label)}${first.slice(label.length).trimEnd()}`, ...rest.map((line) => `  ${line}`)];
  }
  const lines = fold(text, columns - labelWidth - 2);
  return lines.map((line, index) => `  ${paint('label', (index === 0 ? label : '').padEnd(labelWidth))}${line}`);
};

const indented = (text: string, { columns, paint }: BlockContext, indent: number): readonly string[] =>
  fold(text, columns - indent).map((line) => `${' '.repeat(indent)}${paint('label', line)}`);
