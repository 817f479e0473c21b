import type { CommitTable } from '../../src/exposure/index.ts';
import type { FilesOf } from './histories.ts';

export interface NaiveRun {
  readonly subject: number;
  readonly path: string;
  readonly origins: readonly number[];
  readonly introduced: number;
  readonly removed: number;
  readonly last: number;
  readonly firstBlob: number;
  readonly lastBlob: number;
  readonly blobs: number;
  readonly refs: readonly number[];
  readonly inTips: boolean;
  readonly reachable: boolean;
}

interface NaiveInput {
  readonly commits: CommitTable;
  readonly filesOf: FilesOf;
  readonly subjectsAt: (path: string, blob: number) => readonly number[];
  readonly tips: readonly { readonly commit: number; readonly ref: number }[];
}

/** The contract's words, taken literally: for every subject and path the set of commits, its connected parts, their ends. */
export const naiveRuns = ({ commits, filesOf, subjectsAt, tips }: NaiveInput): NaiveRun[] => {
  const all = Array.from({ length: commits.count }, (_, commit) => commit);
  const parentsOf = (c: number) =>
    [...commits.parents.slice(commits.parentStarts[c], commits.parentStarts[c + 1])].filter((p) => p >= 0);
  const ancestors = tips.map(({ commit }) => closure([commit], parentsOf));
  const isLive = (c: number) => ancestors.some((set) => set.has(c));

  const shown = new Map<string, Map<number, number>>();
  for (const commit of all) {
    for (const [path, blobs] of filesOf(commits.trees[commit] ?? -1)) {
      for (const blob of [...blobs].sort((a, b) => a - b)) {
        for (const subject of subjectsAt(path, blob)) {
          const key = JSON.stringify([subject, path]);
          const blobOf = shown.get(key) ?? new Map<number, number>();
          if (!blobOf.has(commit)) blobOf.set(commit, blob);
          shown.set(key, blobOf);
        }
      }
    }
  }

  const byDate = (a: number, b: number) => (commits.dates[a] ?? 0) - (commits.dates[b] ?? 0) || a - b;
  const liveLast = (a: number, b: number) => Number(isLive(a)) - Number(isLive(b)) || byDate(a, b);
  const runs: NaiveRun[] = [];
  for (const [key, blobOf] of shown) {
    const [subject, path] = JSON.parse(key) as [number, string];
    const neighbours = (c: number) =>
      [...blobOf.keys()].filter((o) => parentsOf(c).includes(o) || parentsOf(o).includes(c));
    const seen = new Set<number>();
    for (const start of blobOf.keys()) {
      if (seen.has(start)) continue;
      const run = closure([start], neighbours);
      for (const commit of run) seen.add(commit);
      const members = [...run];
      const origins = members.filter((c) => !parentsOf(c).some((p) => run.has(p)));
      const introduced = origins.toSorted(byDate)[0] ?? -1;
      const ends = members.filter((c) => !all.some((o) => run.has(o) && parentsOf(o).includes(c)));
      const last = ends.sort(liveLast).at(-1) ?? -1;
      const removers = all.filter((c) => !run.has(c) && parentsOf(c).some((p) => run.has(p)));
      const inTips = tips.some(({ commit }) => run.has(commit));
      const reaching = tips.filter((_, index) => members.some((c) => ancestors[index]?.has(c)));
      runs.push({
        subject,
        path,
        origins: origins.sort((a, b) => a - b),
        introduced,
        removed: inTips ? -1 : (removers.sort(liveLast).at(-1) ?? -1),
        last,
        firstBlob: blobOf.get(introduced) ?? -1,
        lastBlob: blobOf.get(last) ?? -1,
        blobs: new Set(members.map((c) => blobOf.get(c))).size,
        refs: [...new Set(reaching.map(({ ref }) => ref).filter((ref) => ref >= 0))].sort((a, b) => a - b),
        inTips,
        reachable: reaching.length > 0,
      });
    }
  }
  return runs.sort(
    (a, b) =>
      a.subject - b.subject || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || byDate(a.introduced, b.introduced),
  );
};

const closure = (starts: readonly number[], next: (commit: number) => readonly number[]): Set<number> => {
  const found = new Set(starts);
  for (const commit of found) for (const other of next(commit)) found.add(other);
  return found;
};
