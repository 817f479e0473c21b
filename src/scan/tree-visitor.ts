import type { DetectorStats } from '../detect/index.ts';
import { oidBytes } from '../git/index.ts';
import type { Change, KernelMemory, TextAt } from '../kernel/index.ts';
import {
  type CreateVisitor,
  type DeltaVisitor,
  entryKinds,
  type Inherited,
  type Part,
  TreeEntryReader,
  type VisitedObject,
} from '../objects/index.ts';
import { type EntryQuestion, questionOf, type TreeInit } from './entry-question.ts';
import { TreeRows, type TreeRowsTaken } from './tree-rows.ts';
import { lastEntryBy, type TreeState, TreeStates } from './tree-states.ts';

/** What trees hold that matters. */
export interface TreeResult extends Omit<TreeRowsTaken, 'tableNames'> {
  /** By the shard's number of a name: Latin-1 of its bytes. */
  readonly nameTexts: readonly string[];
  /** By name: 1 where all blob entries of this name are rows. */
  readonly isMarkedName: Uint8Array;
  /** Trees that end in the middle of an entry. */
  readonly malformed: readonly number[];
  /** Oids that trees name and the store does not have, raw, one after another. */
  readonly missing: Uint8Array;
  readonly stats: DetectorStats;
}

/**
 * Asks about each entry of a tree; where it looks at deltas, only about entries that are new: the same bytes from an entry's
 * start on are the same entry.
 */
export class TreeVisitor implements DeltaVisitor {
  readonly memory: KernelMemory;
  readonly #question: EntryQuestion;
  readonly #entry: TreeEntryReader;
  readonly #shortestEntry: number;
  readonly #states = new TreeStates();
  readonly #rows = new TreeRows();
  #malformed: number[] = [];
  #input = new Uint8Array(1 << 16);
  /** Where the next entry starts of an object that comes in parts. */
  #next = 0;

  constructor(init: TreeInit) {
    const oidLength = oidBytes(init.format);
    this.#question = questionOf(init);
    this.memory = this.#question.memory;
    this.#entry = new TreeEntryReader(oidLength);
    // A digit, a space and the name's end.
    this.#shortestEntry = 3 + oidLength;
  }

  inputFor(sizeBytes: number): Uint8Array {
    if (this.#input.length < sizeBytes) this.#input = new Uint8Array(sizeBytes * 2);
    return this.#input;
  }

  visit({ number }: VisitedObject, length: number, { offset, isFirst, isLast }: Part): void {
    const from = isFirst ? 0 : this.#next - offset;
    // Before the part: an entry longer than what parts share, or one that is malformed. What follows is not known to be entries.
    if (from >= 0) {
      this.#begin(length);
      const end = this.#read({ at: 0, length }, this.#input, from, length);
      this.#finish(number, end);
      this.#next = offset + end;
    }
    if (isLast && this.#next !== offset + length) this.#malformed.push(number);
  }

  look({ number }: VisitedObject, text: TextAt, inherited: Inherited | null): TreeState {
    this.#begin(text.length);
    const changed = inherited === null ? 0 : this.#readChanged(text, inherited.change, inherited.base as TreeState);
    const end = this.#read(text, null, changed, text.length);
    if (end !== text.length) this.#malformed.push(number);
    return this.#finish(number, end);
  }

  take(): { result: TreeResult; transfer: ArrayBuffer[] } {
    const { tableNames, ...rows } = this.#rows.take();
    const { names } = this.#question.names;
    const result = {
      ...rows,
      nameTexts: tableNames.map((name) => names[name] ?? ''),
      isMarkedName: Uint8Array.from(tableNames, (name) => Number(this.#question.isMarkedName(name))),
      malformed: this.#malformed,
      ...this.#question.take(),
    };
    this.#malformed = [];
    const { trees, starts, rows: lists, nameIds, children, isSubtree } = rows;
    return { result, transfer: [trees, starts, lists, nameIds, children, isSubtree].map(({ buffer }) => buffer) };
  }

  #begin(length: number): void {
    this.#states.begin(Math.floor(length / this.#shortestEntry));
  }

  #finish(tree: number, end: number): TreeState {
    const state = this.#states.finish(end);
    this.#rows.addMarked(tree, state);
    return state;
  }

  /**
   * Reads the entries from `place` on until one starts at `to` or behind it. `input` is null where the text stands in the kernel's
   * memory. @returns where the next entry starts: before `to` only where it is malformed.
   */
  #read({ at, length }: TextAt, input: Uint8Array | null, place: number, to: number): number {
    let start = place;
    while (start < to) {
      // Taken again for every entry: a new name may have made the memory grow.
      const bytes = input ?? this.memory.bytes;
      if (!this.#entry.read(bytes, at + start, at + length)) return start;
      this.#states.add(start);
      start = this.#entry.end - at;
      if (!this.#question.isRow(bytes, this.#entry)) continue;
      const { name, child } = this.#question;
      this.#states.mark(this.#rows.entry(name, child, this.#entry.kind === entryKinds.tree));
    }
    return start;
  }

  /**
   * Inherits what stands wholly in runs, and reads what is between them. @returns where the first entry starts that is behind all
   * runs, or is malformed.
   */
  #readChanged(text: TextAt, { runsAt, runCount }: Change, base: TreeState): number {
    let place = 0;
    for (let run = 0; run < runCount; run++) {
      const { words } = this.memory;
      const start = words[runsAt + 3 * run] ?? 0;
      const shift = start - (words[runsAt + 3 * run + 1] ?? 0);
      const end = start + (words[runsAt + 3 * run + 2] ?? 0);
      place = this.#read(text, null, place, start);
      if (place < start) return place;
      while (place < end) {
        // A copy may start anywhere, also in the middle of an entry: only from an entry's start on the same bytes are the same entries.
        const first = lastEntryBy(base, place - shift, 0);
        const isEntry = first >= 0 && base.starts[base.startsAt + first] === place - shift;
        const last = isEntry ? lastEntryBy(base, end - shift, first) : first;
        if (last > first) this.#states.inherit(base, first, last, shift);
        const next =
          last > first ? (base.starts[base.startsAt + last] ?? 0) + shift : this.#read(text, null, place, place + 1);
        if (next === place) return place;
        place = next;
      }
    }
    return place;
  }
}

export const createVisitor: CreateVisitor = (init) => new TreeVisitor(init as TreeInit);
