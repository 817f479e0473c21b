import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import {
  buildPlants,
  checkReport,
  leakedValues,
  type PlantRepo,
  type Verdicts,
} from '../../fixtures-repos/plants/index.ts';
import { credentialId, type Report } from '../../src/exposure/index.ts';
import { inPairs, type Ran, runUnleak } from './run-unleak.ts';

/**
 * What is not right yet, each with its reason; the test below holds that nothing else is wrong, and that nothing here is
 * right already.
 */
const knownGaps: Readonly<Record<string, string>> = {};

interface Scanned {
  readonly repo: PlantRepo;
  readonly ran: Ran;
  readonly verdicts: Verdicts;
}

let scanned: readonly Scanned[];

beforeAll(async () => {
  const { repos } = await buildPlants();
  const ids = new Map<string, string>();
  const runs = await inPairs(repos, async (repo) => ({
    repo,
    ran: await runUnleak(['scan', repo.path, '--format', 'json', ...repo.args]),
  }));
  for (const { repo } of runs) {
    const { secrets } = { secrets: repo.plants.map(({ secret }) => secret) };
    for (const bytes of secrets.flatMap(({ canonical, companions }) => [canonical, ...companions])) {
      ids.set(Buffer.from(bytes).toString('latin1'), await credentialId(bytes));
    }
  }
  const idOf = (bytes: Uint8Array): string => ids.get(Buffer.from(bytes).toString('latin1')) ?? '';
  scanned = runs.map(({ repo, ran }) => ({ repo, ran, verdicts: checkReport(repo, reportOf(repo, ran), idOf) }));
}, 120_000);

const reportOf = (repo: PlantRepo, { stdout, stderr, exitCode }: Ran): Report => {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    throw new Error(`no report of ${repo.name} (exit ${exitCode}): ${stderr.slice(0, 500)}`);
  }
};

/** A gap is a sentence, `*` for any text. */
const isGap = (gap: string, sentence: string): boolean =>
  new RegExp(`^${gap.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's').test(sentence);

const unknown = (sentences: readonly string[]): string[] =>
  sentences.filter((sentence) => !Object.keys(knownGaps).some((gap) => isGap(gap, sentence)));

const all = (pick: (verdicts: Verdicts) => readonly string[]): string[] =>
  scanned.flatMap(({ verdicts }) => pick(verdicts));

const exitFaults = ({ repo, ran: { exitCode } }: Scanned): string[] => {
  const expected = repo.plants.some((plant) => plant.expect !== 'absent') ? 1 : 0;
  return exitCode === expected ? [] : [`${repo.name}: exit ${exitCode}, not ${expected}`];
};

test('every plant is found', () => {
  expect(unknown(all(({ missing }) => missing))).toEqual([]);
});

test('of every plant is said what is true', () => {
  expect(unknown(all(({ wrong }) => wrong))).toEqual([]);
});

test('nothing is found that nobody planted', () => {
  expect(unknown(all(({ decoysFound }) => decoysFound))).toEqual([]);
});

test('every known gap is still one', () => {
  const said = all(({ missing, wrong, decoysFound }) => [...missing, ...wrong, ...decoysFound]);
  const sentences = [...said, ...scanned.flatMap(exitFaults)];
  const closed = Object.keys(knownGaps).filter((gap) => !sentences.some((sentence) => isGap(gap, sentence)));
  expect(closed).toEqual([]);
});

test('no planted value stands in any output, nor most of one, nor its hash', () => {
  expect(scanned.flatMap(({ repo, ran }) => leakedValues(repo, ran.stdout + ran.stderr))).toEqual([]);
});

test('the exit code is 1 where something counts, else 0', () => {
  expect(unknown(scanned.flatMap(exitFaults))).toEqual([]);
});

test('a second scan gives the same bytes', async () => {
  for (const { repo, ran } of scanned.filter(({ repo: { name } }) => ['history', 'elsewhere'].includes(name))) {
    const again = await runUnleak(['scan', repo.path, '--format', 'json', '--jobs', '1', '--no-cache', ...repo.args]);
    expect(again.stdout === ran.stdout, repo.name).toBe(true);
  }
});

test('both engines give the same report, also of what is packed as deltas', async () => {
  const differing = await inPairs(scanned, async ({ repo }) => {
    // Everything is packed, also what nothing reaches; some of these stores are damaged on purpose, and stay as they are.
    spawnSync('git', ['-C', repo.path, 'repack', '-adfkq', '--depth=50'], {
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
    });
    const args = ['scan', repo.path, '--format', 'json', '--no-cache', '--min-verdict', 'inert', ...repo.args];
    const [packed, whole] = [
      await runUnleak([...args, '--engine', 'pack']),
      await runUnleak([...args, '--engine', 'cat-file']),
    ];
    return withoutEngine(packed.stdout) === withoutEngine(whole.stdout) ? [] : [repo.name];
  });
  expect(differing.flat()).toEqual([]);
});

/** All but what says how it was read. */
const withoutEngine = (json: string): string => {
  const report = JSON.parse(json) as { coverage: { engine?: unknown; stats?: unknown } };
  delete report.coverage.engine;
  delete report.coverage.stats;
  return JSON.stringify(report);
};
