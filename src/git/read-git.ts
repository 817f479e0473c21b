import { rmSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invariant } from '../errors.ts';
import { sealedEnvironment } from './environment.ts';
import { type GitBinary, requireGit } from './find-git.ts';
import { defaultLimits, type GitChild, type GitEnd, type GitLimits, startChild } from './git-child.ts';
import type { ObjectFormat, Oid } from './oid.ts';
import { makePrivateGitDir } from './private-git-dir.ts';

/** What a worker thread needs to use the same private git directory. Plain data. */
export interface ReadGitHandle {
  readonly git: GitBinary;
  /** The private git directory. */
  readonly gitDir: string;
  readonly objectDirectory: string;
  readonly alternateDirectories: readonly string[];
  readonly format: ObjectFormat;
  readonly limits: GitLimits;
  /** Paths in the object stores that are no files (a FIFO, a device) and that git does not get to see. */
  readonly leftOut: readonly string[];
}

export interface ReadGitOptions {
  readonly objectDirectory: string;
  /** Object directories that count too. What the store's own `info/alternates` says is not read. */
  readonly alternateDirectories: readonly string[];
  readonly format: ObjectFormat;
  readonly limits?: Partial<GitLimits>;
  /** Commits at which history was cut; a walk ends there. */
  readonly shallowCommits?: readonly Oid[];
  /** Folder that the git program must not come from: the repository. */
  readonly outside?: string;
}

export interface SpawnOptions {
  readonly signal?: AbortSignal;
  /** A copy of an index, for the commands that read one. */
  readonly indexFile?: string;
  /** A file descriptor that is open for writing: the output goes there, and `stdout` has none. */
  readonly stdout?: number;
}

export interface RunResult {
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly code: number | null;
  readonly reason: GitEnd['reason'] | 'too-much';
}

/**
 * The door for objects: git over a private git directory of ours that shows nothing of the target but its objects. No
 * setting, hook, attribute, alternate or ref of the target applies, and none of the user or the machine.
 */
export class ReadGit implements AsyncDisposable {
  #handle: ReadGitHandle | null;
  readonly #makeHandle: (() => ReadGitHandle) | null;
  readonly #children = new Set<GitChild>();
  #isClosed = false;

  private constructor(handle: ReadGitHandle | null, makeHandle: (() => ReadGitHandle) | null) {
    this.#handle = handle;
    this.#makeHandle = makeHandle;
  }

  /**
   * Finds git. The private directory is made when it is first asked for: most scans never start git, and its 257 links took 50 ms.
   * @throws GitNotFoundError
   */
  static async open(options: ReadGitOptions): Promise<ReadGit> {
    const git = await requireGit(options.outside);
    const { objectDirectory, alternateDirectories, format } = options;
    const limits = { ...defaultLimits, ...options.limits };
    return new ReadGit(null, () => {
      const { path, leftOut } = makePrivateGitDir(options);
      owned.add(path);
      return { git, gitDir: path, objectDirectory, alternateDirectories, format, limits, leftOut };
    });
  }

  /** For a worker thread: the same private directory, which stays the opener's to remove. */
  static attach(handle: ReadGitHandle): ReadGit {
    return new ReadGit(handle, null);
  }

  get handle(): ReadGitHandle {
    if (this.#handle !== null) return this.#handle;
    invariant(this.#makeHandle !== null && !this.#isClosed, 'git is not started after dispose');
    this.#handle = this.#makeHandle();
    return this.#handle;
  }

  /**
   * Starts git for streaming.
   * @param args a built-in command and its arguments; names from the repository only as oids, or on standard input.
   * @param stdin a number is a file descriptor open for reading, best a file of oids: no writer can stall then.
   */
  spawn(args: readonly string[], stdin: 'ignore' | 'pipe' | number = 'ignore', options: SpawnOptions = {}): GitChild {
    invariant(!this.#isClosed, 'git is not started after dispose');
    const { git, gitDir, limits } = this.handle;
    const index = options.indexFile === undefined ? {} : { GIT_INDEX_FILE: options.indexFile };
    const env = { ...sealedEnvironment(gitDir), GIT_DIR: gitDir, ...index };
    const all = ['--no-pager', '--literal-pathspecs', ...settings, ...args];
    const { signal, stdout } = options;
    const child = startChild({ program: git.path, args: all, cwd: gitDir, env, stdin, stdout, limits, signal });
    this.#children.add(child);
    void child.done.then(() => this.#children.delete(child));
    return child;
  }

  /** Runs git to its end, with a cap on what it may print (`limits.outputBytes`); more ends it, with reason `too-much`. */
  run(args: readonly string[], input?: string | Uint8Array, options: SpawnOptions = {}): Promise<RunResult> {
    const child = this.spawn(args, input === undefined ? 'ignore' : 'pipe', options);
    child.stdin?.end(input);
    return collect(child, this.handle.limits.outputBytes);
  }

  /** Lets git see one more object directory from now on, in workers too. For one of our own making: it is not looked through. */
  async addStore(directory: string): Promise<void> {
    await appendFile(join(this.handle.gitDir, 'objects', 'info', 'alternates'), `${directory}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const ends = [...this.#children].map((child) => {
      child.kill();
      return child.done;
    });
    await Promise.all(ends);
    if (this.#makeHandle === null || this.#handle === null) return;
    const { gitDir } = this.#handle;
    await rm(gitDir, { recursive: true, force: true });
    owned.delete(gitDir);
  }
}

/** Reads a child's whole output, at most `cap` bytes. */
export const collect = async (child: GitChild, cap: number): Promise<RunResult> => {
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > cap) child.kill();
    else chunks.push(chunk);
  });
  const closed = new Promise((resolve) => child.stdout.once('close', resolve));
  const { code, stderr, reason } = await child.done;
  await closed;
  return { stdout: Buffer.concat(chunks), stderr, code, reason: length > cap ? 'too-much' : reason };
};

/**
 * Caches of git that a repository can forge (commit-graph, multi-pack-index, .rev) are not believed. Windows on packs are
 * small, since the memory limit counts mappings: a pack of 386 MB cannot be mapped whole under 300 MB. Blobs above 32 MiB
 * are streamed instead of held.
 */
const settings = [
  'core.commitGraph=false',
  'core.multiPackIndex=false',
  'pack.readReverseIndex=false',
  'core.packedGitWindowSize=16m',
  'core.packedGitLimit=64m',
  'core.deltaBaseCacheLimit=96m',
  'core.bigFileThreshold=32m',
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting]);

/** Private directories that this process made, removed at the latest when it ends. */
const owned = new Set<string>();
process.on('exit', () => {
  for (const path of owned) rmSync(path, { recursive: true, force: true });
});
