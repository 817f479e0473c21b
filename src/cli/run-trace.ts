import { resolve } from 'node:path';
import type { Trace } from '../app/index.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { schemaVersion } from '../exposure/index.ts';
import { countText, foldHanging, painter, stableJson } from '../report/index.ts';
import { display } from '../text/index.ts';
import { UsageError } from './cli-errors.ts';
import { wantsColor } from './colors.ts';
import type { OptionValues } from './options.ts';
import type { World } from './world.ts';

/** `unleak explain --trace OID[:OFFSET] [REPO]`: what every rule made of one place, and why. */
export const runTrace = async (
  place: string,
  operands: readonly string[],
  options: OptionValues,
  world: World,
): Promise<ExitCode> => {
  const match = /^([0-9a-f]{4,64})(?::(\d{1,15}))?$/i.exec(place);
  if (!match?.[1]) {
    throw new UsageError(
      `--trace cannot be "${display(place)}".`,
      'It takes OID or OID:OFFSET, the oid in hex digits.',
    );
  }
  if (operands.length > 1) {
    throw new UsageError('--trace takes a repository and nothing else.', 'An id and a trace are two questions.');
  }
  const request = {
    path: resolve(world.cwd, operands[0] ?? '.'),
    oid: match[1].toLowerCase(),
    offset: match[2] === undefined ? null : Number(match[2]),
  };
  const traceObject = await world.loadTrace();
  const trace = await traceObject(request, world.signal);
  await world.stdout.write(
    options['single-format'] === 'json'
      ? `${stableJson({ schemaVersion, command: 'explain', trace }, { fields: { schemaVersion: true, command: true } }, 2)}\n`
      : renderTrace(trace, {
          columns: Math.max(40, world.stdout.columns ?? 80),
          color: wantsColor(options.color ?? 'auto', false, world),
        }),
  );
  return exitCodes.clean;
};

/** A trace for people: the object, then each anchor with what its rule made of it. Only rules' own words stand in it. */
export const renderTrace = (
  trace: Trace,
  { columns, color }: { readonly columns: number; readonly color: boolean },
): string => {
  const paint = painter(color);
  const where = trace.offset === null ? '' : `, near byte ${trace.offset}`;
  const head = `${trace.type} ${trace.oid}, ${countText(trace.sizeBytes, 'byte')}${where}`;
  const lines = trace.anchors.flatMap(({ at, rule, anchor, outcome, verdict, detail, wrapping }) => {
    const how = wrapping === null ? '' : ` in ${wrapping}`;
    const result = verdict === null ? outcome : `${outcome}, ${verdict}`;
    return [
      `${paint('label', `byte ${at}`)}  ${paint('strong', rule)}  ${result}`,
      ...foldHanging(`anchor ${JSON.stringify(anchor)}${how}: ${detail}`, columns - 2, 2).map((line) => `  ${line}`),
    ];
  });
  return [...foldHanging(head, columns, 2), '', ...(lines.length > 0 ? lines : emptyLines(trace, columns))]
    .join('\n')
    .concat('\n');
};

const emptyLines = ({ type, offset }: Trace, columns: number): readonly string[] => {
  const what =
    type === 'tree'
      ? 'A tree: its names are looked at one by one. Trace the blob that was meant.'
      : `No anchor of any rule stands ${offset === null ? 'in it' : 'near that place'}: no rule looked closer. Rules that go by a file's name are not traced.`;
  return foldHanging(what, columns, 0);
};
