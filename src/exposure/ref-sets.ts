import type { CommitOrder } from './commit-order.ts';
import type { CommitTable } from './history.ts';
import { IntLists } from './int-lists.ts';

/** A tip of a ref or of a worktree's HEAD. `ref` is its place in the report's table; -1 where it stands in none. */
export interface Tip {
  readonly commit: number;
  readonly ref: number;
}

interface RefSetsInput {
  readonly commits: CommitTable;
  readonly order: CommitOrder;
  readonly tips: readonly Tip[];
  /** Lists of commits. */
  readonly groups: readonly (readonly number[])[];
}

/** How many groups one walk over the commits carries: bounds the memory of a set, not the number of groups. */
const groupsAWalk = 4096;

/** @returns for each group the refs whose tip reaches one of its commits, as a bit set over the table of refs. */
export const refSets = (input: RefSetsInput): Uint32Array[] => {
  const words = Math.ceil((input.tips.reduce((most, { ref }) => Math.max(most, ref), -1) + 1) / 32);
  const sets = input.groups.map(() => new Uint32Array(words));
  for (let first = 0; first < sets.length; first += groupsAWalk) {
    readRefs(input.tips, walk(input, first), sets.slice(first, first + groupsAWalk));
  }
  return sets;
};

/** The numbers in a bit set, ascending. */
export const membersOf = (set: Uint32Array): number[] => {
  const members: number[] = [];
  for (let index = 0; index < set.length; index++) {
    for (let rest = set[index] ?? 0; rest !== 0; rest &= rest - 1)
      members.push(index * 32 + 31 - Math.clz32(rest & -rest));
  }
  return members;
};

/** Numbers that are remembered at most, 8 bytes each. */
const mostRemembered = 1 << 20;

/** Unpacks sets, equal ones once: of 579 exposures of curl, each with some 4,500 refs, 55 have refs of their own. */
export class RefLists {
  readonly #known = new Map<number, { readonly set: Uint32Array; readonly members: readonly number[] }>();
  #remembered = 0;

  /** The numbers in a bit set, ascending; not to be changed. */
  of(set: Uint32Array): readonly number[] {
    let hash = set.length;
    for (const word of set) hash = Math.imul(hash ^ word, 0x0100_0193);
    const known = this.#known.get(hash);
    if (known !== undefined && areEqual(known.set, set)) return known.members;
    const members = membersOf(set);
    if (this.#remembered + members.length <= mostRemembered && known === undefined) {
      this.#remembered += members.length;
      this.#known.set(hash, { set, members });
    }
    return members;
  }
}

const areEqual = (a: Uint32Array, b: Uint32Array): boolean => {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
};

interface Reach {
  /** By commit: id of the set of groups that it reaches; few distinct ones, so they are made once. */
  readonly setOf: Int32Array;
  readonly sets: IntLists;
}

/** Pushes the groups down from parents to children, `groupsAWalk` of them from `first` on. */
const walk = ({ commits, order, groups }: RefSetsInput, first: number): Reach => {
  const starting = new Map<number, number[]>();
  groups.slice(first, first + groupsAWalk).forEach((members, group) => {
    for (const commit of members) starting.set(commit, [...(starting.get(commit) ?? []), group]);
  });
  const sets = new IntLists();
  const empty = sets.intern(new Int32Array(Math.ceil(Math.min(groups.length - first, groupsAWalk) / 32)));
  const unions = new Map<number, number>();
  const union = (a: number, b: number): number => {
    if (a === b || b === empty) return a;
    if (a === empty) return b;
    const pair = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
    const known = unions.get(pair);
    if (known !== undefined) return known;
    const joined = sets.view(a).slice();
    sets.view(b).forEach((word, index) => {
      joined[index] = (joined[index] ?? 0) | word;
    });
    const id = sets.intern(joined);
    unions.set(pair, id);
    return id;
  };
  const setOf = new Int32Array(commits.count);
  for (const commit of order.order) {
    let set = empty;
    for (let edge = commits.parentStarts[commit] ?? 0; edge < (commits.parentStarts[commit + 1] ?? 0); edge++) {
      const parent = commits.parents[edge] ?? -1;
      if (parent >= 0) set = union(set, setOf[parent] ?? empty);
    }
    const own = starting.get(commit);
    if (own) {
      const joined = sets.view(set).slice();
      for (const group of own) joined[group >> 5] = (joined[group >> 5] ?? 0) | (1 << (group & 31));
      set = sets.intern(joined);
    }
    setOf[commit] = set;
  }
  return { setOf, sets };
};

const readRefs = (tips: readonly Tip[], { setOf, sets }: Reach, into: readonly Uint32Array[]): void => {
  const refsOfSet = new Map<number, number[]>();
  for (const { commit, ref } of tips) {
    const set = setOf[commit] ?? 0;
    if (ref < 0 || set === 0) continue;
    const refs = refsOfSet.get(set);
    if (refs) refs.push(ref);
    else refsOfSet.set(set, [ref]);
  }
  for (const [set, refs] of refsOfSet) {
    for (const group of membersOf(new Uint32Array(sets.view(set)))) {
      const bits = into[group];
      if (bits) for (const ref of refs) bits[ref >> 5] = (bits[ref >> 5] ?? 0) | (1 << (ref & 31));
    }
  }
};
