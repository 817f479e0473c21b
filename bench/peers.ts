import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Measurement, measure } from './measure.ts';
import { git } from './repository.ts';

/** Another tool, as it is started and read here. */
export interface Peer {
  readonly name: string;
  readonly command: string;
  /** `{repo}` stands for the repository. */
  readonly args: readonly string[];
  readonly version: string;
  /** The exit codes of a scan that went to its end. */
  readonly done: readonly number[];
  /** What it says when it stopped early, and ends as if it had not. */
  readonly stopped: RegExp | null;
}

interface Habits {
  readonly version: readonly string[];
  /** All history of a local repository; no provider asked, no network, no update. */
  readonly args: readonly string[];
  /** Exit codes beside 0 that say "found something". */
  readonly found?: readonly number[];
  readonly stopped?: RegExp;
  /** What it says it has read and found, on either stream; the first group is the number. */
  readonly says: { readonly [what: string]: RegExp };
}

const leaks = /leaks found: (\d+)|no leaks found/;

/** Command lines from each tool's `--help`, at the versions that a table names. */
const knownPeers: { readonly [name: string]: Habits } = {
  gitleaks: {
    version: ['version'],
    args: ['git', '--no-banner', '--no-color', '--exit-code', '0', '{repo}'],
    stopped: /\bfatal: /,
    says: { commits: /(\d+) commits scanned/, bytes: /scanned ~(\d+) bytes/, findings: leaks },
  },
  betterleaks: {
    version: ['version'],
    args: ['git', '--no-banner', '--no-color', '--exit-code', '0', '{repo}'],
    stopped: /\bfatal: /,
    says: { commits: /(\d+) commits scanned/, bytes: /scanned ~(\d+) bytes/, findings: leaks },
  },
  trufflehog: {
    version: ['--version'],
    args: ['git', 'file://{repo}', '--bare', '--no-verification', '--no-update', '--json'],
    says: { bytes: /"bytes": ?(\d+)/, chunks: /"chunks": ?(\d+)/, findings: /"unverified_secrets": ?(\d+)/ },
  },
  kingfisher: {
    version: ['--version'],
    args: 'scan {repo} --git-history full --no-validate --no-update-check --format json --output /dev/null'.split(' '),
    found: [200],
    says: { blobs: /"blobs_scanned":(\d+)/, bytes: /"bytes_scanned":(\d+)/, findings: /"findings":(\d+)/ },
  },
};

/** Parses `NAME=PATH` or `NAME=PATH,ARGS`, where ARGS are words with `{repo}` among them; a name of the table needs none. */
export const findPeer = async (text: string): Promise<Peer> => {
  const [, name = '', command = '', template] = /^([^=]+)=([^,]+)(?:,(.*))?$/.exec(text) ?? [];
  const habits = knownPeers[name];
  const args = template?.split(' ') ?? habits?.args;
  if (args === undefined || !args.some((word) => word.includes('{repo}')))
    throw new Error(`--peer ${text}: not NAME=PATH[,ARGS with {repo}], and no peer that is known by name`);
  const version = await measure(command, habits?.version ?? ['--version'], { keepOutput: true, keepErrors: true });
  const words = `${version.stdout} ${version.stderr}`.match(/\d+\.\d+[^\s,]*|dev/);
  return {
    name,
    command,
    args,
    version: words?.[0] ?? 'unknown',
    done: [0, ...(habits?.found ?? [])],
    stopped: habits?.stopped ?? null,
  };
};

/** Whether a run went to its end: an early one would look fast. */
export const isDone = (peer: Peer, run: Measurement): boolean =>
  run.code !== null && peer.done.includes(run.code) && peer.stopped?.test(run.stderr) !== true;

/**
 * Lets every peer scan a repository of one commit, untimed: some compile their rules once and keep them, and a round should not
 * pay for that. @throws when one cannot do even this: its times would be those of a failure.
 */
export const warmUp = async (peers: readonly Peer[], say: (text: string) => void): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-peers-'));
  try {
    git(folder, ['init', '--quiet', '--bare']);
    const commit = 'commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 3\none\n';
    git(folder, ['fast-import', '--quiet'], `${commit}M 100644 inline a.txt\ndata 4\nword\n`);
    git(folder, ['symbolic-ref', 'HEAD', 'refs/heads/main']);
    for (const peer of peers) {
      say(`${peer.name} ${peer.version} warms up`);
      const run = await measure(peer.command, argsFor(peer, folder), { keepOutput: true, keepErrors: true });
      if (!isDone(peer, run)) throw new Error(`${peer.name} ended with ${run.code}: run ${commandLine(peer)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const argsFor = (peer: Peer, repository: string): readonly string[] =>
  peer.args.map((word) => word.replace('{repo}', repository));

/** The command line without a path of this machine. */
export const commandLine = (peer: Peer): string =>
  [basename(peer.command), ...argsFor(peer, peer.args.includes('{repo}') ? 'REPO' : '/REPO')].join(' ');

/** What it says it has read and found, as words for a table; its output may hold values and goes no further. */
export const summarize = (peer: Peer, output: string): { readonly read: string; readonly findings: string } => {
  const says = Object.entries(knownPeers[peer.name]?.says ?? {}).map(
    ([what, pattern]) => [what, said(pattern.exec(output))] as const,
  );
  const read = says.flatMap(([what, count]) =>
    what === 'findings' || count === undefined ? [] : [sized(what, count)],
  );
  const findings = says.find(([what]) => what === 'findings')?.[1];
  return { read: read.join(', ') || 'not said', findings: findings ?? 'not said' };
};

/** A pattern may name words that say "none" beside the number. */
const said = (match: RegExpExecArray | null): string | undefined => match?.[1] ?? (match === null ? undefined : '0');

const sized = (what: string, count: string): string =>
  what === 'bytes' ? `${Math.round(Number(count) / 1e6)} MB` : `${count} ${what}`;
