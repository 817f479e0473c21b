import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant, KnownError } from '../errors.ts';
import { sealedEnvironment } from './environment.ts';
import { type GitBinary, isAtLeast, requireGit } from './find-git.ts';
import { defaultLimits, type GitChild, type GitLimits, startChild } from './git-child.ts';
import { collect, type RunResult } from './read-git.ts';

export interface RepoGitOptions {
  /** The real git directory. */
  readonly gitDir: string;
  /** Names of `[hook "name"]` sections of its config, which git 2.54 and later would run: each is switched off. */
  readonly configHooks?: readonly string[];
  readonly limits?: Partial<GitLimits>;
  /** Folder that the git program must not come from: the repository. */
  readonly outside?: string;
}

export class GitTooOldError extends KnownError {
  readonly code = 'git-too-old';
  constructor(found: string, wanted: string) {
    super(`Git ${found} cannot do this safely.`, `Install Git ${wanted} or later.`);
  }
}

/**
 * The door for refs: git on the real repository, its config read but disarmed. Only commands that are known to run nothing
 * under these settings go through (none that looks at the work tree, the index or content).
 */
export class RepoGit implements AsyncDisposable {
  readonly #git: GitBinary;
  readonly #options: RepoGitOptions;
  /** Empty and private: home, current folder and (for git) the work tree. */
  readonly #home: string;
  readonly #children = new Set<GitChild>();

  private constructor(git: GitBinary, options: RepoGitOptions, home: string) {
    this.#git = git;
    this.#options = options;
    this.#home = home;
  }

  /** @throws GitNotFoundError, GitTooOldError (GIT_CONFIG_GLOBAL came with 2.32) */
  static async open(options: RepoGitOptions): Promise<RepoGit> {
    const git = await requireGit(options.outside);
    if (!isAtLeast(git.version, 2, 32)) throw new GitTooOldError(git.version.text, '2.39');
    return new RepoGit(git, options, await mkdtemp(join(await realpath(tmpdir()), 'unleak-home-')));
  }

  /** Runs one of the allowed commands to its end. Names come as full ref names and oids, best on `input`. */
  async run(args: readonly string[], input?: string | Uint8Array): Promise<RunResult> {
    invariant(isAllowed(args), 'only commands that run nothing of a repository go through this door');
    const limits = { ...defaultLimits, ...this.#options.limits };
    const child = startChild({
      program: this.#git.path,
      args: ['--no-pager', '--no-optional-locks', '--literal-pathspecs', ...this.#settings(), ...args],
      cwd: this.#home,
      // GIT_DIR: no search upwards, so no other repository is met; git does not look at the owner then, we do.
      env: { ...sealedEnvironment(this.#home), GIT_DIR: this.#options.gitDir },
      stdin: input === undefined ? 'ignore' : 'pipe',
      limits,
      isGentle: true,
    });
    this.#children.add(child);
    child.stdin?.end(input);
    const result = await collect(child, limits.outputBytes);
    this.#children.delete(child);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill();
    await Promise.all([...this.#children].map((child) => child.done));
    await rm(this.#home, { recursive: true, force: true });
  }

  #settings(): string[] {
    const names = [...hookEvents, ...(this.#options.configHooks ?? [])];
    // Hooks in the config came with 2.54; older ones do not know the setting and need not.
    const hooks = isAtLeast(this.#git.version, 2, 54) ? names.map((name) => `hook.${name}.enabled=false`) : [];
    return [...disarmed, ...hooks].flatMap((setting) => ['-c', setting]);
  }
}

const allowed: readonly (readonly string[])[] = [
  ['for-each-ref'],
  ['show-ref'],
  ['symbolic-ref'],
  ['rev-parse'],
  ['update-ref'],
  ['pack-refs'],
  ['check-ref-format'],
  ['worktree', 'list'],
  ['reflog', 'exists'],
  ['reflog', 'list'],
  ['reflog', 'delete'],
  ['reflog', 'expire'],
];

const isAllowed = (args: readonly string[]): boolean =>
  allowed.some((words) => words.every((word, index) => args[index] === word));

/** A command line beats the repository's config. Empty values are right for every version (`false` runs a program of that name). */
const disarmed = [
  'core.fsmonitor=',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.askPass=',
  'core.pager=cat',
  'core.editor=false',
  'core.sshCommand=false',
  'core.gitProxy=',
  'core.alternateRefsCommand=true',
  'core.commitGraph=false',
  'core.multiPackIndex=false',
  'core.packedGitWindowSize=16m',
  'core.packedGitLimit=64m',
  'credential.helper=',
  'diff.external=',
  'gc.auto=0',
  'maintenance.auto=false',
  'log.showSignature=false',
  'submodule.recurse=false',
  'safe.bareRepository=explicit',
];

const hookEvents = ['reference-transaction', 'post-index-change', 'pre-auto-gc', 'post-rewrite', 'post-checkout'];
