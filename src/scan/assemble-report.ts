import type { Finding } from '../detect/index.ts';
import { invariant } from '../errors.ts';
import {
  type CommitFacts,
  type Credential,
  compareCredentials,
  compareExposures,
  compareSensitiveFiles,
  credentialId,
  type Exposure,
  exposureVerdict,
  judgePath,
  type Report,
  type SensitiveFile,
  schemaVersion,
  sensitiveFileId,
  summaryOf,
} from '../exposure/index.ts';
import { type Oid, oidBytes, oidFromBytes } from '../git/index.ts';
import { parseCommit, visitHere } from '../objects/index.ts';
import {
  isAtLeastAsSevere,
  isAtLeastAsSure,
  type Judgement,
  type Rule,
  type Severity,
  strongestVerdict,
  type Verdict,
} from '../rules/index.ts';
import { coverageOf } from './coverage.ts';
import { credentialValue } from './credential-value.ts';
import type { Draft } from './draft.ts';
import { draftsOf } from './drafts.ts';
import { HeadVisitor } from './head-visitor.ts';
import { locateInFiles } from './inspect-files.ts';
import { type LocatedFinding, LocateVisitor, surest } from './locate-visitor.ts';
import { pathFields, Redactor } from './redactor.ts';
import { selectRules } from './rule-selection.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { leadingRules, tellingRules } from './subjects.ts';
import { tool } from './tool.ts';

/** A subject with its drafts, and what is known of it before its bytes are looked at again. */
interface Candidate {
  readonly subject: number;
  readonly drafts: readonly Draft[];
  readonly rule: { readonly id: string };
  readonly severity: Severity;
  readonly verdict: Verdict;
}

/** Makes the report: counts all, looks again at what is shown, and only at that. */
export const assembleReport = async (scanned: ScannedRepository, durationMs: () => number): Promise<Report> => {
  const { request, repository, swept, refs } = scanned;
  const candidates = candidatesOf(scanned);
  const shown = candidates.filter((one) => isShown(one, scanned));
  const looked = await lookAgain(scanned, shown);
  const isFile = ({ subject }: Candidate): boolean => swept.subjects.list[subject]?.kind === 'file';
  // All at once: ids are stretched on threads of their own.
  const [credentials, sensitiveFiles] = await Promise.all([
    Promise.all(shown.filter((one) => !isFile(one)).map((one) => credentialOf(scanned, one, looked))),
    Promise.all(shown.filter(isFile).map((one) => sensitiveFileOf(scanned, one, looked))),
  ]);
  const coverage = coverageOf(scanned, looked.problems);
  return {
    schemaVersion,
    command: 'scan',
    tool,
    scannedAt: new Date(request.now).toISOString(),
    durationMs: durationMs(),
    repository: {
      path: repository.path,
      head: repository.head.symbolic ?? repository.head.oid,
      objectFormat: repository.format,
      shallow: repository.shallowCommits.length > 0,
      partial: repository.isPartial,
      remotes: repository.remotes.map(({ name, url }) => ({ name, url })),
    },
    scope: scanned.scope,
    coverage,
    refs: refs.names.map((name) => looked.redactor.text(name)),
    credentials: credentials.sort(compareCredentials),
    sensitiveFiles: sensitiveFiles.sort(compareSensitiveFiles),
    summary: summaryOf(candidates.map(({ rule, severity, verdict }) => ({ rule: rule.id, severity, verdict }))),
  };
};

const candidatesOf = (scanned: ScannedRepository): readonly Candidate[] => {
  const bySubject = Map.groupBy(draftsOf(scanned), ({ subject }) => subject);
  return [...bySubject].sort(([a], [b]) => a - b).map(([subject, drafts]) => candidateOf(scanned, subject, drafts));
};

const candidateOf = (scanned: ScannedRepository, subject: number, drafts: readonly Draft[]): Candidate => {
  const entry = scanned.swept.subjects.list[subject];
  invariant(entry !== undefined, 'drafts speak of known subjects');
  if (entry.kind === 'file') {
    const { rule, file } = scanned.inspections.judgedFile(entry.object, entry.rule);
    return { subject, drafts, rule, severity: file.severity, verdict: file.verdict };
  }
  const [rule] = leadingRules(entry.rules);
  const standing = rule === undefined ? undefined : entry.rules.get(rule);
  invariant(rule !== undefined && standing !== undefined, 'a credential was found by a rule');
  const telling = tellingRules(entry.rules.keys());
  const verdict = strongestVerdict(
    drafts.map((draft) => draftVerdict(scanned, draft, rule, telling, standing.verdict)),
  );
  return { subject, drafts, rule, severity: standing.severity, verdict };
};

/** Without the bytes: the strongest sighting in the first object, weighed by the path. */
const draftVerdict = (
  scanned: ScannedRepository,
  draft: Draft,
  leading: Rule,
  telling: ReadonlySet<Rule>,
  strongest: Verdict,
): Verdict => {
  const sightings = scanned.swept.subjects
    .sightingsIn(draft.object)
    .filter(({ subject, rule }) => subject === draft.subject && telling.has(rule));
  const verdict = sightings.length === 0 ? strongest : strongestVerdict(sightings.map((one) => one.verdict));
  return exposureVerdict({ verdict, reasons: [] }, leading.category, judgePath(draft.path ?? '')).verdict;
};

const isShown = ({ drafts, severity, verdict }: Candidate, { request, traces }: ScannedRepository): boolean =>
  isAtLeastAsSevere(severity, request.minSeverity) &&
  isAtLeastAsSure(verdict, request.minVerdict) &&
  (!request.publishedOnly || drafts.some((draft) => ['yes', 'unknown'].includes(traces.published(draft))));

/** What a second look gave: findings with their secrets by object, and who made the commits that are named. */
interface Looked {
  readonly found: (object: number) => readonly LocatedFinding[];
  readonly commits: ReadonlyMap<number, CommitFacts>;
  readonly fileIds: ReadonlyMap<number, Promise<string>>;
  readonly redactor: Redactor;
  /** Key's SPKI → certificates that fit it. */
  readonly certificates: ReadonlyMap<string, readonly Finding[]>;
  readonly problems: readonly { readonly oid: Oid | null; readonly where: string; readonly reason: string }[];
}

const lookAgain = async (scanned: ScannedRepository, shown: readonly Candidate[]): Promise<Looked> => {
  const { source, inventory, rules, swept, inspections } = scanned;
  const drafts = shown.flatMap((candidate) => candidate.drafts);
  const redactor = new Redactor(selectRules(rules));
  // First, as ids take long, and are made while the rest is read.
  const files = numbers(shown.flatMap(({ subject }) => fileObject(scanned, subject)));
  const fileIds = new Map<number, Promise<string>>();
  await visitHere(
    { source, inventory, objects: files },
    new HeadVisitor((object, bytes) => fileIds.set(object, sensitiveFileId(bytes.slice()))),
  );
  const toLocate = numbers(
    drafts.map(({ object }) => object).filter((object) => swept.subjects.sightingsIn(object).length > 0),
  );
  const locate = new LocateVisitor(selectRules(rules), swept.key, scanned.request.now);
  const located = await visitHere({ source, inventory, objects: toLocate }, locate);
  const inFiles = await locateInFiles({ source, inventory }, inspections, toLocate, selectRules(rules), swept.key);
  const named = numbers(
    drafts.flatMap(({ introduced, removed }) => [introduced, removed]).filter((commit) => commit >= 0),
  );
  const commits = new Map<number, CommitFacts>();
  const commitObjects = named.map((commit) => swept.commits.objects[commit] ?? 0);
  await visitHere(
    { source, inventory, objects: commitObjects },
    new HeadVisitor((object, bytes) => commits.set(object, commitFacts(object, bytes, scanned, redactor))),
  );
  return {
    found: (object) => [...(locate.found.get(object) ?? []), ...(inFiles.get(object) ?? [])],
    commits: new Map(
      [...named]
        .map((commit, index) => [commit, commits.get(commitObjects[index] ?? 0)] as const)
        .flatMap(([commit, facts]) => (facts === undefined ? [] : [[commit, facts] as const])),
    ),
    fileIds,
    redactor,
    certificates: await certificatesOf(scanned, shown),
    problems: located,
  };
};

/** Looks for certificates only where a private key was exposed: a repository may hold thousands. */
const certificatesOf = async (
  { source, inventory, swept, request, rules }: ScannedRepository,
  shown: readonly Candidate[],
): Promise<ReadonlyMap<string, readonly Finding[]>> => {
  if (
    !shown.some(({ drafts }) =>
      drafts.some(({ object }) =>
        swept.subjects.sightingsIn(object).some(({ rule }) => rule.category === 'private-key'),
      ),
    )
  ) {
    return new Map();
  }
  const firstOf = new Map<number, number>();
  for (const object of swept.subjects.objects()) {
    for (const { rule, subject } of swept.subjects.sightingsIn(object)) {
      if (rule.category === 'certificate' && !firstOf.has(subject)) firstOf.set(subject, object);
    }
  }
  const own = selectRules(rules).filter(({ category }) => category === 'certificate');
  const locate = new LocateVisitor(own, swept.key, request.now);
  await visitHere({ source, inventory, objects: numbers([...firstOf.values()]) }, locate);
  const found = [...locate.found.values()].flat().map(({ finding }) => finding);
  const distinct = new Map(found.map((finding) => [finding.judgement.fingerprint ?? '', finding] as const));
  return Map.groupBy(distinct.values(), ({ judgement }) => judgement.spki ?? ' ');
};

/** The certificate's id, and as its role what a person calls it. */
const certificatePair = async ({ secret, judgement }: Finding): Promise<Credential['pairs'][number]> => {
  const validity = judgement.reasons.find(({ kind }) => kind === 'validity')?.detail ?? '';
  return {
    role: `certificate: ${judgement.title ?? 'of nobody named'}. ${validity}`.trim(),
    credential: await credentialId(secret.reveal()),
  };
};

const numbers = (list: readonly number[]): Uint32Array =>
  Uint32Array.from([...new Set(list)].filter((one) => one >= 0).sort((a, b) => a - b));

const fileObject = (scanned: ScannedRepository, subject: number): number[] => {
  const entry = scanned.swept.subjects.list[subject];
  return entry?.kind === 'file' && entry.object >= 0 ? [entry.object] : [];
};

const commitFacts = (
  object: number,
  bytes: Uint8Array,
  scanned: ScannedRepository,
  redactor: Redactor,
): CommitFacts => {
  const { authors, committers } = parseCommit(bytes, scanned.inventory.format);
  const [author] = authors;
  const text = (span: { start: number; end: number } | undefined): string =>
    span === undefined ? '' : redactor.bytes(bytes.subarray(span.start, span.end));
  return {
    commit: oidText(scanned, object),
    author: text(author?.name),
    email: text(author?.email),
    date: isoDate(committers[0]?.seconds),
  };
};

/** Null where no calendar has such a day. */
const isoDate = (seconds: number | undefined): string | null => {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
};

const oidText = ({ inventory }: ScannedRepository, object: number): string => {
  const length = oidBytes(inventory.format);
  return oidFromBytes(inventory.oids, object * length, length);
};

const credentialOf = async (scanned: ScannedRepository, candidate: Candidate, looked: Looked): Promise<Credential> => {
  const entry = scanned.swept.subjects.list[candidate.subject];
  invariant(entry?.kind === 'credential', 'files are made elsewhere');
  const rules = leadingRules(entry.rules);
  const [rule] = rules;
  invariant(rule !== undefined, 'a credential was found by a rule');
  const telling = tellingRules(rules);
  const own = (object: number): readonly LocatedFinding[] =>
    looked
      .found(object)
      .filter(({ identity, finding }) => identity === entry.identity && telling.has(finding.rule))
      .sort((a, b) => a.start - b.start || a.end - b.end);
  const names = looked.redactor.findings(entry.identity, scanned.swept.key, [
    ...candidate.drafts.flatMap(({ path }) => (path === null ? [] : [path])),
    ...candidate.drafts
      .filter(({ source }) => source === 'ref-name')
      .flatMap(({ refs }) => refs.map((ref) => scanned.refs.names[ref] ?? '')),
  ]);
  const all = [...candidate.drafts.flatMap(({ object }) => own(object)), ...names];
  const best = all.find(({ finding }) => finding.rule === rule) ?? all[0];
  invariant(best !== undefined, 'what a worker found, the same detector finds again');
  const { finding } = best;
  const pairs = looked.certificates.get(finding.judgement.spki ?? '') ?? [];
  return credentialValue({
    rules,
    finding,
    pairs: await Promise.all(pairs.map((pair) => certificatePair(pair))),
    severity: candidate.severity,
    exposures: candidate.drafts.map((draft) =>
      exposureOf(scanned, draft, own(draft.object), finding.judgement, rule, looked),
    ),
    published: scanned.traces.publishedOfAll(candidate.drafts),
    showSecrets: scanned.request.showSecrets,
  });
};

const sensitiveFileOf = async (
  scanned: ScannedRepository,
  candidate: Candidate,
  looked: Looked,
): Promise<SensitiveFile> => {
  const entry = scanned.swept.subjects.list[candidate.subject];
  invariant(entry?.kind === 'file', 'credentials are made elsewhere');
  const { rule, file } = scanned.inspections.judgedFile(entry.object, entry.rule);
  return {
    id: (await looked.fileIds.get(entry.object)) ?? 'f1-aaaaaaaaaaaaaaaa',
    rule: rule.id,
    title: file.title,
    severity: file.severity,
    verdict: file.verdict,
    reasons: file.reasons,
    oid: entry.object < 0 ? null : oidText(scanned, entry.object),
    exposures: candidate.drafts
      .map((draft) => exposureOf(scanned, draft, [], file, null, looked))
      .sort(compareExposures),
  };
};

const exposureOf = (
  scanned: ScannedRepository,
  draft: Draft,
  located: readonly LocatedFinding[],
  judged: Pick<Judgement, 'verdict' | 'reasons'>,
  rule: Rule | null,
  looked: Looked,
): Exposure => {
  const [first] = located;
  const judgement = surest(located)?.finding.judgement ?? judged;
  const weighed =
    rule === null
      ? { verdict: judgement.verdict, reasons: [...judgement.reasons] }
      : exposureVerdict(judgement, rule.category, judgePath(draft.path ?? ''));
  const shift =
    draft.source === 'commit-message' || draft.source === 'tag-message'
      ? (scanned.swept.messageStarts.get(draft.object) ?? 0)
      : 0;
  const lines = shift === 0 ? 0 : (first?.headerLines ?? 0);
  return {
    source: draft.source,
    ...pathFields(draft.path, looked.redactor),
    wrapping: first?.finding.wrapping ?? [],
    line: Math.max(1, (first?.from.line ?? 1) - lines),
    column: first?.from.column ?? 1,
    endLine: Math.max(1, (first?.to.line ?? 1) - lines),
    endColumn: first?.to.column ?? 1,
    start: Math.max(0, (first?.start ?? 0) - shift),
    end: Math.max(0, (first?.end ?? 0) - shift),
    verdict: weighed.verdict,
    reasons: weighed.reasons,
    occurrences: Math.max(1, new Set(located.map(({ start, end }) => `${start} ${end}`)).size),
    firstOid: draft.object < 0 ? null : oidText(scanned, draft.object),
    lastOid: draft.lastObject < 0 ? null : oidText(scanned, draft.lastObject),
    blobs: draft.blobs,
    introduced: looked.commits.get(draft.introduced) ?? null,
    removed: looked.commits.get(draft.removed) ?? null,
    refs: draft.refs,
    inTips: draft.inTips,
    reachable: draft.reachable,
    unreachable: draft.reachable ? null : scanned.traces.unreachable(draft),
    published: scanned.traces.published(draft),
  };
};
