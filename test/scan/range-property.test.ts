import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runGit } from '../../fixtures-repos/run-git.ts';
import { githubToken, seededMaker } from '../../fixtures-repos/secrets/index.ts';
import { temporaryFolder } from '../../fixtures-repos/temporary-folder.ts';
import { importHistory } from '../exposure/git-histories.ts';
import { drawnHistory, type PlannedCommit, plan } from '../exposure/histories.ts';
import { exposuresOf, scanIn, type Told } from './range-scans.ts';

const [first, second] = [githubToken(seededMaker('range one')), githubToken(seededMaker('range two'))];

/** Contents with no token, one, the other, both; and each once more with other words around it. */
const tokensOf: readonly (readonly string[])[] = [[], [first], [second], [first, second], [first], []];
const textOf = (blob: number): string => `content ${blob}\n${(tokensOf[blob] ?? []).join('\n')}\n`;

interface Drawn {
  readonly path: string;
  readonly commits: readonly PlannedCommit[];
  readonly oids: readonly string[];
}

const build = (commits: readonly PlannedCommit[], run: number, root: string): Drawn => {
  const path = join(root, `${run}`);
  mkdirSync(path);
  const refs = new Map(commits.map((_, index) => [`refs/heads/at-${index}`, index] as const));
  importHistory(path, commits, refs, textOf);
  const oids = commits.map((_, index) =>
    runGit(['rev-parse', `at-${index}`], { cwd: path })
      .toString()
      .trim(),
  );
  return { path, commits, oids };
};

const reach = (commits: readonly PlannedCommit[], from: number): ReadonlySet<number> => {
  const reached = new Set<number>();
  const open = [from];
  for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
    if (reached.has(commit)) continue;
    reached.add(commit);
    open.push(...(commits[commit]?.parents ?? []));
  }
  return reached;
};

/** Place and token of all that a commit of the range shows and none of its parents does → those commits. */
const broughtBy = ({ commits, oids }: Drawn, range: ReadonlySet<number>): ReadonlyMap<string, ReadonlySet<string>> => {
  const shownAt = (commit: number): string[] =>
    [...(commits[commit]?.files ?? [])].flatMap(([path, { blob }]) =>
      (tokensOf[blob] ?? []).map((token) => `${path} ${token}`),
    );
  const brought = new Map<string, Set<string>>();
  for (const commit of range) {
    const before = new Set((commits[commit]?.parents ?? []).flatMap(shownAt));
    for (const place of shownAt(commit).filter((one) => !before.has(one)))
      brought.set(place, (brought.get(place) ?? new Set()).add(oids[commit] ?? ''));
  }
  return brought;
};

const placeOf = ({ path, secret }: Told): string => `${path} ${secret}`;
const introducedBy = ({ introduced }: Told): string => introduced?.commit ?? '';

test('a range reports what its commits bring, and all that the whole scan says they introduced', async () => {
  const folder = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      drawnHistory(14, 6),
      fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 3, maxLength: 3 }),
      async (draws, picks) => {
        const drawn = build(plan(draws), run++, folder.path);
        const whole = exposuresOf(await scanIn(drawn.path));
        for (const pick of picks) await check(drawn, whole, pick);
      },
    ),
    { numRuns: 3, seed: 20_240_101 },
  );
}, 120_000);

const check = async (drawn: Drawn, whole: readonly Told[], pick: readonly [number, number]): Promise<void> => {
  const [root, tip] = pick.map((number) => number % drawn.commits.length) as [number, number];
  const base = reach(drawn.commits, root);
  const range = new Set([...reach(drawn.commits, tip)].filter((commit) => !base.has(commit)));
  const text = `at-${root}..at-${tip}`;
  const told = exposuresOf(await scanIn(drawn.path, { kind: 'range', text }));
  const brought = broughtBy(drawn, range);
  expect(new Set(told.map(placeOf))).toEqual(new Set(brought.keys()));
  for (const one of told) expect(brought.get(placeOf(one))).toContain(introducedBy(one));

  const own = new Set([...range].map((commit) => drawn.oids[commit]));
  for (const expected of whole.filter((one) => own.has(introducedBy(one)))) {
    const same = told.find((one) => placeOf(one) === placeOf(expected) && introducedBy(one) === introducedBy(expected));
    expect(same).toMatchObject({ firstOid: expected.firstOid, line: expected.line, reachable: true });
    expect(expected.refNames).toEqual(expect.arrayContaining([...(same?.refNames ?? [])]));
  }
};
