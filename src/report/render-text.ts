import { type ExitCode, exitCodes } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import { severities, verdicts } from '../rules/index.ts';
import { type BlockContext, type Found, renderBlock } from './block.ts';
import { coverageLines, incompleteLines } from './coverage-lines.ts';
import { painter } from './paint.ts';
import { shown } from './shown.ts';
import { verdictSentence } from './verdict-sentence.ts';
import { cutMiddle, fold, foldHanging } from './width.ts';
import { bytesText, durationText, numberText } from './words.ts';

export interface TextOptions {
  /** Of the terminal; lines are folded to it, but never below 40. */
  readonly columns: number;
  readonly color: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How the process will end. */
  readonly exitCode: ExitCode;
  /** The scanned place as the user named it, for the next command; null where it need not be named. */
  readonly target: string | null;
}

/** The report for people: what was read, the verdict, what is not complete, then worst first, then what was left out. */
export const renderText = (report: Report, options: TextOptions): string => {
  const columns = Math.min(120, Math.max(40, options.columns));
  const paint = painter(options.color);
  const place = options.target === null ? '' : ` ${quoted(options.target)}`;
  const context: BlockContext = { report, columns, paint, now: options.now, isFull: false, place };
  const found = worstFirst(report);
  const paragraphs = [
    headLines(report, context),
    fold(verdictSentence(report, options.exitCode), columns).map((line) => paint(toneOf(options.exitCode), line)),
    incompleteLines(report, context),
    ...found.map((each) => renderBlock(each, context)),
    coverageLines(report, context),
    nextLines(found, context, options).flatMap((line) => fold(line, columns)),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const worstFirst = (report: Report): readonly Found[] => {
  const all: readonly Found[] = [...report.credentials, ...report.sensitiveFiles];
  return all.toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict),
  );
};

const toneOf = (exitCode: ExitCode): 'good' | 'bad' => (exitCode === exitCodes.clean ? 'good' : 'bad');

const headLines = (report: Report, { columns, paint }: BlockContext): readonly string[] => {
  const parts = [`unleak ${report.tool.version}`, nameOf(report), whatWasRead(report)];
  const line = parts.filter((part) => part !== '').join(' · ');
  return foldHanging(line.replaceAll(numberAndUnit, '$1\u00a0'), columns, 2).map((each) =>
    paint('label', each.replaceAll('\u00a0', ' ')),
  );
};

// A line is not broken between a number and its unit.
const numberAndUnit = /(\d) (?=[a-z]{1,3}\b)/gi;

/** The folder that people know the repository by. */
const nameOf = ({ repository, scope }: Report): string => {
  if (scope.mode === 'stdin') return '';
  const parts = repository.path.split(/[/\\]/).filter((part) => part !== '' && part !== '.git');
  return cutMiddle(shown((parts.at(-1) ?? '/').replace(/(.)\.git$/, '$1')), 30);
};

const whatWasRead = (report: Report): string => {
  const { coverage, scope, durationMs } = report;
  const time = durationMs > 0 ? `, ${durationText(durationMs)}` : '';
  const size = bytesText(coverage.bytes);
  switch (scope.mode) {
    case 'history':
    case 'range': {
      const unread = new Set(coverage.skipped.flatMap(({ oid }) => (oid === null ? [] : [oid]))).size;
      const local = coverage.complete ? '' : 'local ';
      const read = `${numberText(Math.max(0, coverage.objects - unread))} of ${numberText(coverage.objects)} ${local}objects read`;
      return coverage.complete ? `${read}, ${size} of history${time}` : `${read}; the history is NOT complete${time}`;
    }
    case 'stdin':
      return `standard input, ${size}${time}`;
    case 'staged':
    case 'worktree':
    case 'files':
    case 'image': {
      const what = { staged: 'staged files', worktree: 'files of the work tree', files: 'files', image: 'files' }[
        scope.mode
      ];
      const whole = numberText(Math.max(coverage.blobs, coverage.scannedBlobs));
      return `${numberText(coverage.scannedBlobs)} of ${whole} ${what} read, ${size}${time}`;
    }
  }
};

const nextLines = (
  found: readonly Found[],
  { report, place }: BlockContext,
  options: TextOptions,
): readonly string[] => {
  const first = found[0];
  const isHistory = report.scope.mode === 'history' || report.scope.mode === 'range';
  if (report.scope.mode === 'staged' && first) {
    return ['Take it out of this commit: git restore --staged FILE', 'Keep it out: name the file in .gitignore'];
  }
  if (!isHistory) return [];
  if (first) {
    const needsRotation = report.credentials.some(({ verdict }) => verdict !== 'inert');
    return [
      ...(needsRotation ? ['Deleting the file is not enough: rotate first, what was read once stays known.'] : []),
      `Next: unleak explain ${first.id}${place}`,
    ];
  }
  return options.exitCode === exitCodes.clean ? [`To keep it so, run this in CI: unleak scan --ci${place}`] : [];
};

/** As a shell would take it; what no shell shows well is left for the reader to fill in. */
const quoted = (target: string): string => {
  if (/^[\w./~@%+=,-]+$/.test(target)) return target;
  return /^[\x20-\x7e]+$/.test(target) ? `'${target.replaceAll("'", "'\\''")}'` : 'REPO';
};
