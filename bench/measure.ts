import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measurement {
  readonly wallMs: number;
  /** User and system time of the process and all that it waited for. */
  readonly cpuMs: number;
  /** Peak of the sum over the process tree, each shared page counted by its share; 0 unless asked for. */
  readonly peakPssBytes: number;
  readonly code: number | null;
  readonly stdout: string;
}

/** What a run is for: looking at memory costs a fifth of the time, so no run is for both. */
export type Purpose = 'time' | 'memory';

/** Runs a command to its end; its standard output is thrown away unless `keepOutput`. Linux only: it reads /proc. */
export const measure = (
  command: string,
  args: readonly string[],
  purpose: Purpose,
  keepOutput: boolean,
): Promise<Measurement> =>
  new Promise((resolve, reject) => {
    const cpuBefore = childrenCpuMs();
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', keepOutput ? 'pipe' : 'ignore', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    let peakPssBytes = 0;
    const sampler = setInterval(() => {
      if (purpose === 'memory' && child.pid !== undefined)
        peakPssBytes = Math.max(peakPssBytes, treePssBytes(child.pid));
    }, 50);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(sampler);
      const wallMs = performance.now() - started;
      resolve({
        wallMs,
        cpuMs: childrenCpuMs() - cpuBefore,
        peakPssBytes,
        code,
        stdout: Buffer.concat(chunks).toString(),
      });
    });
  });

/** Clock ticks of waited-for children, in milliseconds: fields 16 and 17 of proc(5), at the usual 100 ticks a second. */
const childrenCpuMs = (): number => {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
};

const treePssBytes = (root: number): number => {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOr(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.split(') ')[1]?.split(' ')[1] ?? 0));
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow).reduce((sum, pid) => sum + pssBytes(pid), 0);
};

const pssBytes = (pid: number): number =>
  Number(/^Pss:\s+(\d+) kB/m.exec(readOr(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;

const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // the process ended between two looks
  }
};
