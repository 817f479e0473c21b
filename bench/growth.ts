import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printOnce, type Scan, scanOnce, type Unleak } from './contestants.ts';
import { cutHistory, oldestCommits } from './cut-history.ts';
import { mebibytes, median, megabytes, ratio, renderTable, seconds } from './markdown.ts';
import type { Measurement } from './measure.ts';
import { renderPlot } from './plot.ts';
import { describeTarget, type Target } from './repository.ts';

/** One repository at several sizes: of each the cut and its rounds. */
export interface Growth {
  readonly name: string;
  readonly steps: readonly {
    readonly share: number;
    readonly target: Target;
    readonly git: readonly Measurement[];
    readonly ours: readonly Scan[];
    /** Of a run of its own. */
    readonly peakPssBytes: number;
  }[];
}

const shares = [0.25, 0.5, 0.75, 1];

/** Cuts the repository in a temporary folder, and passes over all sizes in each round. */
export const measureGrowth = async (
  name: string,
  repository: string,
  rounds: number,
  unleak: Unleak,
  say: (text: string) => void,
): Promise<Growth> => {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-growth-'));
  try {
    const steps = shares.map((share) => {
      say(`${name}: cutting at ${100 * share} % of its commits`);
      const path = join(folder, `${100 * share}.git`);
      cutHistory(repository, path, oldestCommits(repository, share));
      return { share, target: describeTarget(path), git: [] as Measurement[], ours: [] as Scan[] };
    });
    for (let round = 1; round <= rounds; round++) {
      say(`${name}: growth, round ${round} of ${rounds}`);
      for (const { target, git, ours } of steps) {
        git.push(await printOnce(target.path));
        ours.push(await scanOnce(target.path, unleak.options));
      }
    }
    const withPeaks = [];
    for (const step of steps) {
      const { peakPssBytes } = await scanOnce(step.target.path, unleak.options, { sampleMs: 50 });
      withPeaks.push({ ...step, peakPssBytes });
    }
    return { name, steps: withPeaks };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type Step = Growth['steps'][number];
const gitMs = ({ git }: Step): number => median(git.map((run) => run.wallMs));
const ourMs = ({ ours }: Step): number => median(ours.map((run) => run.wallMs));
const cpuRatio = ({ git, ours }: Step): string =>
  ratio(median(ours.map((run) => run.cpuMs)), median(git.map((run) => run.cpuMs)));

export const renderGrowth = ({ name, steps }: Growth, plot: string | null): string =>
  [
    `## ${name} as it grows\n`,
    renderTable(
      'commits,number,objects,unpacked MB,pack MB,git s,unleak s,wall ratio,CPU ratio,unleak s a GB,peak MiB'.split(
        ',',
      ),
      steps.map((step) => [
        `${100 * step.share} %`,
        step.target.commits,
        step.target.objects,
        megabytes(step.target.unpackedBytes),
        megabytes(step.target.packBytes),
        seconds(gitMs(step)),
        seconds(ourMs(step)),
        ratio(ourMs(step), gitMs(step)),
        cpuRatio(step),
        ratio(ourMs(step) / 1000, step.target.unpackedBytes / 1e9),
        mebibytes(step.peakPssBytes),
      ]),
    ),
    `\n${conclusion(steps)}`,
    ...(plot === null ? [] : [`\n![${name}: seconds against the size of history](${plot})`]),
  ].join('\n');

const conclusion = (steps: readonly Step[]): string => {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return '';
  const change = ourMs(last) / gitMs(last) / (ourMs(first) / gitMs(first));
  return `The ratio to git at ${100 * last.share} % is ${change.toFixed(2)} times that at ${100 * first.share} %.`;
};

export const plotGrowth = ({ name, steps }: Growth): string =>
  renderPlot({
    title: `${name}: time of a whole scan as history grows`,
    across: 'history, GB unpacked (points: 25, 50, 75, 100 % of its commits)',
    up: 'seconds',
    lines: [
      { name: 'git cat-file', points: pointsOf(steps, gitMs) },
      { name: 'unleak scan', points: pointsOf(steps, ourMs) },
    ],
  });

const pointsOf = (steps: readonly Step[], ms: (step: Step) => number) =>
  steps.map((step) => ({ x: step.target.unpackedBytes / 1e9, y: ms(step) / 1000 }));
