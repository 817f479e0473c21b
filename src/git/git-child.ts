import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** A running git. Read `stdout` to its end, then look at `done`: an early death means "incomplete", never "done". */
export interface GitChild {
  /** Null unless the child was started with a pipe. Errors of it (the child died) are told by `done`. */
  readonly stdin: Writable | null;
  /** Ends early, for an iterator with an error, when the child is killed. */
  readonly stdout: Readable;
  /** Never rejects. */
  readonly done: Promise<GitEnd>;
  /**
   * Says whether an answer is due, for a child that is asked through a pipe and waits for questions in between: while
   * none is due, silence means nothing. Unless told, an answer is due when something was written after the last byte
   * that came back, and always once `stdin` was ended.
   */
  expectOutput(isDue: boolean): void;
  /** Ends the child and its whole process group at once. */
  kill(): void;
}

export interface GitEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** The first 64 KiB. Hostile text: `display()` before showing. */
  readonly stderr: string;
  /** `silent`: ended by us since nothing came for the limit of silence; `killed`: by `kill()`, dispose or abort. */
  readonly reason: 'exit' | 'silent' | 'killed';
}

export interface GitLimits {
  /** Ends a child that neither printed a byte for so long nor was held back by its reader. */
  readonly silenceMs: number;
  /** Virtual memory of one child, POSIX only. */
  readonly memoryBytes: number;
  /** What `run` takes from standard output before it gives up. */
  readonly outputBytes: number;
}

/**
 * 2 GiB of address space: idx files are mapped whole and 16 MiB windows of packs add 64 MiB at most; what a real
 * repository needs stays far below, a declared size of a terabyte fails at once.
 */
export const defaultLimits: GitLimits = {
  silenceMs: 60_000,
  memoryBytes: 2 * 1024 ** 3,
  outputBytes: 256 * 1024 ** 2,
};

export interface StartOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** `number`: a file descriptor that is open for reading. */
  readonly stdin: 'ignore' | 'pipe' | number;
  /** A file descriptor that is open for writing; left out: a pipe. */
  readonly stdout?: number | undefined;
  readonly limits: GitLimits;
  readonly signal?: AbortSignal | undefined;
  /** For a child that writes: it is asked to end first, so that git takes its lock files with it. */
  readonly isGentle?: boolean;
}

const stderrCap = 64 * 1024;

/** Starts a program (git, in practice) in a process group of its own, under the limits. */
export const startChild = (options: StartOptions): GitChild => {
  const stdio: StdioOptions = [options.stdin, options.stdout ?? 'pipe', 'pipe'];
  const [command, ...args] = limited(options);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio,
    // Own session: one kill reaches helpers of git too, and a Ctrl-C on the terminal is ours to handle.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  return new RunningChild(child, options);
};

const limited = ({ program, args, limits }: StartOptions): [string, ...string[]] => {
  if (process.platform === 'win32') return [program, ...args];
  const kibibytes = Math.floor(limits.memoryBytes / 1024);
  // Where a limit cannot be set (macOS knows no -v), the child runs without it.
  const script = `ulimit -c 0 2>/dev/null; ulimit -v ${kibibytes} 2>/dev/null; exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh', program, ...args];
};

/** Children that still run, so that none outlives this process. */
const running = new Set<RunningChild>();
process.on('exit', () => {
  for (const child of running) child.kill();
});

class RunningChild implements GitChild {
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly done: Promise<GitEnd>;
  readonly #child: ChildProcess;
  readonly #limits: GitLimits;
  readonly #socket: Socket;
  readonly #isGentle: boolean;
  readonly #file: number | undefined;
  #reason: GitEnd['reason'] = 'exit';
  #isDue: boolean | null = null;
  #hasEnded = false;

  constructor(child: ChildProcess, { limits, signal, stdout, isGentle = false }: StartOptions) {
    this.#child = child;
    this.#file = stdout;
    this.#limits = limits;
    this.#isGentle = isGentle;
    this.stdin = child.stdin;
    // A pipe of a child is a socket, which counts its bytes. There is none where the process could not be made.
    this.#socket = child.stdout instanceof Socket ? child.stdout : new Socket().destroy();
    this.stdout = this.#socket;
    child.stdin?.on('error', () => {});
    running.add(this);
    const watch = this.#watchSilence();
    const abort = (): void => this.kill();
    signal?.addEventListener('abort', abort, { once: true });
    this.done = this.#settle().finally(() => {
      clearInterval(watch);
      signal?.removeEventListener('abort', abort);
      running.delete(this);
    });
    if (signal?.aborted === true) this.kill();
  }

  expectOutput(isDue: boolean): void {
    this.#isDue = isDue;
  }

  kill(): void {
    this.#end('killed');
  }

  #end(reason: GitEnd['reason']): void {
    if (this.#hasEnded) return;
    if (this.#reason === 'exit') this.#reason = reason;
    this.#send(this.#isGentle ? 'SIGTERM' : 'SIGKILL');
    if (this.#isGentle) setTimeout(() => this.#send('SIGKILL'), 2000).unref();
    // Nobody may be reading any more, and 'close' waits for the end of the stream.
    this.#socket.destroy();
  }

  #send(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasEnded) return;
    try {
      if (process.platform === 'win32') this.#child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // Already gone.
    }
  }

  async #settle(): Promise<GitEnd> {
    const stderr = this.#collectStderr();
    const { code, signal, problem } = await this.#exit();
    this.#hasEnded = true;
    // A grandchild may keep standard error open; what git itself said is here by then.
    setTimeout(() => this.#child.stderr?.destroy(), 1000).unref();
    return { code, signal, stderr: problem ?? (await stderr), reason: this.#reason };
  }

  #exit(): Promise<{ code: number | null; signal: string | null; problem?: string }> {
    return new Promise((resolve) => {
      this.#child.on('exit', (code, signal) => resolve({ code, signal }));
      this.#child.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ code: null, signal: null, problem: `could not start: ${error.code ?? 'unknown error'}` }),
      );
    });
  }

  #collectStderr(): Promise<string> {
    const { stderr } = this.#child;
    if (stderr === null) return Promise.resolve('');
    const chunks: Buffer[] = [];
    let length = 0;
    stderr.on('data', (chunk: Buffer) => {
      if (length < stderrCap) chunks.push(chunk.subarray(0, stderrCap - length));
      length += chunk.length;
    });
    return new Promise((resolve) => {
      stderr.once('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
  }

  #watchSilence(): NodeJS.Timeout {
    const tickMs = Math.max(10, Math.min(1000, this.#limits.silenceMs / 10));
    let seen = 0;
    let answered = 0;
    let silentMs = 0;
    const timer = setInterval(() => {
      const bytesRead = this.#file === undefined ? this.#socket.bytesRead : fstatSync(this.#file).size;
      const written = bytesWritten(this.stdin);
      if (bytesRead !== seen) {
        seen = bytesRead;
        answered = written;
        silentMs = 0;
      } else if (this.#isHeldBack() || !this.#isAnswerDue(written > answered)) {
        silentMs = 0;
      } else {
        // Ticks are counted, not the clock: a busy event loop has not looked at the pipe either.
        silentMs += tickMs;
        if (silentMs >= this.#limits.silenceMs) this.#end('silent');
      }
    }, tickMs);
    timer.unref();
    return timer;
  }

  #isHeldBack(): boolean {
    if (this.#file !== undefined) return false;
    const { readableLength, readableFlowing } = this.stdout;
    return readableLength > 0 || (readableFlowing !== true && this.stdout.listenerCount('readable') === 0);
  }

  #isAnswerDue(isAsked: boolean): boolean {
    if (this.stdin === null || this.stdin.writableEnded) return true;
    return this.#isDue ?? isAsked;
  }
}

const bytesWritten = (stdin: Writable | null): number => (stdin instanceof Socket ? stdin.bytesWritten : 0);
