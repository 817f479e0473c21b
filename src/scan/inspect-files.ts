import { Detector, type FileInspection, inspectFile } from '../detect/index.ts';
import { invariant } from '../errors.ts';
import {
  type Inventory,
  type ObjectSource,
  type Part,
  type VisitedObject,
  type Visitor,
  visitHere,
  windowBytes,
} from '../objects/index.ts';
import type { PathRule, Rule } from '../rules/index.ts';
import { type LocatedFinding, locateAll } from './locate-visitor.ts';
import type { Subjects } from './subjects.ts';

/** Files with a sensitive name, each content once for every set of rules that its names meet. */
export class FileInspections {
  /** Findings of the files' own parsers, with their secrets: they are made in this thread and stay in it. */
  readonly found = new Map<number, LocatedFinding[]>();
  readonly #asked = new Map<number, Map<string, readonly PathRule[]>>();
  readonly #files = new Map<string, NonNullable<FileInspection['file']>>();
  readonly #verdicts = new Map<string, FileInspection['file']>();

  /** Notes that the object stands at a path that meets these rules. */
  ask(object: number, rules: readonly PathRule[]): void {
    const sets = this.#asked.get(object);
    if (sets === undefined) this.#asked.set(object, new Map([[keyOf(rules), rules]]));
    else sets.set(keyOf(rules), rules);
  }

  get objects(): Uint32Array {
    return Uint32Array.from([...this.#asked.keys()].sort((a, b) => a - b));
  }

  /** What the content made of the names; null: no leak in itself. Undefined: it could not be read. */
  fileAt(object: number, rules: readonly PathRule[]): FileInspection['file'] | undefined {
    return this.#verdicts.get(`${object} ${keyOf(rules)}`);
  }

  /** The judgement that made the file a subject. */
  judgedFile(object: number, rule: PathRule): { rule: PathRule; file: NonNullable<FileInspection['file']> } {
    const file = this.#files.get(`${object} ${rule.id}`);
    invariant(file !== undefined, 'a file became a subject by its judgement');
    return { rule, file };
  }

  inspect(
    object: number,
    bytes: Uint8Array,
    isWhole: boolean,
    detector: Detector,
    key: Uint8Array,
    subjects: Subjects,
  ): void {
    const found = detector.find(bytes);
    for (const [set, rules] of this.#asked.get(object) ?? []) {
      const { findings, file } = inspectFile(bytes, rules, { found, isWhole });
      this.#verdicts.set(`${object} ${set}`, file);
      if (file !== null) this.#files.set(`${object} ${file.rule.id}`, file);
      const located = locateAll(findings, bytes, key);
      for (const { finding, identity, start, end } of located) {
        const { verdict, severity = finding.rule.severity } = finding.judgement;
        subjects.see(object, identity, { rule: finding.rule, start, end, verdict, severity });
      }
      this.found.set(object, [...(this.found.get(object) ?? []), ...located]);
    }
  }
}

const keyOf = (rules: readonly PathRule[]): string => rules.map(({ id }) => id).join(' ');

/** Reads the asked-for objects and judges them. Of one above the window only the head counts: its parsers read lines. */
export const inspectObjects = async (
  { source, inventory }: { readonly source: ObjectSource; readonly inventory: Inventory },
  inspections: FileInspections,
  rules: readonly Rule[],
  { key, subjects }: { readonly key: Uint8Array; readonly subjects: Subjects },
): Promise<void> => {
  const { objects } = inspections;
  if (objects.length === 0) return;
  const detector = new Detector(rules);
  const visitor = new HeadVisitor((object, bytes, isWhole) =>
    inspections.inspect(object, bytes, isWhole, detector, key, subjects),
  );
  await visitHere({ source, inventory, objects }, visitor);
};

/** Gives the first part of every object. */
export class HeadVisitor implements Visitor {
  #input = new Uint8Array(1 << 16);
  readonly #see: (object: number, bytes: Uint8Array, isWhole: boolean) => void;

  constructor(see: (object: number, bytes: Uint8Array, isWhole: boolean) => void) {
    this.#see = see;
  }

  inputFor(sizeBytes: number): Uint8Array {
    if (this.#input.length < sizeBytes) this.#input = new Uint8Array(Math.min(windowBytes, sizeBytes * 2));
    return this.#input.subarray(0, sizeBytes);
  }

  visit(object: VisitedObject, length: number, part: Part): void {
    if (part.isFirst) this.#see(object.number, this.#input.subarray(0, length), part.isLast);
  }

  take(): { result: null; transfer: ArrayBuffer[] } {
    return { result: null, transfer: [] };
  }
}
