import { Detector, type DetectorStats } from '../detect/index.ts';
import { type ObjectFormat, oidBytes } from '../git/index.ts';
import {
  type CreateVisitor,
  entryKinds,
  OidTable,
  readTreeEntries,
  type VisitedObject,
  type Visitor,
} from '../objects/index.ts';
import { createPathMatcher, pathRules } from '../rules/index.ts';
import { latin1Bytes } from '../text/index.ts';
import { NameTable } from './name-table.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';

export interface TreeInit {
  readonly oids: Uint8Array;
  readonly count: number;
  readonly format: ObjectFormat;
  readonly rules: RuleSelection;
  /** One bit an object: blobs with findings. */
  readonly tainted: Uint8Array;
  /** Record every entry: for folders all of whose files count. */
  readonly everything: boolean;
}

/** Entries that matter, one row each; names are the shard's own. */
export interface TreeResult {
  readonly trees: Uint32Array;
  readonly names: Uint32Array;
  readonly children: Int32Array;
  readonly isSubtree: Uint8Array;
  readonly nameTexts: readonly string[];
  /** Trees that end in the middle of an entry. */
  readonly malformed: readonly number[];
  /** Oids that trees name and the store does not have, raw, one after another. */
  readonly missing: Uint8Array;
  readonly stats: DetectorStats;
}

/** What is known of a name: it alone may make its entry matter. */
interface NameFacts {
  readonly marks: boolean;
}

class TreeVisitor implements Visitor {
  readonly #init: TreeInit;
  readonly #table: OidTable;
  readonly #oidLength: number;
  readonly #detector: Detector;
  readonly #matcher = createPathMatcher(pathRules);
  readonly #names = new NameTable();
  readonly #facts: NameFacts[] = [];
  readonly #seenMissing = new Set<string>();
  #input = new Uint8Array(1 << 16);
  #rows = new Rows();

  constructor(init: TreeInit) {
    this.#init = init;
    this.#oidLength = oidBytes(init.format);
    this.#table = OidTable.from(init.oids, init.count, this.#oidLength);
    this.#detector = new Detector(selectRules(init.rules));
  }

  inputFor(sizeBytes: number): Uint8Array {
    if (this.#input.length < sizeBytes) this.#input = new Uint8Array(sizeBytes * 2);
    return this.#input;
  }

  visit(object: VisitedObject, length: number): void {
    const bytes = this.#input;
    const stoppedAt = readTreeEntries(bytes, 0, length, this.#oidLength, (kind, nameStart, nameEnd, oidAt) => {
      if (kind === entryKinds.gitlink) return;
      const name = this.#nameOf(bytes, nameStart, nameEnd);
      const marks = this.#init.everything || this.#facts[name]?.marks === true;
      const child = this.#find(bytes, oidAt);
      if (kind === entryKinds.tree) this.#rows.add(object.number, name, child, 1);
      else if (marks || this.#isTainted(child)) this.#rows.add(object.number, name, child, 0);
    });
    if (stoppedAt !== length) this.#rows.malformed.push(object.number);
  }

  take(): { result: TreeResult; transfer: ArrayBuffer[] } {
    const result = this.#rows.take(this.#names.names, { ...this.#detector.stats });
    Object.assign(this.#detector.stats, { bytesLookedAt: 0, candidates: 0, decided: 0 });
    return { result, transfer: [] };
  }

  #isTainted(object: number): boolean {
    return object >= 0 && ((this.#init.tainted[object >> 3] ?? 0) & (1 << (object & 7))) !== 0;
  }

  #nameOf(bytes: Uint8Array, start: number, end: number): number {
    const number = this.#names.numberOf(bytes, start, end);
    if (number === this.#facts.length) {
      const text = this.#names.names[number] ?? '';
      const holdsSecret = this.#detector.find(latin1Bytes(text)).length > 0;
      this.#facts.push({ marks: holdsSecret || this.#matcher.maybeName(text) });
    }
    return number;
  }

  #find(bytes: Uint8Array, at: number): number {
    const object = this.#table.find(bytes, at);
    if (object < 0) this.#noteMissing(bytes.slice(at, at + this.#oidLength));
    return object;
  }

  #noteMissing(oid: Uint8Array): void {
    const key = Buffer.from(oid).toString('latin1');
    if (this.#seenMissing.has(key)) return;
    this.#seenMissing.add(key);
    this.#rows.missing.push(oid);
  }
}

/** Grows as a struct of arrays; a history of this size has millions of subtree entries. */
class Rows {
  malformed: number[] = [];
  missing: Uint8Array[] = [];
  #count = 0;
  #trees = new Uint32Array(1024);
  #names = new Uint32Array(1024);
  #children = new Int32Array(1024);
  #isSubtree = new Uint8Array(1024);
  /** Name number of the table → number within this shard. */
  #ownNames = new Map<number, number>();

  add(tree: number, name: number, child: number, isSubtree: 0 | 1): void {
    if (this.#count === this.#trees.length) this.#grow();
    let own = this.#ownNames.get(name);
    if (own === undefined) {
      own = this.#ownNames.size;
      this.#ownNames.set(name, own);
    }
    this.#trees[this.#count] = tree;
    this.#names[this.#count] = own;
    this.#children[this.#count] = child;
    this.#isSubtree[this.#count++] = isSubtree;
  }

  take(names: readonly string[], stats: DetectorStats): TreeResult {
    const result: TreeResult = {
      trees: this.#trees.slice(0, this.#count),
      names: this.#names.slice(0, this.#count),
      children: this.#children.slice(0, this.#count),
      isSubtree: this.#isSubtree.slice(0, this.#count),
      nameTexts: [...this.#ownNames.keys()].map((name) => names[name] ?? ''),
      malformed: this.malformed,
      missing: Buffer.concat(this.missing),
      stats,
    };
    this.malformed = [];
    this.missing = [];
    this.#count = 0;
    this.#ownNames = new Map();
    return result;
  }

  #grow(): void {
    const grown = <T extends Uint32Array | Int32Array | Uint8Array>(old: T, larger: T): T => {
      larger.set(old);
      return larger;
    };
    const size = this.#count * 2;
    this.#trees = grown(this.#trees, new Uint32Array(size));
    this.#names = grown(this.#names, new Uint32Array(size));
    this.#children = grown(this.#children, new Int32Array(size));
    this.#isSubtree = grown(this.#isSubtree, new Uint8Array(size));
  }
}

export const createVisitor: CreateVisitor = (init) => new TreeVisitor(init as TreeInit);
