/**
 * A repository opened safely: its layout, refs, work trees, remotes and traces, read from files by our own parsers. Trusts
 * nothing that it reads, follows nothing out of the git directory silently, starts nothing in it and never waits: what is
 * not a plain file where one should be is named and passed over. Reads no object.
 */
export { BadRepositoryConfigError, NotARepositoryError, UnsupportedRepositoryError } from './errors.ts';
export { type OpenOptions, openRepository } from './open-repository.ts';
export { parseAlternates } from './parse-alternates.ts';
export { type ConfigEntry, type ParsedConfig, parseConfig } from './parse-config.ts';
export { type PackedRef, parsePackedRefs } from './parse-packed-refs.ts';
export { parseReflog, type ReflogLine } from './parse-reflog.ts';
export { readIndex } from './read-index.ts';
export type {
  Alternate,
  Head,
  PseudoRef,
  Push,
  Ref,
  ReflogEntry,
  Remote,
  Repository,
  RepositoryProblem,
  Submodule,
  Worktree,
} from './repository.ts';
