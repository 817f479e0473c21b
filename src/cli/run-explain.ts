import { type ExitCode, exitCodes } from '../errors.ts';
import { type Report, schemaVersion } from '../exposure/index.ts';
import { renderExplanation, stableJson } from '../report/index.ts';
import { catalogue } from '../rules/index.ts';
import { display, nearestWord } from '../text/index.ts';
import { InterruptedError, UnknownIdError, UsageError } from './cli-errors.ts';
import { wantsColor } from './colors.ts';
import type { OptionValues } from './options.ts';
import { resolveRequest } from './resolve-request.ts';
import { scanWithProgress } from './run-scan.ts';
import { runTrace } from './run-trace.ts';
import type { World } from './world.ts';

/** `unleak explain ID [REPO]`: scans again, with nothing left out, and shows that one credential in full. */
export const runExplain = async (
  operands: readonly string[],
  options: OptionValues,
  world: World,
): Promise<ExitCode> => {
  if (options.trace !== undefined) return runTrace(options.trace, operands, options, world);
  const [id, target] = operands;
  if (id === undefined) {
    throw new UsageError('unleak explain needs the id of a credential.', 'It stands in the report: u1-… or f1-…');
  }
  if (!/^[uf]1-[a-z2-7]*$/.test(id)) {
    throw new UsageError(
      `"${display(id)}" is no credential id.`,
      'Ids look like u1-7k2m4qhz3v6ytw2a; scan shows them.',
    );
  }
  // All that there is: a credential that a scan leaves out can be explained too.
  const everything = { ...options, 'min-severity': 'info', 'min-verdict': 'inert' } as const;
  const plan = resolveRequest(target ?? null, everything, world);
  const report = await scanWithProgress(plan.request, options, world);
  if (world.signal.aborted) throw new InterruptedError(world.signal);
  const found = findById(report, id);
  await world.stdout.write(
    options['single-format'] === 'json'
      ? `${stableJson({ schemaVersion, command: 'explain', found, refs: report.refs }, true, 2)}\n`
      : renderExplanation(found, report, {
          columns: world.stdout.columns ?? 80,
          color: wantsColor(options.color ?? 'auto', false, world),
          now: plan.request.now,
          attack: catalogue.find(({ id: ruleId }) => ruleId === found.rule)?.attack ?? null,
        }),
  );
  return exitCodes.clean;
};

const findById = (report: Report, id: string): Report['credentials'][number] | Report['sensitiveFiles'][number] => {
  const all = [...report.credentials, ...report.sensitiveFiles];
  const found = all.filter((each) => each.id.startsWith(id));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (found.length > 1) {
    throw new UnknownIdError(
      `${found.length} credentials have ids that begin with ${id}.`,
      `Give more of it: ${found
        .slice(0, 3)
        .map((each) => each.id)
        .join(', ')}`,
    );
  }
  const meant = nearestWord(
    id,
    all.map((each) => each.id),
  );
  const hint = meant ? `Did you mean ${meant}?` : 'Another repository, or another scope? Scan it to see its ids.';
  throw new UnknownIdError(`No credential here has the id ${id}.`, hint);
};
