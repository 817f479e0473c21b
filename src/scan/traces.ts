import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CommitTable,
  defaultExpiry,
  explainUnreachable,
  isHostRef,
  type Keeper,
  type Published,
  publishedOf,
  publishedWorst,
  reachersOf,
  type Tip,
} from '../exposure/index.ts';
import { oidBytes, oidFromBytes } from '../git/index.ts';
import { findObject, type Inventory } from '../objects/index.ts';
import type { ReflogEntry, Repository } from '../repo/index.ts';
import type { Draft } from './draft.ts';
import type { RefTable } from './ref-table.ts';

interface TracesInput {
  readonly repository: Repository;
  readonly inventory: Inventory;
  readonly commits: CommitTable;
  readonly commitIndex: ReadonlyMap<number, number>;
  readonly refs: RefTable;
  readonly indexBlobs: ReadonlySet<number>;
  /** Commits that are named by what no ref reaches. */
  readonly lost: readonly number[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a repository remembers beside its refs: whether others may have a thing, and why a lost one is still there. */
export class Traces {
  readonly #input: TracesInput;
  readonly #isRemoteRef: readonly boolean[];
  /** By commit: a remote trace that is no ref any more reaches it. */
  readonly #remoteCommits: Uint8Array;
  readonly #keepers: ReadonlyMap<number, readonly Keeper[]>;

  constructor(input: TracesInput) {
    this.#input = input;
    const { repository, refs } = input;
    const prefixes = repository.remotes.flatMap(({ trackingPrefixes }) => trackingPrefixes);
    const isRemote = (name: string): boolean =>
      name.startsWith('refs/remotes/') || isHostRef(name) || prefixes.some((prefix) => name.startsWith(prefix));
    this.#isRemoteRef = refs.names.map(isRemote);
    const seen = [...repository.pushes, ...repository.reflogs.filter(({ ref }) => isRemote(ref))].map(({ oid }) =>
      this.#commitOf(oid),
    );
    this.#remoteCommits = reached(input.commits, seen);
    this.#keepers = keepersOf(input, (oid) => this.#commitOf(oid));
  }

  published(draft: Draft): Published {
    const { repository, commits } = this.#input;
    return publishedOf({
      hasRemotes: repository.remotes.length > 0,
      isServed: repository.isBare || this.#input.refs.names.some(isHostRef),
      isReachedByRemote:
        draft.refs.some((ref) => this.#isRemoteRef[ref] === true) ||
        draft.origins.some((commit) => this.#remoteCommits[commit] === 1),
      lastPush: repository.lastPush,
      introduced: draft.introduced < 0 ? null : (commits.dates[draft.introduced] ?? null),
    });
  }

  publishedOfAll(drafts: readonly Draft[]): Published {
    return publishedWorst(drafts.map((draft) => this.published(draft)));
  }

  unreachable(draft: Draft): { readonly why: string; readonly until: string | null } {
    const { indexBlobs, now } = this.#input;
    const keepers: readonly Keeper[] = [
      ...draft.origins.flatMap((commit) => this.#keepers.get(commit) ?? []),
      ...(indexBlobs.has(draft.object) ? [{ kind: 'index' as const, worktree: null }] : []),
      ...this.#store(draft.introduced >= 0 ? (this.#input.commits.objects[draft.introduced] ?? -1) : draft.object),
    ];
    return explainUnreachable({ keepers, expiry: defaultExpiry, now: now / 1000 });
  }

  #store(object: number): readonly Keeper[] {
    if (object < 0) return [];
    const { inventory, repository } = this.#input;
    const length = oidBytes(inventory.format);
    const oid = oidFromBytes(inventory.oids, object * length, length);
    const stat = lstatSync(join(repository.objectDirectory, oid.slice(0, 2), oid.slice(2)), { throwIfNoEntry: false });
    if (stat !== undefined) return [{ kind: 'loose', mtime: stat.mtimeMs / 1000 }];
    // Which pack holds it is the reader's business; git keeps it as long as nobody repacks.
    return [{ kind: 'pack', isCruft: false, isKept: false, mtime: Number.NaN }];
  }

  #commitOf(oid: string): number {
    const { inventory, commitIndex } = this.#input;
    return commitIndex.get(findObject(inventory, Buffer.from(oid, 'hex'), 0)) ?? -1;
  }
}

/** By commit: 1 where one of the starts reaches it. */
const reached = (commits: CommitTable, starts: readonly number[]): Uint8Array => {
  const isReached = new Uint8Array(commits.count);
  const open = starts.filter((commit) => commit >= 0);
  for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
    if (isReached[commit] === 1) continue;
    isReached[commit] = 1;
    for (const parent of commits.parents.subarray(commits.parentStarts[commit], commits.parentStarts[commit + 1])) {
      if (parent >= 0 && isReached[parent] === 0) open.push(parent);
    }
  }
  return isReached;
};

/** Lost commit → entries of reflogs that reach it. */
const keepersOf = (
  { repository, commits, refs, lost }: TracesInput,
  commitOf: (oid: string) => number,
): ReadonlyMap<number, readonly Keeper[]> => {
  const entries = repository.reflogs
    .map((entry) => ({ entry, commit: commitOf(entry.oid) }))
    .filter(({ commit }) => commit >= 0);
  if (entries.length === 0 || lost.length === 0) return new Map();
  const tips: Tip[] = entries.map(({ commit }, index) => ({ commit, ref: index }));
  const reaching = reachersOfEach(commits, tips, lost);
  const named = [...new Set([...reaching.values()].flat())].map((index) => entries[index]?.commit ?? -1);
  const onRefs = reachersOfEach(commits, refs.tips, [...new Set(named)]);
  const isOnRef = (entry: ReflogEntry, commit: number): boolean =>
    onRefs.get(commit)?.some((ref) => refs.names[ref] === entry.ref) === true;
  return new Map(
    [...reaching].map(([commit, list]) => [
      commit,
      list.flatMap((index): Keeper[] => {
        const found = entries[index];
        if (found === undefined) return [];
        const { ref, index: at, date } = found.entry;
        return [{ kind: 'reflog', ref, index: at, date, isOnRef: isOnRef(found.entry, found.commit) }];
      }),
    ]),
  );
};

/** Commit → which of the tips reach it. */
export const reachersOfEach = (
  commits: CommitTable,
  tips: readonly Tip[],
  wanted: readonly number[],
): ReadonlyMap<number, readonly number[]> => {
  const reachers = reachersOf(
    commits,
    tips,
    wanted.map((commit) => [commit]),
  );
  return new Map(wanted.map((commit, index) => [commit, reachers[index] ?? []]));
};
