import type { Config } from '../config/index.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import { exitCodeOf, leaveOut, renderJson, renderJsonLines, renderSummaryLine, renderText } from '../report/index.ts';
import { isAtLeastAsSure, type Verdict } from '../rules/index.ts';
import type { ScanEvent } from '../scan/index.ts';
import { display } from '../text/index.ts';
import { checkRuleIds } from './check-rules.ts';
import { interruptedCode } from './cli-errors.ts';
import { wantsColor } from './colors.ts';
import type { OptionValues } from './options.ts';
import type { Output } from './outputs.ts';
import { type ProgressOptions, showProgress } from './progress.ts';
import { resolveRequest, type ScanPlan } from './resolve-request.ts';
import type { World } from './world.ts';
import { writeWholeFile } from './write-whole-file.ts';

/** `unleak scan`: scans, prints every report that was asked for, and says how the process ends. */
export const runScan = async (operand: string | null, options: OptionValues, world: World): Promise<ExitCode> => {
  const plan = resolveRequest(operand, options, world);
  checkRuleIds(options, plan.config);
  const whole = await scanWithProgress(plan.request, options, world);
  const { report, exitCode } = concludeScan(whole, plan, world.signal);
  for (const output of plan.outputs) {
    const pieces = renderAs(report, output, { exitCode, operand, options, world, now: plan.request.now });
    if (output.file === null) for (const piece of pieces) await world.stdout.write(piece);
    else
      await writeWholeFile(output.file, pieces, {
        scanned: plan.scanned,
        mode: plan.request.showSecrets ? 0o600 : 0o644,
      });
  }
  await sayRemarks(report, plan, exitCode, options, world);
  return exitCode;
};

/** Runs the use case with progress on standard error. */
export const scanWithProgress = async (
  request: ScanPlan['request'],
  options: OptionValues,
  world: World,
): Promise<Report> => {
  const progress = showProgress({
    mode: progressMode(options, world),
    columns: world.stderr.columns ?? 80,
    now: world.now,
    write: (text) => void world.stderr.write(text),
  });
  const refusals = new Set<string>();
  try {
    const scan = await world.loadScan();
    const emit = (event: ScanEvent): void => {
      if (event.type === 'cache-refused') refusals.add(cacheRemark(event));
      progress.emit(event);
    };
    return await scan(request, emit, world.signal);
  } finally {
    progress.stop();
    if (!options.quiet) for (const remark of refusals) await world.stderr.write(remark);
  }
};

const cacheRemark = ({ directory, reason }: Extract<ScanEvent, { readonly type: 'cache-refused' }>): string =>
  `unleak: the cache ${display(directory)} is not used: ${reason}. Name another with --cache, or none with --no-cache.\n`;

const progressMode = (options: OptionValues, { stderr }: World): ProgressOptions['mode'] => {
  if (options.quiet) return 'none';
  if (stderr.isTerminal && !options.ci) return 'redraw';
  return options.verbose ? 'lines' : 'none';
};

/** What is shown, and how the process ends; the exit code is decided before anything is hidden from view. */
const concludeScan = (
  whole: Report,
  plan: ScanPlan,
  signal: AbortSignal,
): { readonly report: Report; readonly exitCode: ExitCode } => {
  const kept = plan.config ? leaveOutByConfig(whole, plan.config.config, plan.config.file) : whole;
  const counted = exitCodeOf(kept, { ...plan, minSeverity: plan.shown.minSeverity });
  const exitCode = signal.aborted ? interruptedCode(signal) : counted;
  const report = leaveOut(kept, { ...plan.shown, rules: { only: [], without: [] } }, null);
  return { report: withError(report, exitCode), exitCode };
};

const leaveOutByConfig = (report: Report, config: Config, file: string): Report => {
  const kept = leaveOut(report, config, { by: 'config', file });
  const quietly = [
    { by: 'config maxBlobSize', file, count: config.maxBlobSizeBytes === null ? 0 : countTooLarge(report) },
    { by: 'config failOn', file, count: config.failOn === null ? 0 : countTolerated(kept, config.failOn) },
  ].filter(({ count }) => count > 0);
  return { ...kept, coverage: { ...kept.coverage, suppressed: [...kept.coverage.suppressed, ...quietly] } };
};

const countTooLarge = ({ coverage }: Report): number =>
  coverage.skipped.filter(({ reason }) => reason.includes('--max-blob-size')).length;

/** What would make the exit code 1, did the config not ask for more certainty. */
const countTolerated = (report: Report, failOn: Verdict): number =>
  [...report.credentials, ...report.sensitiveFiles].filter(
    ({ verdict }) => isAtLeastAsSure(verdict, 'likely') && !isAtLeastAsSure(verdict, failOn),
  ).length;

/** A report of a run that could not do all that was asked says so in `error`, as every failed command does. */
const withError = (report: Report, exitCode: ExitCode): Report => {
  const { incomplete } = report.coverage;
  const first = incomplete.find(({ reason }) => reason === 'interrupted') ?? incomplete[0];
  if (exitCode === exitCodes.clean || exitCode === exitCodes.found) return report;
  const code = exitCode === exitCodes.failed ? 'incomplete' : 'interrupted';
  const message = first?.detail ?? 'Not everything could be read.';
  return { ...report, error: { code, message, hint: first?.remedy ?? 'Run it again.' } };
};

interface RenderContext {
  readonly exitCode: ExitCode;
  readonly operand: string | null;
  readonly options: OptionValues;
  readonly world: World;
  readonly now: number;
}

const renderAs = (report: Report, { format, file }: Output, context: RenderContext): readonly string[] => {
  const { exitCode, operand, options, world, now } = context;
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'jsonl':
      return [renderJsonLines(report)];
    case 'text': {
      const isFile = file !== null;
      const color = isFile
        ? options.color === 'always'
        : wantsColor(options.color ?? 'auto', options.ci ?? false, world);
      const columns = (isFile || options.ci ? undefined : world.stdout.columns) ?? 80;
      return [renderText(report, { columns, color, now, exitCode, target: operand })];
    }
  }
};

const sayRemarks = async (
  report: Report,
  plan: ScanPlan,
  exitCode: ExitCode,
  options: OptionValues,
  { stderr }: World,
): Promise<void> => {
  if (plan.request.showSecrets && report.credentials.length > 0 && !options.quiet) {
    await stderr.write('unleak: this report holds secrets in clear; delete it when you are done.\n');
  }
  if (options.ci) await stderr.write(`${renderSummaryLine(report, exitCode)}\n`);
};
