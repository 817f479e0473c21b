import type { ObjectFormat, Oid, RefName } from '../git/index.ts';

/**
 * A repository as it was when it was opened: one picture, plain data, structured-clonable. Whatever could not be read is
 * in `problems`; whatever belongs to others, or is no object, in `outside`.
 */
export interface Repository {
  /** Absolute: the work tree, or the git directory where there is none. */
  readonly path: string;
  /** The git directory of the work tree that was named; of a linked work tree, its private one. */
  readonly gitDir: string;
  /** Where objects and refs are. */
  readonly commonDir: string;
  readonly workTree: string | null;
  readonly isBare: boolean;
  readonly format: ObjectFormat;
  readonly refFormat: 'files' | 'reftable';
  readonly objectDirectory: string;
  readonly alternates: readonly Alternate[];
  /** All of refs/*, by name, each with the oid that it leads to. Symbolic refs to nothing are left out. */
  readonly refs: readonly Ref[];
  readonly head: Head;
  /** The main one first (where there is one), then the linked ones by id. */
  readonly worktrees: readonly Worktree[];
  /** ORIG_HEAD, MERGE_HEAD, FETCH_HEAD … of all work trees, and refs that belong to one work tree alone. */
  readonly pseudoRefs: readonly PseudoRef[];
  readonly reflogs: readonly ReflogEntry[];
  readonly remotes: readonly Remote[];
  /** Commits at which history was cut. */
  readonly shallowCommits: readonly Oid[];
  /** Objects may be missing on purpose: a remote has promised to bring them. */
  readonly isPartial: boolean;
  /** Packs that came from such a remote. Without the remote, git takes them for complete, and they may be. */
  readonly hasPromisorPacks: boolean;
  readonly submodules: readonly Submodule[];
  /** Somebody else owns it. Only what writes refuses it. */
  readonly isForeignOwned: boolean;
  /** What this clone recorded about pushes of its own, newest first. */
  readonly pushes: readonly Push[];
  /** Seconds since 1970 of the newest of `pushes`. */
  readonly lastPush: number | null;
  /** Ways that led out of the named folder: a `.git` file, `commondir`, a linked folder. */
  readonly followed: readonly { readonly from: string; readonly to: string }[];
  readonly outside: readonly { readonly what: string; readonly detail: string }[];
  readonly problems: readonly RepositoryProblem[];
}

export interface RepositoryProblem {
  /** Relative to the common git directory where it is inside. Hostile text: `display()` before showing. */
  readonly where: string;
  /** A fact, without content of the file. */
  readonly reason: string;
}

export interface Alternate {
  /** Its object directory, absolute. */
  readonly directory: string;
  /** The object directory whose `info/alternates` names it. */
  readonly namedBy: string;
}

export interface Ref {
  readonly name: RefName;
  readonly oid: Oid;
  /** What it names, for a symbolic ref. */
  readonly symbolic: RefName | null;
}

export interface Head {
  /** The branch, also of an unborn one; null when detached or unreadable. */
  readonly symbolic: RefName | null;
  readonly oid: Oid | null;
}

export interface Worktree {
  /** Null for the main one. */
  readonly id: string | null;
  /** Null where it is not known any more. */
  readonly path: string | null;
  readonly gitDir: string;
  readonly head: Head;
  readonly indexPath: string;
}

export interface PseudoRef {
  /** Relative to the common git directory: `ORIG_HEAD`, `worktrees/fix/MERGE_HEAD`. */
  readonly name: string;
  readonly oid: Oid;
}

export interface ReflogEntry {
  /** `HEAD`, `refs/heads/main`, `worktrees/fix/HEAD`; the ref may be gone. */
  readonly ref: string;
  /** As in `ref@{index}`: 0 is the newest. */
  readonly index: number;
  readonly oid: Oid;
  readonly previous: Oid;
  readonly date: number;
  readonly zone: string;
  readonly who: string;
  readonly message: string;
}

export interface Remote {
  readonly name: string;
  /** Without user, password and query. */
  readonly url: string;
  /** The address held a password or a token. */
  readonly hasSecret: boolean;
  /** Where its branches are kept here: `refs/remotes/origin/`, of a mirror `refs/`. */
  readonly trackingPrefixes: readonly string[];
}

export interface Submodule {
  readonly name: string;
  /** In the work tree, absolute, as its own config says; null where it does not. */
  readonly path: string | null;
  readonly gitDir: string;
}

export interface Push {
  readonly ref: RefName;
  readonly oid: Oid;
  readonly date: number;
}
