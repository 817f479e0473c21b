import { Detector, type FileVerdict, inspectFile } from '../detect/index.ts';
import { invariant } from '../errors.ts';
import { type Inventory, type ObjectSource, sweep, visitHere } from '../objects/index.ts';
import { catalogue, type PathRule, type Rule } from '../rules/index.ts';
import { HeadVisitor } from './head-visitor.ts';
import { type InspectInit, type InspectionRow, rulesOf } from './inspect-visitor.ts';
import { type LocatedFinding, locateAll } from './locate-visitor.ts';
import { moduleUrl } from './module-url.ts';
import type { RuleSelection } from './rule-selection.ts';
import type { Subjects } from './subjects.ts';

/** Files with a sensitive name, each content once for every set of rules that its names meet. */
export class FileInspections {
  readonly #asked = new Map<number, Map<string, readonly string[]>>();
  readonly #files = new Map<string, FileVerdict>();
  readonly #verdicts = new Map<string, FileVerdict | null>();

  /** Notes that the object stands at a path that meets these rules. */
  ask(object: number, rules: readonly PathRule[]): void {
    const ids = rules.map(({ id }) => id);
    const sets = this.#asked.get(object);
    if (sets === undefined) this.#asked.set(object, new Map([[ids.join(' '), ids]]));
    else sets.set(ids.join(' '), ids);
  }

  get asked(): ReadonlyMap<number, readonly (readonly string[])[]> {
    return new Map([...this.#asked].map(([object, sets]) => [object, [...sets.values()]] as const));
  }

  /** What the content made of the names; null: no leak in itself. Undefined: it could not be read. */
  fileAt(object: number, rules: readonly PathRule[]): FileVerdict | null | undefined {
    return this.#verdicts.get(`${object} ${rules.map(({ id }) => id).join(' ')}`);
  }

  /** The judgement that made the file a subject. */
  judgedFile(object: number, rule: PathRule): { rule: PathRule; file: FileVerdict } {
    const file = this.#files.get(`${object} ${rule.id}`);
    invariant(file !== undefined, 'a file became a subject by its judgement');
    return { rule, file };
  }

  add({ object, rules, file, findings }: InspectionRow, subjects: Subjects): void {
    const [rule] = file === null ? [] : rulesOf([file.rule]);
    const verdict = file === null || rule === undefined ? null : { ...file, rule };
    this.#verdicts.set(`${object} ${rules.join(' ')}`, verdict);
    if (verdict !== null) this.#files.set(`${object} ${verdict.rule.id}`, verdict);
    for (const finding of findings) {
      const found = ruleById.get(finding.rule);
      if (found !== undefined) subjects.see(object, finding.identity, { ...finding, rule: found });
    }
  }

  /** Findings of the file's own parsers, with their secrets: for the few objects that a report shows. */
  locate(object: number, bytes: Uint8Array, isWhole: boolean, detector: Detector, key: Uint8Array): LocatedFinding[] {
    const found = detector.find(bytes);
    return [...(this.#asked.get(object)?.values() ?? [])].flatMap((ids) => {
      const { findings } = inspectFile(bytes, rulesOf(ids), { found, isWhole });
      return [...locateAll(findings, bytes, key)];
    });
  }
}

const ruleById = new Map(catalogue.map((rule) => [rule.id, rule] as const));

export interface InspectRequest {
  readonly source: ObjectSource;
  readonly inventory: Inventory;
  readonly rules: RuleSelection;
  readonly jobs: number;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Reads the asked-for objects and judges them. Of one above the window only the head counts: its parsers read lines. */
export const inspectObjects = async (
  request: InspectRequest,
  inspections: FileInspections,
  { key, subjects, tainted }: { readonly key: Uint8Array; readonly subjects: Subjects; readonly tainted: Uint8Array },
): Promise<void> => {
  const { asked } = inspections;
  if (asked.size === 0) return;
  const rows: (readonly InspectionRow[])[] = [];
  const { order } = request.inventory;
  await sweep({
    ...request,
    objects: order.filter((object) => asked.has(object)),
    visitorModule: moduleUrl('inspect-visitor'),
    init: { rules: request.rules, now: request.now, key, asked, tainted } satisfies InspectInit,
    onShard: (shard, result) => {
      rows[shard] = result as readonly InspectionRow[];
    },
  });
  for (const row of rows.filter((one) => one !== undefined).flat()) inspections.add(row, subjects);
};

/** Inspects again the objects that a report shows. @returns object → its parsers' findings, with their secrets. */
export const locateInFiles = async (
  { source, inventory }: { readonly source: ObjectSource; readonly inventory: Inventory },
  inspections: FileInspections,
  objects: Uint32Array,
  rules: readonly Rule[],
  key: Uint8Array,
): Promise<ReadonlyMap<number, readonly LocatedFinding[]>> => {
  const found = new Map<number, readonly LocatedFinding[]>();
  const { asked } = inspections;
  const own = objects.filter((object) => asked.has(object));
  if (own.length === 0) return found;
  const detector = new Detector(rules);
  const visitor = new HeadVisitor((object, bytes, isWhole) =>
    found.set(object, inspections.locate(object, bytes, isWhole, detector, key)),
  );
  await visitHere({ source, inventory, objects: own }, visitor);
  return found;
};
