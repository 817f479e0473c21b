import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Measurement, measure } from './measure.ts';

const usage = `npm run bench -- [--rounds N] [--engine cat-file] REPO…

Scans each repository N times (3), each time beside \`git cat-file --batch-all-objects --batch --unordered --buffer\`, and prints
a table of medians: wall time and CPU as ratios to git, peak memory of all processes, counters of the scan.`;

const launcher = fileURLToPath(new URL('../bin/unleak.cjs', import.meta.url));

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      engine: { type: 'string', default: 'cat-file' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || positionals.length === 0) {
    console.log(usage);
    return;
  }
  const here = process.env['INIT_CWD'] ?? process.cwd();
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${gitText(['--version'])}, Node ${process.versions.node}`,
  );
  console.log(
    `${new Date().toISOString().slice(0, 10)}, commit ${gitText(['-C', dirname(launcher), 'rev-parse', '--short', 'HEAD'])}\n`,
  );
  console.log(
    '| repository | git s | unleak s | wall ratio | git CPU s | CPU ratio | peak MiB | looked at MB | candidates | decided | credentials |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const path of positionals) console.log(await row(resolve(here, path), Number(values.rounds), values.engine));
};

const gitText = (args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

const row = async (repository: string, rounds: number, engine: string): Promise<string> => {
  const git: Measurement[] = [];
  const ours: Measurement[] = [];
  const print = ['-C', repository, 'cat-file', '--batch-all-objects', '--batch', '--unordered', '--buffer'];
  const scan = [launcher, 'scan', repository, '--format', 'json', '--engine', engine, '--quiet'];
  for (let round = 0; round < rounds; round++) {
    git.push(await measure('git', print, 'time', false));
    ours.push(await measure(process.execPath, scan, 'time', true));
  }
  const { peakPssBytes } = await measure(process.execPath, scan, 'memory', true);
  const report = JSON.parse(ours[0]?.stdout ?? '{}') as {
    coverage: { stats: { bytesLookedAt: number; candidates: number; decided: number } };
    credentials: unknown[];
  };
  const { bytesLookedAt, candidates, decided } = report.coverage.stats;
  const wall = [median(git, 'wallMs'), median(ours, 'wallMs')] as const;
  const cpu = [median(git, 'cpuMs'), median(ours, 'cpuMs')] as const;
  const cells = [
    basename(repository) === 'repo' ? basename(dirname(repository)) : basename(repository),
    seconds(wall[0]),
    seconds(wall[1]),
    (wall[1] / wall[0]).toFixed(2),
    seconds(cpu[0]),
    (cpu[1] / cpu[0]).toFixed(2),
    Math.ceil(peakPssBytes / 2 ** 20),
    Math.round(bytesLookedAt / 1e6),
    candidates,
    decided,
    report.credentials.length,
  ];
  return `| ${cells.join(' | ')} |`;
};

const median = (list: readonly Measurement[], key: 'wallMs' | 'cpuMs'): number => {
  const sorted = list.map((one) => one[key]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

await main();
