import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measurement {
  readonly wallMs: number;
  /** User and system time of the process and all that it waited for. */
  readonly cpuMs: number;
  /** Peak of the sum over the process tree, each shared page counted by its share; 0 unless sampled. */
  readonly peakPssBytes: number;
  /** Null when a signal ended it, or when it was ended because its time was over. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Watch {
  /** Otherwise standard output goes to /dev/null. */
  readonly keepOutput?: boolean;
  /** Otherwise standard error is ours. */
  readonly keepErrors?: boolean;
  /**
   * How often memory is looked at. Every 50 ms shows a short peak and costs a run of seconds a fifth of its time, so that no such
   * run is used for times; once a second costs a run of minutes less than a hundredth.
   */
  readonly sampleMs?: number;
  /** The process and all that it started are killed then. */
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end, one at a time: CPU is taken by difference. Linux only: it reads /proc. */
export const measure = (command: string, args: readonly string[], watch: Watch = {}): Promise<Measurement> =>
  new Promise((resolve, reject) => {
    const cpuBefore = childrenCpuMs();
    const started = performance.now();
    // A group of its own, so that it can be ended together with what it started.
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', watch.keepOutput ? 'pipe' : 'ignore', watch.keepErrors ? 'pipe' : 'inherit'],
      env: watch.env ?? process.env,
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let peakPssBytes = 0;
    const sampler =
      watch.sampleMs === undefined
        ? undefined
        : setInterval(() => {
            peakPssBytes = Math.max(peakPssBytes, treePssBytes(child.pid));
          }, watch.sampleMs);
    const limit =
      watch.timeoutMs === undefined ? undefined : setTimeout(() => endGroup(child, 'SIGKILL'), watch.timeoutMs);
    const passOn = (signal: NodeJS.Signals) => endGroup(child, signal);
    process.once('SIGINT', passOn);
    process.once('SIGTERM', passOn);
    const settle = () => {
      clearInterval(sampler);
      clearTimeout(limit);
      process.off('SIGINT', passOn);
      process.off('SIGTERM', passOn);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code) => {
      settle();
      const wallMs = performance.now() - started;
      const cpuMs = childrenCpuMs() - cpuBefore;
      resolve({ wallMs, cpuMs, peakPssBytes, code, stdout: stdout(), stderr: stderr() });
    });
  });

const collect = (stream: NodeJS.ReadableStream | null): (() => string) => {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
};

const endGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended meanwhile
  }
};

/** Clock ticks of waited-for children, in milliseconds: fields 16 and 17 of proc(5), at the usual 100 ticks a second. */
const childrenCpuMs = (): number => {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
};

const treePssBytes = (root: number | undefined): number => {
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
