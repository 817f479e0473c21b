import { printOnce, type Scan, scanOnce, type Unleak } from './contestants.ts';
import { mebibytes, median, megabytes, percent, ratio, renderTable, seconds } from './markdown.ts';
import { type Measurement, measure } from './measure.ts';
import { argsFor, isDone, type Peer, summarize } from './peers.ts';
import type { Target } from './repository.ts';

export interface Comparison {
  readonly target: Target;
  readonly git: readonly Measurement[];
  readonly ours: readonly Scan[];
  readonly peakPssBytes: number;
  readonly peers: readonly { readonly peer: Peer; readonly runs: readonly Measurement[] }[];
}

export interface ComparePlan {
  readonly rounds: number;
  readonly unleak: Unleak;
  readonly peers: readonly Peer[];
  /** A peer whose first run takes longer is not run again. */
  readonly slowMs: number;
  readonly timeoutMs: number;
}

/** Each round runs git, unleak and every peer after each other, so that a busy moment of the machine meets all of them. */
export const compare = async (target: Target, plan: ComparePlan, say: (text: string) => void): Promise<Comparison> => {
  const git: Measurement[] = [];
  const ours: Scan[] = [];
  const peers = plan.peers.map((peer) => ({ peer, runs: [] as Measurement[] }));
  for (let round = 1; round <= plan.rounds; round++) {
    say(`${target.name}: round ${round} of ${plan.rounds}`);
    git.push(await printOnce(target.path));
    ours.push(await scanOnce(target.path, plan.unleak.options));
    for (const { peer, runs } of peers) {
      if (runs.some((run) => run.wallMs > plan.slowMs || !isDone(peer, run))) continue;
      const run = await runPeer(peer, target.path, plan.timeoutMs);
      say(`${target.name}: ${peer.name} ${seconds(run.wallMs)} s`);
      runs.push(run);
    }
  }
  const { peakPssBytes } = await scanOnce(target.path, plan.unleak.options, { sampleMs: 50 });
  return { target, git, ours, peakPssBytes, peers };
};

export const runPeer = (peer: Peer, repository: string, timeoutMs: number): Promise<Measurement> =>
  measure(peer.command, argsFor(peer, repository), { keepOutput: true, keepErrors: true, sampleMs: 1000, timeoutMs });

export const renderComparisons = (list: readonly Comparison[]): string =>
  [
    '## Beside git\n',
    renderTable(
      'repository,rounds,git s,unleak s,wall ratio,git CPU s,unleak CPU s,CPU ratio,peak MiB'.split(','),
      list.map(({ target, git, ours, peakPssBytes }) => [
        target.name,
        ours.length,
        seconds(median(wall(git))),
        seconds(median(wall(ours))),
        ratio(median(wall(ours)), median(wall(git))),
        seconds(median(cpu(git))),
        seconds(median(cpu(ours))),
        ratio(median(cpu(ours)), median(cpu(git))),
        mebibytes(peakPssBytes),
      ]),
    ),
    `\nWall seconds of every round: ${list.map(everyRound).join('; ')}.\n`,
    '## What was read\n',
    renderTable(
      'repository,engine,objects,commits,unpacked MB,inflated MB,looked at MB,share looked at,candidates,decided,inherited,cached,credentials,complete'.split(
        ',',
      ),
      list.map(({ target, ours }) => readRow(target, ours)),
    ),
    ...(list.some(({ peers }) => peers.length > 0) ? ['\n## Beside others\n', renderPeers(list)] : []),
  ].join('\n');

const wall = (runs: readonly Measurement[]): readonly number[] => runs.map((run) => run.wallMs);
const cpu = (runs: readonly Measurement[]): readonly number[] => runs.map((run) => run.cpuMs);

const everyRound = ({ target, git, ours }: Comparison): string =>
  `${target.name} git ${wall(git).map(seconds).join(' ')}, unleak ${wall(ours).map(seconds).join(' ')}`;

const readRow = (target: Target, ours: readonly Scan[]) => {
  const shown = ours[0]?.shown;
  if (shown === undefined) return [target.name];
  return [
    target.name,
    shown.engine,
    target.objects,
    target.commits,
    megabytes(target.unpackedBytes),
    megabytes(shown.bytesInflated),
    megabytes(shown.bytesLookedAt),
    percent(shown.bytesLookedAt, target.unpackedBytes),
    shown.candidates,
    shown.decided,
    shown.inherited,
    shown.cached,
    shown.credentials,
    shown.complete ? 'yes' : 'no',
  ];
};

const renderPeers = (list: readonly Comparison[]): string =>
  renderTable(
    'repository,tool,version,rounds,wall s,wall by unleak,CPU s,CPU by unleak,peak MiB,says it read,findings'.split(
      ',',
    ),
    list.flatMap(({ target, ours, peers }) =>
      peers.map(({ peer, runs }) => [target.name, ...peerCells(peer, runs, ours)]),
    ),
  );

const peerCells = (peer: Peer, runs: readonly Measurement[], ours: readonly Measurement[]) => {
  const failed = runs.find((run) => !isDone(peer, run));
  const last = runs.at(-1);
  const cells = [peer.name, peer.version, runs.length];
  if (failed !== undefined)
    return [
      ...cells,
      seconds(failed.wallMs),
      '',
      '',
      '',
      '',
      '',
      failed.code === null ? 'ended: out of time' : `stopped early, exit ${failed.code}`,
    ];
  const { read, findings } = summarize(peer, `${last?.stdout}\n${last?.stderr}`);
  return [
    ...cells,
    seconds(median(wall(runs))),
    ratio(median(wall(runs)), median(wall(ours))),
    seconds(median(cpu(runs))),
    ratio(median(cpu(runs)), median(cpu(ours))),
    mebibytes(Math.max(...runs.map((run) => run.peakPssBytes))),
    read,
    findings,
  ];
};
