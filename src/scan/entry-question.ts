import type { Detector, DetectorStats } from '../detect/index.ts';
import { type ObjectFormat, oidBytes } from '../git/index.ts';
import type { KernelMemory } from '../kernel/index.ts';
import { entryKinds, OidTable, type TreeEntryReader } from '../objects/index.ts';
import { createPathMatcher, pathRules } from '../rules/index.ts';
import { latin1Bytes } from '../text/index.ts';
import { NameTable } from './name-table.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';
import { hasBit } from './sweep-request.ts';
import { threadDetector } from './thread-detector.ts';

export interface TreeInit {
  readonly oids: Uint8Array;
  readonly count: number;
  readonly format: ObjectFormat;
  readonly rules: RuleSelection;
  /** One bit an object: blobs with findings. */
  readonly tainted: Uint8Array;
  /** One byte an object, in memory that all threads share: the first pass sets it where a blob has an entry that is no row. */
  readonly elsewhere: Uint8Array;
  /** Null for the first pass, which finds the entries that matter; else which others are wanted. */
  readonly further: FurtherQuestion | null;
}

/** Which blob entries a further pass wants, of those that were no rows of the first. */
export interface FurtherQuestion {
  /** One bit an object; null: all blobs. */
  readonly blobs: Uint8Array | null;
  /** Latin-1 of all names that made their entries rows of the first pass. */
  readonly markedNames: readonly string[];
}

/** What a pass over trees wants to know of an entry; asked once where the entry is new, whatever inherits it. */
export interface EntryQuestion {
  /** A memory that asking may grow. */
  readonly memory: KernelMemory;
  readonly names: NameTable;
  /** Of the entry that became a row last: the number of its name, and its object's, -1 where the store does not have it. */
  readonly name: number;
  readonly child: number;
  /** Whether the entry becomes a row. */
  isRow(bytes: Uint8Array, entry: TreeEntryReader): boolean;
  isMarkedName(name: number): boolean;
  /** Since the last call. */
  take(): { readonly stats: DetectorStats; readonly missing: Uint8Array };
}

export const questionOf = (init: TreeInit): EntryQuestion =>
  init.further === null ? new WhatMatters(init) : new WhatElse(init, init.further);

/** All subtrees, and the blobs that matter: tainted ones, and those with a name that is sensitive or holds a secret itself. */
class WhatMatters implements EntryQuestion {
  readonly names = new NameTable();
  name = 0;
  child = 0;
  readonly #init: TreeInit;
  readonly #table: OidTable;
  readonly #oidLength: number;
  readonly #detector: Detector;
  readonly #matcher = createPathMatcher(pathRules);
  readonly #isMarked: boolean[] = [];
  readonly #seenMissing = new Set<string>();
  #missing: Uint8Array[] = [];

  constructor(init: TreeInit) {
    this.#init = init;
    this.#oidLength = oidBytes(init.format);
    this.#table = OidTable.from(init.oids, init.count, this.#oidLength);
    this.#detector = threadDetector(selectRules(init.rules));
    this.#detector.takeStats();
  }

  get memory(): KernelMemory {
    return this.#detector.memory;
  }

  isRow(bytes: Uint8Array, { kind, nameStart, nameEnd, oidAt }: TreeEntryReader): boolean {
    if (kind === entryKinds.gitlink) return false;
    // Before the name is asked: that may grow the memory, and `bytes` is gone.
    const child = this.#table.find(bytes, oidAt);
    if (child < 0) this.#noteMissing(bytes.slice(oidAt, oidAt + this.#oidLength));
    this.child = child;
    this.name = this.#nameOf(bytes, nameStart, nameEnd);
    if (kind === entryKinds.tree || this.isMarkedName(this.name) || hasBit(this.#init.tainted, child)) return true;
    if (child >= 0) this.#init.elsewhere[child] = 1;
    return false;
  }

  isMarkedName(name: number): boolean {
    return this.#isMarked[name] === true;
  }

  take(): { stats: DetectorStats; missing: Uint8Array } {
    const taken = { stats: this.#detector.takeStats(), missing: Buffer.concat(this.#missing) };
    this.#missing = [];
    return taken;
  }

  #nameOf(bytes: Uint8Array, start: number, end: number): number {
    const number = this.names.numberOf(bytes, start, end);
    if (number === this.#isMarked.length) {
      const text = this.names.names[number] ?? '';
      this.#isMarked.push(this.#detector.find(latin1Bytes(text)).length > 0 || this.#matcher.maybeName(text));
    }
    return number;
  }

  #noteMissing(oid: Uint8Array): void {
    const key = Buffer.from(oid).toString('latin1');
    if (this.#seenMissing.has(key)) return;
    this.#seenMissing.add(key);
    this.#missing.push(oid);
  }
}

/** The blob entries that the first pass had no row for; asks no name. */
class WhatElse implements EntryQuestion {
  /** The thread's own, where the packs are open already. */
  readonly memory: KernelMemory;
  readonly names = new NameTable();
  name = 0;
  child = 0;
  readonly #tainted: Uint8Array;
  readonly #blobs: Uint8Array | null;
  readonly #table: OidTable;
  readonly #markedCount: number;

  constructor({ oids, count, format, rules, tainted }: TreeInit, { blobs, markedNames }: FurtherQuestion) {
    this.memory = threadDetector(selectRules(rules)).memory;
    this.#tainted = tainted;
    this.#blobs = blobs;
    this.#table = OidTable.from(oids, count, oidBytes(format));
    for (const name of markedNames) this.names.numberOf(latin1Bytes(name), 0, name.length);
    this.#markedCount = this.names.names.length;
  }

  isRow(bytes: Uint8Array, { kind, nameStart, nameEnd, oidAt }: TreeEntryReader): boolean {
    if (kind !== entryKinds.blob) return false;
    this.child = this.#table.find(bytes, oidAt);
    if (hasBit(this.#tainted, this.child)) return false;
    if (this.#blobs !== null && !hasBit(this.#blobs, this.child)) return false;
    this.name = this.names.numberOf(bytes, nameStart, nameEnd);
    return !this.isMarkedName(this.name);
  }

  isMarkedName(name: number): boolean {
    return name < this.#markedCount;
  }

  take(): { stats: DetectorStats; missing: Uint8Array } {
    return { stats: { bytesLookedAt: 0, candidates: 0, decided: 0, inherited: 0 }, missing: new Uint8Array() };
  }
}
