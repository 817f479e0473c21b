import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../fixtures-repos/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';
import { reachedFrom } from '../../src/exposure/commit-order.ts';
import { FilteredTrees } from '../../src/exposure/filtered-trees.ts';
import { attribute } from '../../src/exposure/index.ts';
import { Places, type View } from '../../src/exposure/places.ts';
import { importHistory, readHistory } from './git-histories.ts';
import { drawnHistory, flattener, type History, plan, type Row, treeEntries } from './histories.ts';
import { naiveRuns } from './naive-runs.ts';

type Tips = readonly { readonly commit: number; readonly ref: number }[];

/** `commit parent ± path blob` for every change of a chosen blob that a commit makes against each of its parents. */
const eventsOf = ({ commits, rows }: History, isChosen: (row: Row) => boolean, tips: Tips): string[] => {
  const trees = treeEntries(rows.filter((row) => row.isSubtree || isChosen(row)));
  const places = new Places(new FilteredTrees(trees, new Set()), trees, (_, blob) => [blob]);
  const shownBy = (commit: number): Set<string> => {
    const shown = new Set<string>();
    const add = ({ keys, children }: View) => {
      for (const key of keys) shown.add(`${places.pathOf(key)} ${places.subjectOf(key)}`);
      children.forEach(add);
    };
    if (commit >= 0) add(places.viewOf(commits.trees[commit] ?? -1));
    return shown;
  };
  const isLive = reachedFrom(
    commits,
    tips.map(({ commit }) => commit),
  );
  const events: string[] = [];
  for (let commit = 0; commit < commits.count; commit++) {
    if (!isLive[commit]) continue;
    const parents = [...commits.parents.slice(commits.parentStarts[commit], commits.parentStarts[commit + 1])];
    const own = shownBy(commit);
    for (const parent of parents.length > 0 ? parents : [-1]) {
      const before = shownBy(parent);
      for (const place of own) if (!before.has(place)) events.push(`${commit} ${parent} + ${place}`);
      for (const place of before) if (!own.has(place)) events.push(`${commit} ${parent} - ${place}`);
    }
  }
  return events.sort();
};

/** The same of `git log`, whose lines read `:mode mode old new status<TAB>path` under `commit (from parent) subject`. */
const eventsOfGit = (cwd: string, history: History, oids: readonly string[], isChosen: (blob: number) => boolean) => {
  const commitOf = new Map<string | undefined, number>();
  for (let commit = 0; commit < history.commits.count; commit++) commitOf.set(history.commits.oid(commit), commit);
  const numberOf = new Map<string | undefined, number>(oids.map((oid, number) => [oid, number]));
  const log = runGit(['log', '--raw', '-m', '--no-renames', '--no-abbrev', '--all', '--root', '--pretty=oneline'], {
    cwd,
  });
  const events: string[] = [];
  let commit = -1;
  let parent = -1;
  for (const line of log.toString('latin1').split('\n')) {
    if (!line.startsWith(':')) {
      const [, oid, from] = /^(\w+) (?:\(from (\w+)\) )?/.exec(line) ?? [];
      commit = commitOf.get(oid) ?? -1;
      parent = commitOf.get(from) ?? history.commits.parents[history.commits.parentStarts[commit] ?? 0] ?? -1;
      if (history.commits.parentStarts[commit] === history.commits.parentStarts[commit + 1]) parent = -1;
      continue;
    }
    const [facts = '', path] = line.split('\t');
    const [, , before, after] = facts.split(' ');
    if (before === after) continue;
    const [old, now] = [numberOf.get(before) ?? -1, numberOf.get(after) ?? -1];
    if (isChosen(old)) events.push(`${commit} ${parent} - ${path} ${old}`);
    if (isChosen(now)) events.push(`${commit} ${parent} + ${path} ${now}`);
  }
  return events.sort();
};

test('git log finds the same events, and the contract the same runs, in repositories of random histories', () => {
  let events = 0;
  fc.assert(
    fc.property(drawnHistory(60, 20), fc.array(fc.nat(59), { minLength: 1, maxLength: 5 }), (draws, tipDraws) => {
      const folder = temporaryFolder();
      const names = tipDraws.map((_, index) => `refs/heads/r${index}`);
      const planned = plan(draws);
      importHistory(
        folder.path,
        planned,
        new Map(names.map((name, i) => [name, i === 0 ? draws.length - 1 : (tipDraws[i] ?? 0) % draws.length])),
      );
      const { history, oids } = readHistory(folder.path);
      const { commits, rows } = history;
      const tips = tipsOf(folder.path, history, names);

      const isChosen = (blob: number) => blob >= 0 && blob % 3 !== 0 && history.blobs.includes(blob);
      const expected = eventsOfGit(folder.path, history, oids, isChosen);
      expect(eventsOf(history, ({ child }) => isChosen(child), tips)).toEqual(expected);
      events += expected.length;

      const subjectsAt = (_: string, blob: number) => (history.blobs.includes(blob) ? [blob % 2] : []);
      const { runs } = attribute({
        commits,
        trees: treeEntries(rows),
        subjectsAt,
        markedSubtreeNames: new Set(),
        tips,
      });
      const naive = naiveRuns({ commits, filesOf: flattener(rows), subjectsAt, tips });
      expect(runs.map(({ tree: _, ...run }) => run)).toEqual(naive);
      folder.dispose();
    }),
    { numRuns: 10 },
  );
  expect(events).toBeGreaterThan(0);
});

const tipsOf = (cwd: string, { commits }: History, names: readonly string[]): Tips => {
  const format = '--format=%(objectname) %(refname)';
  const lines = runGit(['for-each-ref', format], { cwd }).toString().trim().split('\n');
  return lines.map((line) => {
    const [oid, name = ''] = line.split(' ');
    const commit = Array.from({ length: commits.count }, (_, c) => c).find((c) => commits.oid(c) === oid) ?? -1;
    return { commit, ref: names.indexOf(name) };
  });
};
