/**
 * The only place that starts git, through three doors: `readGit` (objects, through a private git directory of ours),
 * `repoGit` (refs, hardened, on the real repository) and `remoteGit` (clone, ls-remote, push with the user's settings).
 * Holds Git's basic nouns too. Nothing of a scanned repository can run, connect, page or prompt through it.
 */
export { findGit, type GitBinary, GitNotFoundError, type GitVersion, gitVersion, isAtLeast } from './find-git.ts';
export type { GitChild, GitEnd, GitLimits } from './git-child.ts';
export { type IndexContent, type IndexEntry, listIndex } from './list-index.ts';
export {
  type ObjectFormat,
  type ObjectType,
  type Oid,
  objectFormats,
  oidBytes,
  oidFromBytes,
  parseOid,
  type RefName,
  type RepoPath,
  refName,
  repoPath,
} from './oid.ts';
export { ReadGit, type ReadGitHandle, type ReadGitOptions, type RunResult } from './read-git.ts';
export { decodeText, isValidRefName, refNameFromBytes } from './ref-name.ts';
export { type ReftableContent, readReftableFolder } from './reftable.ts';
export { clone, lsRemote, RemoteError, type RemoteOptions, type RemoteRef } from './remote-git.ts';
export { type RemoteUrl, splitRemoteUrl } from './remote-url.ts';
export { GitTooOldError, RepoGit, type RepoGitOptions } from './repo-git.ts';
