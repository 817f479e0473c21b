import type { Report } from '../exposure/index.ts';
import { type BlockContext, row } from './block.ts';
import { shown } from './shown.ts';
import { cutMiddle, foldHanging } from './width.ts';
import { countText, numberText } from './words.ts';

/** Why the scan is not complete, each reason with its remedy. Stands above everything that was found. */
export const incompleteLines = ({ coverage }: Report, context: BlockContext): readonly string[] =>
  coverage.incomplete.flatMap((each) => [
    ...foldHanging(`NOT complete: ${shown(each.detail)}`, context.columns, 2).map((line) => context.paint('bad', line)),
    ...row('remedy', shown(each.remedy), context),
  ]);

/** What was left out, by whom; what was passed over; what belongs to others. A paragraph a kind, only where there is some. */
export const coverageLines = (report: Report, context: BlockContext): readonly string[] =>
  [leftOut(report), suppressed(report), ...skipped(report), missing(report), outside(report), owner(report)]
    .filter((text) => text !== '')
    .flatMap((text) => foldHanging(text, context.columns, 2).map((line) => context.paint('label', line)));

const leftOut = (report: Report): string => {
  const { byVerdict } = report.summary;
  const all = Object.values(byVerdict).reduce((sum, count) => sum + count, 0);
  const found = [...report.credentials, ...report.sensitiveFiles];
  const suppressedCount = report.coverage.suppressed.reduce(
    (sum, each) => sum + (each.by === 'config' ? each.count : 0),
    0,
  );
  const inert = byVerdict.inert - found.filter(({ verdict }) => verdict === 'inert').length;
  const others = Math.max(0, all - found.length - inert - suppressedCount);
  const parts = [
    ...(inert > 0 ? [`${numberText(inert)} inert (test keys, examples, expired)`] : []),
    ...(others > 0 ? [`${numberText(others)} by the filters of this run`] : []),
  ];
  if (parts.length === 0) return '';
  return `Left out: ${parts.join(', ')}.${inert > 0 ? ' Show: --min-verdict inert' : ''}`;
};

const suppressed = ({ coverage }: Report): string =>
  coverage.suppressed.length === 0
    ? ''
    : `Suppressed: ${coverage.suppressed
        .map(({ by, file, count }) => `${numberText(count)} by ${shown(by)}${file === null ? '' : ` ${path(file)}`}`)
        .join(', ')}`;

const skipped = ({ coverage }: Report): readonly string[] =>
  [...Map.groupBy(coverage.skipped, ({ reason }) => reason)].map(([reason, each]) => {
    const names = each
      .slice(0, 3)
      .map(({ oid, source }) => path(oid === null ? source : `${source} ${oid.slice(0, 10)}`));
    const more = each.length > names.length ? ` and ${numberText(each.length - names.length)} more` : '';
    return `Passed over (${shown(reason)}): ${names.join(', ')}${more}`;
  });

const missing = ({ coverage }: Report): string => {
  if (coverage.missing.length === 0) return '';
  const names = coverage.missing.slice(0, 3).map((oid) => shown(oid).slice(0, 10));
  const more = coverage.missing.length > names.length ? ' …' : '';
  return `Missing: ${countText(coverage.missing.length, 'object')} (${names.join(', ')}${more})`;
};

/** No reason not to read it, but one to be careful. */
const owner = ({ coverage }: Report): string => {
  const foreign = coverage.outside.find(({ what }) => what === 'owner');
  return foreign === undefined ? '' : `Mind: ${shown(foreign.detail)}`;
};

const outside = ({ coverage }: Report): string => {
  const others = coverage.outside.filter(({ what }) => what !== 'owner');
  const names = others
    .slice(0, 5)
    .map(({ what, detail }) => (detail === '' ? shown(what) : `${shown(what)} (${path(detail)})`));
  const more = others.length > names.length ? ` and ${numberText(others.length - names.length)} more` : '';
  return names.length === 0 ? '' : `Outside, not read: ${names.join(', ')}${more}`;
};

const path = (text: string): string => cutMiddle(shown(text), 60);
