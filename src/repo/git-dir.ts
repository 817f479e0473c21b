import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { isDirectory, look, type PlainRead, type PlainReadOptions, readPlain } from './read-plain.ts';
import type { RepositoryProblem } from './repository.ts';

/**
 * Reads below one git directory, and keeps what went wrong. Links are not followed, with one exception: an entry at the
 * top (`refs`, `config`, `packed-refs` …) may lead into another git directory, as git-new-workdir and `repo` lay them out.
 */
export class GitDir {
  readonly path: string;
  readonly problems: RepositoryProblem[] = [];
  readonly followed: { from: string; to: string }[] = [];

  constructor(path: string) {
    this.path = path;
  }

  problem(where: string, reason: string): void {
    this.problems.push({ where, reason });
  }

  /** A path shown relative to this directory where it lies in it. */
  short(path: string): string {
    const way = relative(this.path, path);
    return way.startsWith('..') ? path : way.split(sep).join('/');
  }

  /** @returns the file's bytes, or null; what is there and cannot be used becomes a problem. */
  read(name: string, options: PlainReadOptions): Buffer | null {
    const isLinkFollowed = !name.includes('/') && this.#isLinkAllowed(name);
    return this.take(name, readPlain(join(this.path, name), { ...options, isLinkFollowed }));
  }

  take(where: string, read: PlainRead): Buffer | null {
    if (read.kind === 'bytes') return read.bytes;
    if (read.kind === 'refused') this.problem(where, read.reason);
    return null;
  }

  /** The path of a folder at the top, or null where there is none that may be entered. */
  folder(name: string): string | null {
    const path = join(this.path, name);
    if (!isDirectory(path)) {
      if (look(path) !== null) this.problem(name, 'is not a folder');
      return null;
    }
    if (!isLink(path) || this.#isLinkAllowed(name)) return path;
    this.problem(name, 'is a symbolic link out of the git directory, and was not followed');
    return null;
  }

  /** Names in a folder, sorted; none where it cannot be listed, which becomes a problem unless it is absent. */
  names(folder: string): string[] {
    try {
      return readdirSync(folder).sort();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      if (code !== 'ENOENT') this.problem(this.short(folder), `cannot be listed (${code})`);
      return [];
    }
  }

  #isLinkAllowed(name: string): boolean {
    const path = join(this.path, name);
    if (!isLink(path)) return false;
    try {
      const real = realpathSync(path);
      const home = dirname(real);
      if (!isDirectory(join(home, 'objects')) || look(join(home, 'HEAD')) === null) return false;
      if (!this.followed.some(({ from }) => from === path)) this.followed.push({ from: path, to: real });
      return true;
    } catch {
      return false;
    }
  }
}

export const isLink = (path: string): boolean => {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
};
