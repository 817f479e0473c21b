import { KnownError } from '../errors.ts';

export class NotARepositoryError extends KnownError {
  readonly code = 'not-a-repository';
  /** @param why a fact about the file system, never its content. */
  constructor(directory: string, why: string) {
    super(`${directory} is not a Git repository.`, 'Name a repository, or scan plain files with --no-git.', {
      cause: new Error(why),
    });
  }
}

/** The repository says that it needs something that we do not know: reading on would read it wrongly. */
export class UnsupportedRepositoryError extends KnownError {
  readonly code = 'unsupported-repository';
  constructor(directory: string, what: string) {
    super(
      `${directory} uses ${what}, which this version does not know.`,
      'Look for a newer version of unleak, or clone the repository into a plain format and scan the clone.',
    );
  }
}

/** Nothing of the config can be understood: neither its format version nor its hash is known, and git refuses it too. */
export class BadRepositoryConfigError extends KnownError {
  readonly code = 'bad-repository-config';
  constructor(file: string, line: number) {
    super(
      `${file} cannot be understood (line ${line}).`,
      'Repair it, or move it aside: a repository without that file is read with Git’s defaults.',
    );
  }
}
