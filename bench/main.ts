import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureCached, renderCached } from './cached.ts';
import { type ComparePlan, compare, renderComparisons } from './compare.ts';
import { findUnleak, gitArgs } from './contestants.ts';
import { measureGrowth, plotGrowth, renderGrowth } from './growth.ts';
import { commandLine, findPeer, type Peer, warmUp } from './peers.ts';
import { describeTarget, git, nameOf } from './repository.ts';
import { wholeTarget } from './whole-target.ts';

const usage = `npm run bench -- [OPTIONS] REPO…

Scans each repository beside \`git ${gitArgs.join(' ')} > /dev/null\` and prints tables as Markdown:
medians of wall time and CPU, ratios to git, peak memory of all processes (a run of its own), counters. Linux only.

  --rounds N       how often each is run, after each other (3)
  --engine NAME    of unleak; without it the one that it takes by itself
  --peer NAME=PATH[,ARGS]
                   another tool in the same rounds (repeatable); ARGS are words with {repo} among them, and not needed for gitleaks,
                   betterleaks, trufflehog, kingfisher. Its memory is looked at once a second
  --slow SECONDS   a tool whose first run takes longer is not run again (60)
  --timeout SECONDS
                   a tool that takes longer is ended (1800)
  --whole          of a repository that lacks objects, a copy of the history that lacks none: tools that read git log end there
  --cached         instead: a copy is scanned with an empty cache, again, and after ten new commits
  --growth         instead: the repository cut at 25, 50, 75, 100 % of its commits; with --write also a plot
  --compare        the first tables as well
  --write FILE     where the tables go; a plot stands beside it`;

const options = {
  rounds: { type: 'string', default: '3' },
  engine: { type: 'string' },
  peer: { type: 'string', multiple: true, default: [] as string[] },
  slow: { type: 'string', default: '60' },
  timeout: { type: 'string', default: '1800' },
  whole: { type: 'boolean', default: false },
  cached: { type: 'boolean', default: false },
  growth: { type: 'boolean', default: false },
  compare: { type: 'boolean', default: false },
  write: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const here = process.env['INIT_CWD'] ?? process.cwd();
const say = (text: string): void => console.error(`bench: ${text}`);

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help || positionals.length === 0) {
    console.log(usage);
    return;
  }
  const paths = positionals.map((path) => resolve(here, path));
  const peers: Peer[] = [];
  for (const text of values.peer) peers.push(await findPeer(text));
  if (peers.length > 0) await warmUp(peers, say);
  const unleak = findUnleak(values.engine);
  const rounds = Number(values.rounds);
  const isCompared = values.compare || !(values.cached || values.growth);
  const keep = keeper(values.write);
  keep(describeRun(peers, unleak, values.cached));
  if (isCompared) {
    const limits = { slowMs: Number(values.slow) * 1000, timeoutMs: Number(values.timeout) * 1000 };
    keep(await comparedPart(paths, values.whole, { rounds, unleak, peers, ...limits }));
  }
  if (values.cached) keep(await cachedPart(paths, rounds, unleak));
  if (values.growth) for (const path of paths) keep(await growthPart(path, rounds, unleak, values.write));
};

/** Writes at each part, so that an end in the middle loses only what was being measured. */
const keeper = (write: string | undefined): ((part: string) => void) => {
  const parts: string[] = [];
  return (part) => {
    parts.push(part);
    if (write === undefined) console.log(`${part}\n`);
    else writeFileSync(resolve(here, write), `${parts.join('\n\n')}\n`);
  };
};

type UnleakFound = ReturnType<typeof findUnleak>;

const comparedPart = async (paths: readonly string[], isWhole: boolean, plan: ComparePlan): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'unleak-whole-'));
  try {
    const comparisons = [];
    for (const path of paths) {
      if (isWhole) say(`${nameOf(path)}: looking for what is whole`);
      const target = isWhole ? wholeTarget(path, folder) : describeTarget(path);
      comparisons.push(await compare(target, plan, say));
    }
    return renderComparisons(comparisons);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const cachedPart = async (paths: readonly string[], rounds: number, { options, withCache }: UnleakFound) => {
  if (withCache === null) {
    say('unleak has no cache yet: --cached is passed over');
    return 'Cached: passed over, since this commit has no cache.';
  }
  const list = [];
  for (const path of paths) list.push(await measureCached(nameOf(path), path, rounds, { options, withCache }, say));
  return renderCached(list);
};

const growthPart = async (path: string, rounds: number, unleak: UnleakFound, write: string | undefined) => {
  const growth = await measureGrowth(nameOf(path), path, rounds, unleak, say);
  if (write === undefined) return renderGrowth(growth, null);
  const plot = `${basename(write, '.md')}-${growth.name.replaceAll('/', '-')}.svg`;
  writeFileSync(resolve(here, dirname(write), plot), plotGrowth(growth));
  return renderGrowth(growth, plot);
};

/** Everything that a reader needs to run it again, and no path of this machine. */
const describeRun = (peers: readonly Peer[], { options, withCache }: UnleakFound, isCached: boolean): string => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const commit = git(root, ['rev-parse', '--short', 'HEAD']).trimEnd();
  const changed = git(root, ['status', '--porcelain', '--untracked-files=no', 'src']) === '' ? '' : ' with changes';
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `# Measured on ${new Date().toISOString().slice(0, 10)}\n`,
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GiB, load ${loadavg()[0]?.toFixed(1)} at the start;`,
    `${git(root, ['--version']).trimEnd()}, Node ${process.versions.node}; commit ${commit}${changed}.\n`,
    '```sh',
    `npm run bench -- ${process.argv.slice(2).map(withoutPath).join(' ')}`,
    '# runs',
    `git -C REPO ${gitArgs.join(' ')} > /dev/null`,
    `unleak scan REPO ${options.join(' ')}`,
    ...(isCached && withCache !== null ? [`unleak scan REPO ${withCache('DIR').join(' ')}`] : []),
    ...peers.map((peer) => `${commandLine(peer)} # ${peer.version}`),
    '```',
  ].join('\n');
};

const withoutPath = (word: string): string => {
  const [, name, path = word, rest = ''] = /^(\w+=)([^,]+)(,.*)?$/.exec(word) ?? [];
  const shown = path.includes('/') ? nameOf(path) : path;
  return /\s/.test(word) ? `'${name ?? ''}${shown}${rest}'` : `${name ?? ''}${shown}${rest}`;
};

await main();
