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
