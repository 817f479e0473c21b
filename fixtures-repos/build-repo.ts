import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runGit } from './run-git.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Bytes or text of a file; `null` deletes it; a symbolic link is its target. */
export type FileContent = string | Uint8Array | { readonly symlink: string } | null;
/** Slash-separated paths and what stands there. Paths that are not UTF-8: `commitBytes`. */
export type Files = Readonly<Record<string, FileContent>>;

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface CommitOptions {
  readonly author?: Person;
  readonly committer?: Person;
  /** Replaces the last commit. */
  readonly amend?: boolean;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a recipe draws with. Every method runs git at once; those that make a commit or a tag give its oid. */
export interface RepoBuilder {
  /** The work tree. */
  readonly path: string;
  readonly gitDir: string;
  /** Writes the files, stages everything, commits. Text gets a newline at its end, bytes are taken as they are. */
  commit(message: string | Uint8Array, files?: Files, options?: CommitOptions): string;
  /** Makes a branch and goes there. */
  branch(name: string, start?: string): void;
  checkout(name: string): void;
  /** Merges one branch or several (octopus); `files` stand in the merge only, whatever its parents say (an evil merge). */
  merge(branches: string | readonly string[], message: string, files?: Files): string;
  /** An annotated tag where there is a message, else a plain one. `target`: HEAD unless given. Gives the ref's oid. */
  tag(name: string, message?: string | Uint8Array, target?: string): string;
  /** Writes into the work tree, stages nothing. */
  write(files: Files): void;
  /** Writes and stages everything, commits nothing. */
  stage(files: Files): void;
  /** Stores an object as it is, valid or not. */
  hashObject(content: string | Uint8Array, type?: 'blob' | 'tree' | 'commit' | 'tag'): string;
  /** A commit on the current branch whose tree has one blob more, at a path of any bytes. */
  commitBytes(message: string, path: Uint8Array, content: string | Uint8Array): string;
  /** Runs git and gives its standard output as UTF-8, without the newline at its end. */
  git(...args: readonly string[]): string;
  gitWith(options: GitOptions, ...args: readonly string[]): string;
}

export type Recipe = (r: RepoBuilder) => void | Promise<void>;

export interface BuildOptions {
  readonly objectFormat?: 'sha1' | 'sha256';
  readonly bare?: boolean;
  /** Where it is built: an empty or missing folder that somebody else removes. A temporary folder unless given. */
  readonly at?: string;
}

export interface BuiltRepo {
  /** What a user would name: the work tree, or the bare repository. */
  readonly path: string;
  readonly gitDir: string;
  git(...args: readonly string[]): string;
  gitWith(options: GitOptions, ...args: readonly string[]): string;
  /** Removes it now; without a call it goes after the test file. */
  dispose(): void;
}

/**
 * Builds a real repository with git in a temporary folder. Identities, dates (each commit one minute after the last, from
 * 2024-01-01T00:01:00Z) and zone are fixed and no config of the user applies: the same recipe has the same oids everywhere.
 */
export const buildRepo = async (recipe: Recipe, options: BuildOptions = {}): Promise<BuiltRepo> => {
  const folder = options.at === undefined ? temporaryFolder() : { path: options.at, dispose: () => {} };
  const builder = options.bare ? initBare(folder.path, options) : init(folder.path, options);
  await recipe(builder);
  const { gitDir } = builder;
  if (options.bare) rmSync(join(gitDir, 'index'), { force: true });
  return {
    path: options.bare ? gitDir : builder.path,
    gitDir,
    git: (...args) => builder.git(...args),
    gitWith: (callOptions, ...args) => builder.gitWith(callOptions, ...args),
    dispose: folder.dispose,
  };
};

const init = (root: string, options: BuildOptions): RepoBuilder => {
  const path = join(root, 'repo');
  initGit(path, options, []);
  return new GitBuilder(path, join(path, '.git'), {});
};

/** A bare repository is painted through a work tree beside it. */
const initBare = (root: string, options: BuildOptions): RepoBuilder => {
  const gitDir = join(root, 'repo.git');
  const path = join(root, 'brush');
  mkdirSync(path, { recursive: true });
  initGit(gitDir, options, ['--bare']);
  return new GitBuilder(path, gitDir, { GIT_DIR: gitDir, GIT_WORK_TREE: path });
};

const initGit = (path: string, options: BuildOptions, more: readonly string[]): void => {
  mkdirSync(path, { recursive: true });
  runGit(['init', '-q', '--template=', `--object-format=${options.objectFormat ?? 'sha1'}`, ...more], { cwd: path });
};

const firstSecond = Date.UTC(2024, 0, 1) / 1000;
/** Commands that write dates into objects or reflogs. */
const dated = new Set(['commit', 'commit-tree', 'merge', 'tag', 'stash', 'notes', 'cherry-pick', 'revert', 'rebase']);
const defaultPerson: Person = { name: 'Ada Example', email: 'ada@example.com' };

class GitBuilder implements RepoBuilder {
  readonly path: string;
  readonly gitDir: string;
  readonly #env: Readonly<Record<string, string>>;
  #minutes = 0;

  constructor(path: string, gitDir: string, env: Readonly<Record<string, string>>) {
    this.path = path;
    this.gitDir = gitDir;
    this.#env = env;
  }

  commit(message: string | Uint8Array, files: Files = {}, options: CommitOptions = {}): string {
    this.stage(files);
    const input = typeof message === 'string' ? `${message}\n` : message;
    const flags = [
      '--quiet',
      '--cleanup=verbatim',
      '--allow-empty',
      '--allow-empty-message',
      '--no-verify',
      '--file=-',
    ];
    const amend = options.amend ? ['--amend', '--reset-author'] : [];
    this.gitWith({ input, env: peopleOf(options) }, 'commit', ...flags, ...amend);
    return this.git('rev-parse', 'HEAD');
  }

  branch(name: string, start = 'HEAD'): void {
    this.git('checkout', '--quiet', '-b', name, start);
  }

  checkout(name: string): void {
    this.git('checkout', '--quiet', name);
  }

  merge(branches: string | readonly string[], message: string, files: Files = {}): string {
    const names = typeof branches === 'string' ? [branches] : branches;
    try {
      this.git('merge', '--quiet', '--no-ff', '--no-commit', '--allow-unrelated-histories', ...names);
    } catch (error) {
      // A conflict ends with 1 and is resolved by `files`; anything else is a mistake in the recipe.
      if (Object.keys(files).length === 0) throw error;
    }
    return this.commit(message, files);
  }

  tag(name: string, message?: string | Uint8Array, target = 'HEAD'): string {
    const input = typeof message === 'string' ? `${message}\n` : message;
    if (input === undefined) this.git('tag', name, target);
    else this.gitWith({ input }, 'tag', '--annotate', '--cleanup=verbatim', '--file=-', name, target);
    return this.git('rev-parse', `refs/tags/${name}`);
  }

  write(files: Files): void {
    for (const [name, content] of Object.entries(files)) writeFile(join(this.path, name), content);
  }

  stage(files: Files): void {
    this.write(files);
    if (Object.keys(files).length > 0) this.git('add', '--all', '--force', '.');
  }

  hashObject(content: string | Uint8Array, type: 'blob' | 'tree' | 'commit' | 'tag' = 'blob'): string {
    return this.gitWith({ input: content }, 'hash-object', '-t', type, '-w', '--stdin', '--literally');
  }

  commitBytes(message: string, path: Uint8Array, content: string | Uint8Array): string {
    const line = Buffer.concat([Buffer.from(`100644 ${this.hashObject(content)}\t`), path, Buffer.of(0)]);
    this.gitWith({ input: line }, 'update-index', '-z', '--index-info');
    return this.commit(message);
  }

  git(...args: readonly string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith({ input, env }: GitOptions, ...args: readonly string[]): string {
    if (dated.has(args[0] ?? '')) this.#minutes += 1;
    const date = `${firstSecond + this.#minutes * 60} +0000`;
    const output = runGit(args, {
      cwd: this.path,
      env: { ...peopleOf({}), GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, ...this.#env, ...env },
      ...(input === undefined ? {} : { input }),
    });
    return output.toString('utf8').replace(/\n$/, '');
  }
}

const peopleOf = ({ author = defaultPerson, committer = author }: CommitOptions): Record<string, string> => ({
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_COMMITTER_NAME: committer.name,
  GIT_COMMITTER_EMAIL: committer.email,
});

const writeFile = (path: string, content: FileContent): void => {
  rmSync(path, { recursive: true, force: true });
  if (content === null) return;
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content);
  else symlinkSync(content.symlink, path);
};
