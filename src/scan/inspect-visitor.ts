import { type Detector, type FileVerdict, InspectedFile, type Look } from '../detect/index.ts';
import { type Change, type KernelMemory, runsOf, type TextAt } from '../kernel/index.ts';
import type { CreateVisitor, DeltaVisitor, Inherited, Part, VisitedObject } from '../objects/index.ts';
import { type PathRule, pathRules, type Severity, type Verdict } from '../rules/index.ts';
import { findingsAt } from './expiry.ts';
import { identityOf } from './find-visitor.ts';
import { HeadVisitor } from './head-visitor.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';
import { threadDetector } from './thread-detector.ts';

/** Plain data for a worker. */
export interface InspectInit {
  readonly rules: RuleSelection;
  readonly now: number;
  readonly key: Uint8Array;
  /** Sets of path rules, by their ids; and pairs of an object and the place of a set that a path of it meets. */
  readonly questions: { readonly sets: readonly (readonly string[])[]; readonly pairs: Int32Array };
  /** One bit an object: the rules for any text found something in it. */
  readonly tainted: Uint8Array;
}

/** What a file with a sensitive name turned out to be, without its secrets. There is none where that is nothing. */
export interface InspectionRow {
  readonly object: number;
  readonly set: number;
  readonly file: (Omit<FileVerdict, 'rule'> & { readonly rule: string }) | null;
  readonly findings: readonly {
    readonly rule: string;
    readonly start: number;
    readonly end: number;
    readonly verdict: Verdict;
    readonly severity: Severity;
    readonly identity: string;
  }[];
}

/** What versions of a file inherit that are deltas of one. */
interface InspectedText {
  /** Null where the rules for any text found nothing, so that it was not looked at. */
  readonly look: Look | null;
  readonly skimmed: InspectedFile['skimmed'];
}

class InspectVisitor implements DeltaVisitor {
  readonly #init: InspectInit;
  readonly #detector: Detector;
  readonly #sets: readonly (readonly PathRule[])[];
  readonly #asked = new Map<number, number[]>();
  readonly #head = new HeadVisitor((object, bytes, isWhole) => this.#inspect(object, bytes, isWhole));
  #rows: InspectionRow[] = [];

  constructor(init: InspectInit) {
    this.#init = init;
    this.#detector = threadDetector(selectRules(init.rules));
    const { sets, pairs } = init.questions;
    this.#sets = sets.map(rulesOf);
    for (let at = 0; at < pairs.length; at += 2) this.#ask(pairs[at] ?? 0, pairs[at + 1] ?? 0);
  }

  inputFor(sizeBytes: number): Uint8Array {
    return this.#head.inputFor(sizeBytes);
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    this.#head.visit(object, length, part);
  }

  take(): { result: readonly InspectionRow[]; transfer: ArrayBuffer[] } {
    const result = this.#rows;
    this.#rows = [];
    return { result, transfer: [] };
  }

  get memory(): KernelMemory {
    return this.#detector.memory;
  }

  look({ number }: VisitedObject, text: TextAt, inherited: Inherited | null): InspectedText {
    const base = (inherited?.base ?? null) as InspectedText | null;
    const change = inherited?.change ?? null;
    const look = this.#isTainted(number) ? this.#lookAt(text, change, base?.look ?? null) : null;
    const runs = change === null ? [] : runsOf(this.memory, change);
    const file = new InspectedFile(this.memory.textOf(text), {
      found: findingsAt(look?.findings ?? [], this.#init.now),
      inherited: base === null ? null : { base: base.skimmed, runs },
    });
    this.#note(number, file);
    return { look, skimmed: file.skimmed };
  }

  #ask(object: number, set: number): void {
    const sets = this.#asked.get(object);
    if (sets === undefined) this.#asked.set(object, [set]);
    else sets.push(set);
  }

  #isTainted(object: number): boolean {
    return ((this.#init.tainted[object >> 3] ?? 0) & (1 << (object & 7))) !== 0;
  }

  #lookAt(text: TextAt, change: Change | null, base: Look | null): Look {
    return change === null || base === null ? this.#detector.look(text) : this.#detector.lookAround(text, change, base);
  }

  #inspect(object: number, bytes: Uint8Array, isWhole: boolean): void {
    const found = findingsAt(this.#isTainted(object) ? this.#detector.find(bytes) : [], this.#init.now);
    this.#note(object, new InspectedFile(bytes, { found, isWhole }));
  }

  #note(object: number, inspected: InspectedFile): void {
    for (const set of this.#asked.get(object) ?? []) {
      const { findings, file } = inspected.inspect(this.#sets[set] ?? []);
      if (file === null && findings.length === 0) continue;
      this.#rows.push({
        object,
        set,
        file: file === null ? null : { ...file, rule: file.rule.id },
        findings: findings.map(({ rule, span, secret, judgement }) => ({
          rule: rule.id,
          ...span,
          verdict: judgement.verdict,
          severity: judgement.severity ?? rule.severity,
          identity: identityOf(secret.reveal(), this.#init.key),
        })),
      });
    }
  }
}

const byId = new Map(pathRules.map((rule) => [rule.id, rule] as const));

const rulesOf = (ids: readonly string[]): readonly PathRule[] => ids.flatMap((id) => byId.get(id) ?? []);

export const createVisitor: CreateVisitor = (init) => new InspectVisitor(init as InspectInit);
