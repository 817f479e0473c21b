import { type FileVerdict, inspectFile } from '../detect/index.ts';
import { invariant } from '../errors.ts';
import { type Crew, type Inventory, type ObjectSource, sweep } from '../objects/index.ts';
import { catalogue, type PathRule } from '../rules/index.ts';
import type { KnownHistory } from './cache/index.ts';
import type { InspectInit, InspectionRow } from './inspect-visitor.ts';
import { answerKnown, type Inspected } from './known-inspections.ts';
import { type LocatedFinding, locateAll } from './locate-visitor.ts';
import { moduleUrl } from './module-url.ts';
import type { PathRuleSet } from './path-rule-sets.ts';
import type { RuleSelection } from './rule-selection.ts';
import type { Subjects } from './subjects.ts';

/** Files with a sensitive name, each content once for every set of rules that its names meet. */
export class FileInspections {
  readonly #rows: InspectionRow[] = [];
  readonly #sets: PathRuleSet[] = [];
  readonly #asked = new Map<number, PathRuleSet[]>();
  readonly #files = new Map<string, FileVerdict>();
  /** Only of files that are something. */
  readonly #verdicts = new Map<PathRuleSet, Map<number, FileVerdict>>();

  /** Notes that the object stands at a path that meets these rules. */
  ask(object: number, set: PathRuleSet): void {
    if (!this.#sets.includes(set)) this.#sets.push(set);
    const sets = this.#asked.get(object);
    if (sets === undefined) this.#asked.set(object, [set]);
    else if (!sets.includes(set)) sets.push(set);
  }

  isAsked(object: number): boolean {
    return this.#asked.has(object);
  }

  /** What a worker needs to know: the sets' rules by id, and pairs of an object and the place of a set. */
  get questions(): InspectInit['questions'] {
    const numbers = new Map(this.#sets.map((set, number) => [set, number] as const));
    const pairs: number[] = [];
    for (const [object, sets] of this.#asked) for (const set of sets) pairs.push(object, numbers.get(set) ?? -1);
    return { sets: this.#sets.map(({ rules }) => rules.map(({ id }) => id)), pairs: Int32Array.from(pairs) };
  }

  /** What the content made of the names; undefined where that is no leak in itself, or it could not be read. */
  fileAt(object: number, set: PathRuleSet): FileVerdict | undefined {
    return this.#verdicts.get(set)?.get(object);
  }

  /** The judgement that made the file a subject. */
  judgedFile(object: number, rule: PathRule): { rule: PathRule; file: FileVerdict } {
    const file = this.#files.get(`${object} ${rule.id}`);
    invariant(file !== undefined, 'a file became a subject by its judgement');
    return { rule, file };
  }

  /** All that was asked, and what came of it. */
  get inspected(): Inspected {
    return { questions: this.questions, rows: this.#rows };
  }

  add(row: InspectionRow, subjects: Subjects): void {
    const { object, set, file, findings } = row;
    this.#rows.push(row);
    const asked = this.#sets[set];
    const rule = asked?.rules.find(({ id }) => id === file?.rule);
    if (file !== null && asked !== undefined && rule !== undefined) {
      const verdict = { ...file, rule };
      const verdicts = this.#verdicts.get(asked) ?? new Map<number, FileVerdict>();
      this.#verdicts.set(asked, verdicts.set(object, verdict));
      this.#files.set(`${object} ${rule.id}`, verdict);
    }
    for (const finding of findings) {
      const found = ruleById.get(finding.rule);
      if (found !== undefined) subjects.see(object, finding.identity, { ...finding, rule: found });
    }
  }

  /** Findings of the file's own parsers, with their secrets: for the few objects that a report shows. What the rules for any text found changes none. */
  locate(object: number, bytes: Uint8Array, isWhole: boolean, key: Uint8Array): LocatedFinding[] {
    return (this.#asked.get(object) ?? []).flatMap(({ rules }) =>
      locateAll(inspectFile(bytes, rules, { isWhole }).findings, bytes, key),
    );
  }
}

const ruleById = new Map(catalogue.map((rule) => [rule.id, rule] as const));

export interface InspectRequest {
  readonly source: ObjectSource;
  readonly inventory: Inventory;
  readonly rules: RuleSelection;
  readonly crew: Crew;
  /** What earlier scans found; it is not read again. */
  readonly known: KnownHistory | null;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Reads the asked-for objects and judges them. Of one above the window only the head counts: its parsers read lines. */
export const inspectObjects = async (
  request: InspectRequest,
  inspections: FileInspections,
  { key, subjects, tainted }: { readonly key: Uint8Array; readonly subjects: Subjects; readonly tainted: Uint8Array },
): Promise<void> => {
  const { questions, rows: known } = answerKnown(inspections.questions, request.known?.inspected ?? null);
  const open = new Set(questions.pairs.filter((_, at) => at % 2 === 0));
  const rows: (readonly InspectionRow[])[] = [];
  if (open.size > 0)
    await sweep({
      ...request,
      objects: request.inventory.order.filter((object) => open.has(object)),
      visitorModule: moduleUrl('inspect-visitor'),
      init: {
        rules: request.rules,
        now: request.now,
        key,
        questions,
        tainted,
      } satisfies InspectInit,
      onShard: (shard, result) => {
        rows[shard] = result as readonly InspectionRow[];
      },
    });
  const all = [...known, ...rows.filter((one) => one !== undefined).flat()];
  // By object: neither a thread's speed shows, nor what an earlier scan has asked.
  for (const row of all.sort((a, b) => a.object - b.object || a.set - b.set)) inspections.add(row, subjects);
};
