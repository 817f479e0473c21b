import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Scan, scanOnce, type Unleak } from './contestants.ts';
import { median, percent, renderTable, seconds } from './markdown.ts';
import { git } from './repository.ts';

export interface Cached {
  readonly name: string;
  readonly without: Scan;
  readonly cold: Scan;
  readonly warm: readonly Scan[];
  readonly afterCommits: readonly Scan[];
}

const newCommits = 10;

/**
 * Scans a copy of the repository with a cache of its own: empty, with nothing new, and each round after ten more commits.
 * A copy, since commits are added, and since links would touch the inodes of the repository that is measured.
 */
export const measureCached = async (
  name: string,
  repository: string,
  rounds: number,
  unleak: Unleak & { readonly withCache: (directory: string) => readonly string[] },
  say: (text: string) => void,
): Promise<Cached> => {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-cached-'));
  try {
    const path = join(folder, 'copy.git');
    say(`${name}: copying`);
    cpSync(repository, path, { recursive: true });
    // Files that were just written may be written again within one tick of their clock, and are no basis for a cache.
    await pause(10_000);
    const withCache = unleak.withCache(join(folder, 'cache'));
    say(`${name}: without, cold, warm`);
    const without = await scanOnce(path, unleak.options);
    const cold = await scanOnce(path, withCache);
    const warm: Scan[] = [];
    for (let round = 0; round < rounds; round++) warm.push(await scanOnce(path, withCache));
    const afterCommits: Scan[] = [];
    for (let round = 0; round < rounds; round++) {
      say(`${name}: ${newCommits} new commits, round ${round + 1} of ${rounds}`);
      addCommits(path, round);
      afterCommits.push(await scanOnce(path, withCache));
    }
    return { name, without, cold, warm, afterCommits };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Ten commits on the current branch, each of which appends a line to another of its files. */
const addCommits = (repository: string, round: number): void => {
  const branch = git(repository, ['symbolic-ref', 'HEAD']).trimEnd();
  const files = git(repository, ['-c', 'core.quotePath=false', 'ls-tree', '-r', 'HEAD'])
    .split('\n')
    .flatMap((line) => {
      const [, oid, path] = /^100644 blob (\S+)\t([^"]+)$/.exec(line) ?? [];
      return oid === undefined || path === undefined ? [] : [{ oid, path }];
    });
  const script: string[] = [];
  for (let number = 0; number < newCommits; number++) {
    const file = files[Math.floor((files.length * (number + 0.5)) / newCommits)];
    if (file === undefined) continue;
    const content = `${git(repository, ['cat-file', 'blob', file.oid])}one more line, ${round} ${number}\n`;
    script.push(
      `commit ${branch}`,
      `committer Bench <bench@example.com> ${2_000_000_000 + round * newCommits + number} +0000`,
      ...data(`Append to a file, ${round} ${number}`),
      ...(number === 0 ? [`from ${branch}^0`] : []),
      `M 100644 inline ${file.path}`,
      ...data(content),
    );
  }
  git(repository, ['fast-import', '--quiet'], `${script.join('\n')}\n`);
};

const data = (text: string): string[] => [`data ${Buffer.byteLength(text)}`, text];

export const renderCached = (list: readonly Cached[]): string =>
  [
    '## Cached\n',
    renderTable(
      'repository,without a cache s,cold s,nothing new s,share of cold,CPU s,after ten commits s,CPU s,credentials (without; warm; after)'.split(
        ',',
      ),
      list.map(({ name, without, cold, warm, afterCommits }) => [
        name,
        seconds(without.wallMs),
        seconds(cold.wallMs),
        seconds(median(warm.map((run) => run.wallMs))),
        percent(median(warm.map((run) => run.wallMs)), cold.wallMs),
        seconds(median(warm.map((run) => run.cpuMs))),
        seconds(median(afterCommits.map((run) => run.wallMs))),
        seconds(median(afterCommits.map((run) => run.cpuMs))),
        [without, warm.at(-1), afterCommits.at(-1)].map((run) => run?.shown.credentials).join('; '),
      ]),
    ),
  ].join('\n');
