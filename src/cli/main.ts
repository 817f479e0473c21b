import { availableParallelism } from 'node:os';
import { perform } from './perform.ts';
import type { Sink, World } from './world.ts';

/** Runs one command line in this process; sets the exit code, and never throws. */
export const run = async (argv: readonly string[]): Promise<void> => {
  const signal = interruption();
  process.exitCode = await perform(argv, {
    cwd: process.cwd(),
    env: process.env,
    now: Date.now,
    cores: availableParallelism(),
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    signal,
    loadScan: async () => (await import('../app/index.ts')).scanRepository,
    loadTrace: async () => (await import('../app/index.ts')).traceObject,
  } satisfies World);
  // An input that nobody reads any more would keep the process alive until its writer ends.
  if (signal.aborted) process.stdin.destroy();
};

/** A reader that went away ends the writing, not the process: the exit code still says what was found. */
const sinkOf = (stream: NodeJS.WriteStream): Sink => {
  let isClosed = false;
  stream.on('error', () => {
    isClosed = true;
  });
  return {
    isTerminal: stream.isTTY === true,
    // A terminal that does not know its size says 0.
    columns: stream.isTTY && stream.columns > 0 ? stream.columns : undefined,
    write: (text) => (isClosed ? Promise.resolve() : new Promise((resolve) => stream.write(text, () => resolve()))),
  };
};

// One Ctrl-C can arrive twice: from the terminal, and passed on by a parent such as npm.
const sameSignalMs = 200;

/** Aborts at the first SIGINT or SIGTERM, so that what was found is printed; the second one ends the process at once. */
const interruption = (): AbortSignal => {
  const controller = new AbortController();
  let firstAt = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort(signal);
      return;
    }
    if (performance.now() - firstAt < sameSignalMs) return;
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
    process.kill(process.pid, signal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return controller.signal;
};
