import { type ExitCode, exitCodes } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import { countText, numberText } from './words.ts';

/** The verdict in a sentence or two, with numbers. Nothing alarming that is not so, nothing soothing that is not known. */
export const verdictSentence = (report: Report, exitCode: ExitCode): string => {
  const sentences = [...credentialSentences(report), ...fileSentences(report), ...hiddenSentences(report, exitCode)];
  if (sentences.length === 0) sentences.push(...nothingSentences(report, exitCode));
  else if (!report.coverage.complete) sentences.push('Not everything could be read: there may be more.');
  return sentences.join(' ');
};

const credentialSentences = (report: Report): readonly string[] => {
  const sure = report.credentials.filter(({ verdict }) => verdict === 'confirmed' || verdict === 'likely').length;
  const maybe = report.credentials.filter(({ verdict }) => verdict === 'possible').length;
  const inert = report.credentials.filter(({ verdict }) => verdict === 'inert').length;
  return [
    ...(sure > 0 ? [sureSentence(sure, report)] : []),
    ...(maybe > 0 ? [maybeSentence(maybe, sure > 0)] : []),
    ...(inert > 0 ? [`${countText(inert, 'inert one')} ${inert === 1 ? 'is' : 'are'} shown too.`] : []),
  ];
};

const sureSentence = (count: number, report: Report): string => {
  const subject = countText(count, 'credential');
  const isOne = count === 1;
  switch (report.scope.mode) {
    case 'history':
    case 'range':
      return `${subject} ${isOne ? 'was exposed and needs' : 'were exposed and need'} rotation.`;
    case 'staged':
      return `${subject} ${isOne ? 'is' : 'are'} in what is staged.`;
    case 'worktree':
      return `${subject} ${isOne ? 'is' : 'are'} in the files of the work tree.`;
    case 'files':
    case 'image':
      return `${subject} ${isOne ? 'is' : 'are'} in these files.`;
    case 'stdin':
      return `${subject} ${isOne ? 'is' : 'are'} in standard input.`;
  }
};

const maybeSentence = (count: number, afterOthers: boolean): string => {
  if (afterOthers) return count === 1 ? '1 more may be one.' : `${numberText(count)} more may be credentials too.`;
  return count === 1
    ? '1 value may be a credential: look at it.'
    : `${numberText(count)} values may be credentials: look at them.`;
};

const fileSentences = ({ sensitiveFiles, scope }: Report): readonly string[] => {
  if (sensitiveFiles.length === 0) return [];
  const isHistory = scope.mode === 'history' || scope.mode === 'range';
  const isOne = sensitiveFiles.length === 1;
  const verb = isHistory ? (isOne ? 'was committed' : 'were committed') : isOne ? 'is there' : 'are there';
  return [`${countText(sensitiveFiles.length, 'sensitive file')} ${verb}.`];
};

/** What makes the exit code must be said even where filters hide it. */
const hiddenSentences = (report: Report, exitCode: ExitCode): readonly string[] =>
  exitCode === exitCodes.found && report.credentials.length + report.sensitiveFiles.length === 0
    ? ['Something counts (exit code 1), but the filters of this run hide it: lower --min-verdict.']
    : [];

const nothingSentences = (report: Report, exitCode: ExitCode): readonly string[] => {
  if (report.coverage.complete) {
    const inert = report.summary.byVerdict.inert;
    const aside = inert > 0 ? `; ${countText(inert, 'inert one')} ${inert === 1 ? 'is' : 'are'} left out` : '';
    return [`No exposed credentials${aside}.`];
  }
  return [
    `Nothing found in what could be read, but that is not everything. This is not a clean result (exit code ${exitCode}).`,
  ];
};
