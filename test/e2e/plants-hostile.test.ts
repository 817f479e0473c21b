import { beforeAll, expect, test } from 'vitest';
import { buildHostile, type HostilePart, type HostileRepo, hostileGroups } from '../../fixtures-repos/hostile/index.ts';
import type { PlantedSecret } from '../../fixtures-repos/secrets/index.ts';
import { credentialId, type Report } from '../../src/exposure/index.ts';
import { inPairs, type Ran, runUnleak } from './run-unleak.ts';

/** What is not right yet, each with its reason; nothing else may be wrong, and nothing here may be right already. */
const knownGaps: Readonly<Record<string, string>> = {
  'idx-offset-out-of-range': 'git dies of the packed copy and is not asked for the loose one',
};

let faults: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  const judged = await inPairs(hostileGroups(), async (names) => {
    const repo = await buildHostile(...names);
    const ran = await runUnleak(['scan', repo.path, '--format', 'json']);
    return faultsOf(repo, ran);
  });
  faults = new Map(judged.flat());
}, 240_000);

type Faults = readonly (readonly [name: string, faults: readonly string[]])[];

const faultsOf = async (repo: HostileRepo, ran: Ran): Promise<Faults> => {
  const result = parse(ran.stdout);
  const words = `exit ${ran.exitCode}, no JSON: ${ran.stderr.slice(0, 300)}`;
  const failure = ran.exitCode === null ? 'does not end' : result === null ? words : null;
  const whole = result === null || repo.parts.some(({ fails }) => fails) ? [] : faultsOfWhole(repo, result, ran);
  const parts = repo.parts.map(async (part) => {
    const own = result === null ? [failure ?? words] : await faultsOfPart(part, result, ran);
    return [part.name, [...own, ...leaksOf(part, ran)]] as const;
  });
  return [[`all of ${repo.name}`, whole], ...(await Promise.all(parts))];
};

const leaksOf = ({ found, foundOrNamed }: HostilePart, { stdout, stderr }: Ran): string[] => {
  const output = stdout + stderr;
  return [...found, ...foundOrNamed.map(({ secret }) => secret)]
    .filter(({ pieces }) => pieces.some((piece) => output.includes(piece)))
    .map(({ key }) => `shows too much of ${key}`);
};

const parse = (text: string): Report | null => {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return null;
  }
};

const faultsOfFailure = ({ error }: Report, { exitCode }: Ran): string[] => [
  ...(exitCode === 2 ? [] : [`exit ${exitCode}, not 2`]),
  ...(error && error.code !== 'internal' && error.hint !== '' ? [] : [`no error with a hint: ${error?.code}`]),
];

const faultsOfPart = async (part: HostilePart, report: Report, ran: Ran): Promise<string[]> => {
  if (part.fails) return faultsOfFailure(report, ran);
  if (!report.coverage) return [`ends with ${report.error?.code}`];
  const ids = new Set(report.credentials.map(({ id }) => id));
  const isFound = async ({ canonical }: PlantedSecret): Promise<boolean> => ids.has(await credentialId(canonical));
  const words = JSON.stringify(report.coverage);
  const faults: string[] = [];
  for (const secret of part.found) if (!(await isFound(secret))) faults.push(`does not find ${secret.key}`);
  for (const { secret, names } of part.foundOrNamed) {
    if (await isFound(secret)) continue;
    if (report.coverage.complete) faults.push(`neither finds ${secret.key} nor is incomplete`);
    else if (!names.some((name) => words.includes(name))) faults.push(`does not name ${names.join(' or ')}`);
  }
  for (const name of part.named) if (!words.includes(name)) faults.push(`does not speak of ${name}`);
  if (part.complete === false && report.coverage.complete) faults.push('says complete');
  return faults;
};

/** What is true of the report as a whole: complete only if every part leaves it so, and the exit code of the contract. */
const faultsOfWhole = ({ parts }: HostileRepo, { coverage, credentials }: Report, { exitCode }: Ran): string[] => {
  const reasons = coverage.incomplete.map(({ reason }) => reason).join(', ');
  const isWhole = parts.every(({ complete }) => complete === true);
  const expected = credentials.length > 0 ? 1 : coverage.complete ? 0 : 2;
  return [
    ...(isWhole && !coverage.complete ? [`says incomplete: ${reasons}`] : []),
    ...(exitCode === expected ? [] : [`exit ${exitCode}, not ${expected}`]),
  ];
};

const wrong = (isKnown: boolean): Record<string, readonly string[]> =>
  Object.fromEntries(Array.from(faults).filter(([name, list]) => list.length > 0 && name in knownGaps === isKnown));

test('a damaged or hostile repository ends in a report or an error that says what is so', () => {
  expect(wrong(false)).toEqual({});
});

test('every known gap is still one', () => {
  expect(Object.keys(wrong(true)).toSorted()).toEqual(Object.keys(knownGaps).toSorted());
});
