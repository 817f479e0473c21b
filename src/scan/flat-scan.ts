import { randomBytes } from 'node:crypto';
import { Detector, type FileVerdict, inspectFile } from '../detect/index.ts';
import {
  type Coverage,
  type Credential,
  compareCredentials,
  compareSensitiveFiles,
  credentialId,
  type Exposure,
  exposureVerdict,
  judgePath,
  type Published,
  type Report,
  type Scope,
  type SensitiveFile,
  type SourceKind,
  schemaVersion,
  sensitiveFileId,
  summaryOf,
} from '../exposure/index.ts';
import {
  createPathMatcher,
  isAtLeastAsSevere,
  isAtLeastAsSure,
  type PathRule,
  pathRules,
  type Rule,
} from '../rules/index.ts';
import { credentialValue } from './credential-value.ts';
import { type LocatedFinding, LocateVisitor, locateAll, surest } from './locate-visitor.ts';
import { pathFields, Redactor } from './redactor.ts';
import type { ScanRequest } from './request.ts';
import { type RuleSelection, selectRules } from './rule-selection.ts';
import { leadingRules, type Standing } from './subjects.ts';
import { tool } from './tool.ts';

/** A source without history: a file, standard input, a staged blob. */
export interface FlatSource {
  readonly source: SourceKind;
  /** Latin-1 of its bytes; null for standard input. */
  readonly path: string | null;
  readonly oid: string | null;
}

/** Finds in sources that have no history, in this thread: work trees, plain files, standard input, what is staged. */
export class FlatScan {
  readonly visitor: LocateVisitor;
  readonly #request: ScanRequest;
  readonly #published: Published;
  readonly #rules: readonly Rule[];
  readonly #detector: Detector;
  readonly #matcher: ReturnType<typeof createPathMatcher>;
  readonly #sources: FlatSource[] = [];
  readonly #key = randomBytes(32);
  readonly #found = new Map<number, readonly LocatedFinding[]>();
  readonly #files: { readonly number: number; readonly id: Promise<string>; readonly file: FileVerdict }[] = [];

  constructor(request: ScanRequest, published: Published) {
    const selection: RuleSelection = { only: request.onlyRules, without: request.withoutRules };
    this.#request = request;
    this.#published = published;
    this.#rules = selectRules(selection);
    this.#detector = new Detector(this.#rules);
    this.#matcher = createPathMatcher(
      pathRules.filter(
        ({ id }) => (selection.only.length === 0 || selection.only.includes(id)) && !selection.without.includes(id),
      ),
    );
    this.visitor = new LocateVisitor(() => new Detector(this.#rules), this.#key, request.now);
  }

  /** @returns its number, under which the visitor is shown its bytes. */
  add(source: FlatSource): number {
    return this.#sources.push(source) - 1;
  }

  /** Whether the head of the source is to be inspected too. */
  pathRulesOf(number: number): readonly PathRule[] {
    const path = this.#sources[number]?.path;
    return path === null || path === undefined ? [] : this.#matcher.match(path);
  }

  inspect(number: number, head: Uint8Array, isWhole: boolean): void {
    const { findings, file } = inspectFile(head, this.pathRulesOf(number), {
      found: this.#detector.find(head),
      isWhole,
    });
    this.#found.set(number, locateAll(findings, head, this.#key));
    if (file !== null) this.#files.push({ number, id: sensitiveFileId(head.slice()), file });
  }

  async report(
    scope: Scope,
    repository: Report['repository'],
    coverage: Omit<Coverage, 'stats'>,
    durationMs: number,
  ): Promise<Report> {
    const request = this.#request;
    const all = await this.#credentials();
    const files = await this.#sensitiveFiles();
    const isShown = (one: Credential | SensitiveFile): boolean =>
      isAtLeastAsSevere(one.severity, request.minSeverity) && isAtLeastAsSure(one.verdict, request.minVerdict);
    return {
      schemaVersion,
      command: 'scan',
      tool,
      scannedAt: new Date(request.now).toISOString(),
      durationMs: request.fixedClock ? 0 : durationMs,
      repository,
      scope,
      coverage: { ...coverage, stats: { bytesInflated: 0, ...this.visitor.stats, throughGit: 0, cached: 0 } },
      refs: [],
      credentials: all.filter(isShown),
      sensitiveFiles: files.filter(isShown),
      summary: summaryOf([...all, ...files]),
    };
  }

  async #credentials(): Promise<readonly Credential[]> {
    const byIdentity = new Map<string, Map<number, LocatedFinding[]>>();
    for (let number = 0; number < this.#sources.length; number++) {
      for (const located of [...(this.visitor.found.get(number) ?? []), ...(this.#found.get(number) ?? [])]) {
        const places = byIdentity.get(located.identity) ?? new Map<number, LocatedFinding[]>();
        byIdentity.set(located.identity, places.set(number, [...(places.get(number) ?? []), located]));
      }
    }
    const credentials = await Promise.all([...byIdentity.values()].map((places) => this.#credential(places)));
    return credentials.sort(compareCredentials);
  }

  async #credential(places: ReadonlyMap<number, readonly LocatedFinding[]>): Promise<Credential> {
    const all = [...places.values()].flat();
    const standings = new Map<Rule, Standing>();
    for (const { finding } of all) {
      const { verdict, severity = finding.rule.severity } = finding.judgement;
      const before = standings.get(finding.rule);
      if (before === undefined || !isAtLeastAsSure(before.verdict, verdict))
        standings.set(finding.rule, { verdict, severity });
    }
    const rules = leadingRules(standings);
    const [rule] = rules;
    const best = all.find(({ finding }) => finding.rule === rule) ?? all[0];
    if (rule === undefined || best === undefined) throw new RangeError('a credential was found somewhere');
    const exposures = [...places].map(([number, located]) => this.#exposure(number, located, rule));
    return credentialValue({
      id: await credentialId(best.finding.secret.reveal()),
      rules,
      finding: best.finding,
      pairs: [],
      severity: standings.get(rule)?.severity ?? rule.severity,
      exposures,
      published: this.#published,
      showSecrets: this.#request.showSecrets,
    });
  }

  async #sensitiveFiles(): Promise<readonly SensitiveFile[]> {
    const known = await Promise.all(this.#files.map(async ({ id, ...file }) => ({ ...file, id: await id })));
    const byId = Map.groupBy(known, ({ id, file }) => `${id} ${file.rule.id}`);
    const files = [...byId.values()].flatMap((same): SensitiveFile[] => {
      const [first] = same;
      if (first === undefined) return [];
      const { title, severity, verdict, reasons, rule } = first.file;
      const exposures = same.map(({ number, file }) => ({
        ...this.#place(number),
        ...noPlace,
        verdict: file.verdict,
        reasons: file.reasons,
        occurrences: 1,
      }));
      return [
        {
          id: first.id,
          rule: rule.id,
          title,
          severity,
          verdict,
          reasons,
          oid: exposures[0]?.firstOid ?? null,
          exposures,
        },
      ];
    });
    return files.sort(compareSensitiveFiles);
  }

  #exposure(number: number, located: readonly LocatedFinding[], rule: Rule): Exposure {
    const sorted = [...located].sort((a, b) => a.start - b.start || a.end - b.end);
    const first = sorted.find(({ finding }) => finding.rule === rule) ?? sorted[0];
    const path = this.#sources[number]?.path ?? null;
    const judgement = surest(sorted)?.finding.judgement ?? { verdict: 'possible' as const, reasons: [] };
    const weighed = exposureVerdict(judgement, rule.category, judgePath(path ?? ''));
    return {
      ...this.#place(number),
      wrapping: first?.finding.wrapping ?? [],
      line: first?.from.line ?? 1,
      column: first?.from.column ?? 1,
      endLine: first?.to.line ?? 1,
      endColumn: first?.to.column ?? 1,
      start: first?.start ?? 0,
      end: first?.end ?? 0,
      verdict: weighed.verdict,
      reasons: weighed.reasons,
      occurrences: new Set(sorted.map(({ start, end }) => `${start} ${end}`)).size,
    };
  }

  #place(number: number) {
    const { source = 'file', path = null, oid = null } = this.#sources[number] ?? {};
    this.#redactor ??= new Redactor(this.#rules);
    return {
      source,
      ...pathFields(path, this.#redactor),
      firstOid: oid,
      lastOid: oid,
      blobs: oid === null ? 0 : 1,
      introduced: null,
      removed: null,
      refs: [],
      inTips: false,
      reachable: false,
      unreachable: null,
      published: this.#published,
    };
  }

  #redactor: Redactor | undefined;
}

const noPlace = { wrapping: [], line: 1, column: 1, endLine: 1, endColumn: 1, start: 0, end: 0 };
