import { hash } from 'node:crypto';
import type { Detector, DetectorStats, Finding, Look, OwnRange } from '../detect/index.ts';
import { invariant } from '../errors.ts';
import { type ObjectFormat, type Oid, oidBytes, oidFromBytes } from '../git/index.ts';
import type { KernelMemory, TextAt } from '../kernel/index.ts';
import {
  CommitLinkReader,
  type CreateVisitor,
  type DeltaVisitor,
  type Inherited,
  OidTable,
  overlapBytes,
  type Part,
  parseTag,
  type VisitedObject,
} from '../objects/index.ts';
import type { Severity, Verdict } from '../rules/index.ts';
import type { SecretBytes } from '../text/index.ts';
import { type CommitRows, CommitRowsWriter } from './commit-rows.ts';
import { expiryOf } from './expiry.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';
import { threadDetector } from './thread-detector.ts';

/** Plain data for a worker: which objects there are, which rules count, and this run's key. */
export interface FindInit {
  readonly oids: Uint8Array;
  readonly count: number;
  readonly format: ObjectFormat;
  readonly rules: RuleSelection;
  /** Of this run, or of the cache: a finding crosses threads under a keyed hash of its secret, never as the secret. */
  readonly key: Uint8Array;
}

/** A finding without its secret. `start` and `end` are bytes of the object as git stores it, its header lines included. */
export interface FindingRow {
  readonly object: number;
  /** Index into the selected rules. */
  readonly rule: number;
  readonly start: number;
  readonly end: number;
  /** Before the clock: what has expired is inert, which `verdictAt` says. */
  readonly verdict: Verdict;
  readonly severity: Severity;
  /** Milliseconds since 1970; null where it names no time. */
  readonly expires: number | null;
  /** Keyed hash of the canonical secret: equal for equal secrets under the same key. */
  readonly identity: string;
}

/** What objects say, one row each. */
export interface FoundRows {
  readonly findings: readonly FindingRow[];
  readonly commits: CommitRows;
  readonly tags: readonly TagRow[];
  readonly missing: readonly MissingRow[];
}

export interface FindResult extends FoundRows {
  readonly stats: DetectorStats;
}

/** Object numbers; -1 for what is not in the inventory. */
export interface TagRow {
  readonly object: number;
  readonly target: number;
  readonly messageAt: number;
}

/** An object that a commit or tag names and the store lacks. */
export interface MissingRow {
  readonly oid: Oid;
  readonly namedBy: number;
}

class FindVisitor implements DeltaVisitor {
  readonly #init: FindInit;
  readonly #detector: Detector;
  readonly #table: OidTable;
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #identities = new WeakMap<SecretBytes, string>();
  #findings: FindingRow[] = [];
  readonly #commits = new CommitRowsWriter();
  readonly #links: CommitLinkReader;
  readonly #oidLength: number;
  #tags: TagRow[] = [];
  #missing: MissingRow[] = [];
  #input: Uint8Array = new Uint8Array(0);

  constructor(init: FindInit) {
    const rules = selectRules(init.rules);
    this.#init = init;
    this.#detector = threadDetector(rules);
    this.#detector.takeStats();
    this.#oidLength = oidBytes(init.format);
    this.#links = new CommitLinkReader(init.format);
    this.#table = OidTable.from(init.oids, init.count, this.#oidLength);
    this.#ruleIndex = new Map(rules.map((rule, index) => [rule.id, index]));
  }

  inputFor(sizeBytes: number): Uint8Array {
    this.#input = this.#detector.inputFor(sizeBytes);
    return this.#input;
  }

  get memory(): KernelMemory {
    return this.#detector.memory;
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    if (part.isFirst) this.#noteHeaders(object, this.#input.subarray(0, length));
    this.#noteFindings(object, this.#detector.findInInput(length, ownRange(length, part)), part.offset);
  }

  look(object: VisitedObject, text: TextAt, inherited: Inherited | null): Look {
    if (object.type !== 'blob') this.#noteHeaders(object, this.memory.textOf(text));
    const look =
      inherited === null
        ? this.#detector.look(text)
        : this.#detector.lookAround(text, inherited.change, inherited.base as Look);
    this.#noteFindings(object, look.findings, 0);
    return look;
  }

  #noteHeaders({ number, type }: VisitedObject, bytes: Uint8Array): void {
    if (type === 'commit') this.#noteCommit(number, bytes);
    if (type === 'tag') this.#tags.push(this.#tagRow(number, bytes));
  }

  #noteFindings({ number }: VisitedObject, findings: readonly Finding[], offset: number): void {
    for (const finding of findings) this.#findings.push(this.#findingRow(number, finding, offset));
  }

  take(): { result: FindResult; transfer: ArrayBuffer[] } {
    const commits = this.#commits.take();
    const result: FindResult = {
      findings: this.#findings,
      commits,
      tags: this.#tags,
      missing: this.#missing,
      stats: this.#detector.takeStats(),
    };
    this.#findings = [];
    this.#tags = [];
    this.#missing = [];
    return { result, transfer: Object.values(commits).map(({ buffer }) => buffer) };
  }

  #findingRow(object: number, { rule, span, secret, judgement }: Finding, offset: number): FindingRow {
    const index = this.#ruleIndex.get(rule.id);
    invariant(index !== undefined, 'the detector finds by the rules it was given');
    return {
      object,
      rule: index,
      start: offset + span.start,
      end: offset + span.end,
      verdict: judgement.verdict,
      severity: judgement.severity ?? rule.severity,
      expires: expiryOf(judgement),
      identity: this.#identityOf(secret),
    };
  }

  /** A finding that moves along with copies keeps its secret, and so needs no second hash. */
  #identityOf(secret: SecretBytes): string {
    const known = this.#identities.get(secret);
    if (known !== undefined) return known;
    const identity = identityOf(secret.reveal(), this.#init.key);
    this.#identities.set(secret, identity);
    return identity;
  }

  #noteCommit(object: number, bytes: Uint8Array): void {
    const links = this.#links;
    links.read(bytes);
    this.#commits.add(object, links.hasTree ? this.#numberAt(0, object) : -1, links.seconds, links.messageAt);
    for (let parent = 1; parent <= links.parentCount; parent++) this.#commits.addParent(this.#numberAt(parent, object));
  }

  /** The object of an oid that the commit names. */
  #numberAt(index: number, namedBy: number): number {
    const { oids } = this.#links;
    const object = this.#table.find(oids, index * this.#oidLength);
    if (object < 0) {
      const oid = oidFromBytes(oids, index * this.#oidLength, this.#oidLength);
      this.#missing.push({ oid, namedBy });
    }
    return object;
  }

  #tagRow(object: number, bytes: Uint8Array): TagRow {
    const tag = parseTag(bytes, this.#init.format);
    return { object, target: this.#numberOf(tag.object, object), messageAt: tag.message.start };
  }

  #numberOf(oid: Oid | null, namedBy: number): number {
    if (oid === null) return -1;
    const object = this.#table.find(Buffer.from(oid, 'hex'), 0);
    if (object < 0) this.#missing.push({ oid, namedBy });
    return object;
  }
}

/** What of a part is its own: neighbours overlap, and a finding in the overlap belongs to one of them. */
export const ownRange = (length: number, part: Part): OwnRange => ({
  from: part.isFirst ? 0 : overlapBytes / 2,
  to: part.isLast ? Number.POSITIVE_INFINITY : length - overlapBytes / 2,
});

/** A hash of the secret that only this run can make. One call without a key object: HMAC's set-up costs more than the hash. */
export const identityOf = (secret: Uint8Array, key: Uint8Array): string =>
  hash('sha256', Buffer.concat([key, secret]), 'base64url').slice(0, 22);

export const createVisitor: CreateVisitor = (init) => new FindVisitor(init as FindInit);
