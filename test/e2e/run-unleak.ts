import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const node = at('node_modules/node/bin/node');
const launcher = at('bin/unleak.cjs');

export interface Ran {
  /** null: it did not end within the limit, and was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A scan that hangs is a failure of its own; none of these repositories needs more than a second or two. */
const limitMs = 60_000;

/** Runs the built command as a user would, in a clock that stands still. */
export const runUnleak = (args: readonly string[], input = ''): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(node, [launcher, ...args], {
      env: { ...process.env, SOURCE_DATE_EPOCH: '1735689600' },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own group: what it started ends with it.
      detached: true,
    });
    const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (part: Buffer) => parts.stdout.push(part));
    child.stderr.on('data', (part: Buffer) => parts.stderr.push(part));
    const timer = setTimeout(() => killGroup(child.pid), limitMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(parts[name]).toString('utf8');
      resolve({ exitCode: signal === null ? code : null, stdout: text('stdout'), stderr: text('stderr') });
    });
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(input);
  });

const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it ended by itself in between
  }
};

/** Does `work` for each, two at a time: that is how many cores a small machine has. Results in the order of `items`. */
export const inPairs = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  const queue = Array.from(items.entries());
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      results[index] = await work(item);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
};
