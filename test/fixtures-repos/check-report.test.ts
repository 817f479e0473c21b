import { beforeAll, expect, test } from 'vitest';
import { buildPlants, checkReport, leakedValues, type PlantRepo } from '../../fixtures-repos/plants/index.ts';
import type { Credential, Exposure, Report } from '../../src/exposure/index.ts';

let repo: PlantRepo;
beforeAll(async () => {
  const [built] = (await buildPlants(['loose'])).repos;
  if (built) repo = built;
});

const idOf = (canonical: Uint8Array): string => Buffer.from(canonical).toString('latin1');

/** A report of what the manifest promises, said exactly. */
const perfect = (change: (exposure: Exposure, id: string) => Exposure = (exposure) => exposure): Credential[] =>
  repo.plants.flatMap(({ id, secret, expect: expected }) => {
    if (expected === 'absent') return [];
    const { introduced, removed, ...rest } = expected;
    const facts = (commit: string | null | undefined): object | null => (commit ? { commit } : null);
    const shown = { wrapping: [], occurrences: 1, ...rest, introduced: facts(introduced), removed: facts(removed) };
    const exposures = [change(shown as unknown as Exposure, id)];
    return [{ id: idOf(secret.canonical), rule: 'a-rule', verdict: 'likely', exposures } as unknown as Credential];
  });

const report = (credentials: readonly Credential[], reasons: readonly string[] = []): Report =>
  ({
    credentials,
    sensitiveFiles: [],
    coverage: { complete: reasons.length === 0, incomplete: reasons.map((reason) => ({ reason })) },
  }) as unknown as Report;

test('a report that says what the manifest says is right', () => {
  expect(checkReport(repo, report(perfect()), idOf)).toEqual({ missing: [], wrong: [], decoysFound: [] });
});

test('a plant that no credential shows is missing', () => {
  expect(checkReport(repo, report([]), idOf).missing).toEqual([
    'loose/deleted: no credential',
    'loose/kept: no credential',
    'loose/tag: no credential',
  ]);
});

test('what is said of a plant is compared: commits, tips, verdict, source, and that the scan is complete', () => {
  const wrongly = perfect((exposure, id) => {
    if (id === 'loose/deleted') return { ...exposure, removed: null, inTips: true };
    return id === 'loose/kept' ? { ...exposure, verdict: 'possible' } : { ...exposure, source: 'blob' };
  });
  const { missing, wrong } = checkReport(repo, report(wrongly, ['unreadable']), idOf);
  expect(missing).toEqual([expect.stringMatching(/^loose\/tag: no exposure as tag-message/)]);
  expect(wrong).toEqual([
    expect.stringMatching(/^loose\/deleted: removed is null, not [0-9a-f]{40}$/),
    'loose/deleted: inTips is true, not false',
    'loose/kept: verdict is possible, not likely',
    'loose: says incomplete: unreadable',
  ]);
});

test('a likely credential that nobody planted is a decoy, a possible one is not', () => {
  const stray = (verdict: string): Credential =>
    ({ id: 'stray', rule: 'a-rule', verdict, exposures: [] }) as unknown as Credential;
  expect(checkReport(repo, report([...perfect(), stray('likely')]), idOf).decoysFound).toHaveLength(1);
  expect(checkReport(repo, report([...perfect(), stray('possible')]), idOf).decoysFound).toEqual([]);
});

test('a piece of a value in an output is a leak, its known prefix and its end are none', () => {
  const [plant] = repo.plants;
  if (!plant) throw new Error('the manifest has plants');
  const { secret, id } = plant;
  expect(leakedValues(repo, `… ${secret.value.slice(8, 24)} …`)).toEqual([id]);
  expect(leakedValues(repo, `${secret.value.slice(0, 6)}****${secret.value.slice(-4)}`)).toEqual([]);
});
