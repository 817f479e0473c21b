import type { Finding } from '../detect/index.ts';
import { invariant } from '../errors.ts';
import {
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
  summaryOf,
} from '../exposure/index.ts';
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
import { type LocatedFinding, surest } from './locate-visitor.ts';
import { type Looked, lookAgain } from './look-again.ts';
import { pathFields } from './redactor.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { leadingRules, tellingRules } from './subjects.ts';
import { oidText } from './sweep-request.ts';
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
  const { request, repository, swept } = scanned;
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
    refs: refNamesOf(scanned, looked),
    credentials: credentials.sort(compareCredentials),
    sensitiveFiles: sensitiveFiles.sort(compareSensitiveFiles),
    summary: summaryOf(candidates.map(({ rule, severity, verdict }) => ({ rule: rule.id, severity, verdict }))),
  };
};

/** Those in which nothing was found when they were scanned are shown as they are; a range scans none. */
const refNamesOf = ({ refs, refNames, range }: ScannedRepository, { redactor }: Looked): readonly string[] => {
  const secret = new Set(refNames.map(({ ref }) => ref));
  const isClean = (ref: number): boolean => range === null && !secret.has(ref);
  return refs.names.map((name, ref) => (isClean(ref) ? name.toWellFormed() : redactor.text(name)));
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

/** The certificate's id, and as its role what a person calls it. */
const certificatePair = async ({ secret, judgement }: Finding): Promise<Credential['pairs'][number]> => {
  const validity = judgement.reasons.find(({ kind }) => kind === 'validity')?.detail ?? '';
  return {
    role: `certificate: ${judgement.title ?? 'of nobody named'}. ${validity}`.trim(),
    credential: await credentialId(secret.reveal()),
  };
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
    id: await looked.idOf(best),
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
    oid: entry.object < 0 ? null : oidText(scanned.inventory, entry.object),
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
    firstOid: draft.object < 0 ? null : oidText(scanned.inventory, draft.object),
    lastOid: draft.lastObject < 0 ? null : oidText(scanned.inventory, draft.lastObject),
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
