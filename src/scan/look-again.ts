import { Detector, type Finding } from '../detect/index.ts';
import { type CommitFacts, credentialId, sensitiveFileId } from '../exposure/index.ts';
import { parseCommit, type StoreProblem, visitHere } from '../objects/index.ts';
import type { Rule } from '../rules/index.ts';
import type { Draft } from './draft.ts';
import { HeadVisitor } from './head-visitor.ts';
import { type LocatedFinding, LocateVisitor } from './locate-visitor.ts';
import { Redactor } from './redactor.ts';
import { selectRules } from './rule-selection.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { SeveralVisitors } from './several-visitors.ts';
import { tellingRules } from './subjects.ts';
import { oidText } from './sweep-request.ts';

/** What a report shows of a subject. */
export interface ShownSubject {
  readonly subject: number;
  readonly drafts: readonly Draft[];
}

/** What a second look gave: findings with their secrets by object, and who made the commits that are named. */
export interface Looked {
  readonly found: (object: number) => readonly LocatedFinding[];
  /** By index in the table of commits. */
  readonly commits: ReadonlyMap<number, CommitFacts>;
  /** By object; stretched on threads of their own. */
  readonly fileIds: ReadonlyMap<number, Promise<string>>;
  /** Of the credential; each is stretched once. */
  readonly idOf: (located: LocatedFinding) => Promise<string>;
  readonly redactor: Redactor;
  /** Key's SPKI → certificates that fit it. */
  readonly certificates: ReadonlyMap<string, readonly Finding[]>;
  readonly problems: readonly StoreProblem[];
}

/** Reads the objects that a report shows, each once, in this thread: for secrets, places, people and ids. */
export const lookAgain = async (scanned: ScannedRepository, shown: readonly ShownSubject[]): Promise<Looked> => {
  const { source, inventory, swept, inspections, request } = scanned;
  const drafts = shown.flatMap((one) => one.drafts);
  const all = new SeveralVisitors();

  const fileIds = new Map<number, Promise<string>>();
  const identify = new HeadVisitor((object, bytes) => fileIds.set(object, sensitiveFileId(bytes)));
  all.add(identify, filesOf(scanned, shown));

  const objects = drafts.map(({ object }) => object).filter((object) => swept.subjects.sightingsIn(object).length > 0);
  const locate = new LocateVisitor(() => new Detector(rulesOf(scanned, shown)), swept.key, request.now);
  all.add(locate, objects);
  const inFiles = new Map<number, readonly LocatedFinding[]>();
  const inspect = new HeadVisitor((object, bytes, isWhole) =>
    inFiles.set(object, inspections.locate(object, bytes, isWhole, swept.key)),
  );
  all.add(
    inspect,
    objects.filter((object) => inspections.isAsked(object)),
  );

  const shownIdentities = identitiesOf(scanned, shown);
  const ids = new Map<string, Promise<string>>();
  const idOf = ({ identity, finding }: LocatedFinding): Promise<string> => {
    const known = ids.get(identity);
    if (known !== undefined) return known;
    const id = credentialId(finding.secret.reveal());
    ids.set(identity, id);
    return id;
  };
  // Behind who finds: weak secrets are stretched while the rest is read.
  const begin = new HeadVisitor((object) => {
    for (const one of locate.found.get(object) ?? []) if (shownIdentities.has(one.identity)) void idOf(one);
  });
  all.add(begin, objects);

  const redactor = new Redactor(selectRules(scanned.rules));
  const commits = new Map<number, CommitFacts>();
  const readCommit = new HeadVisitor((object, bytes) => {
    const commit = scanned.commitIndex.get(object);
    if (commit !== undefined) commits.set(commit, commitFacts(object, bytes, scanned, redactor));
  });
  const named = drafts.flatMap(({ introduced, removed }) => [introduced, removed]).filter((commit) => commit >= 0);
  all.add(
    readCommit,
    named.map((commit) => swept.commits.objects[commit] ?? 0),
  );

  const firstCertificates = certificatesToRead(scanned, shown);
  const certify = certificateVisitor(scanned);
  all.add(certify, firstCertificates);

  const problems = await visitHere({ source, inventory, objects: all.objects }, all);
  return {
    found: (object) => [...(locate.found.get(object) ?? []), ...(inFiles.get(object) ?? [])],
    commits,
    fileIds,
    idOf,
    redactor,
    certificates: bySpki(firstCertificates.flatMap((object) => certify.found.get(object) ?? [])),
    problems,
  };
};

const filesOf = ({ swept }: ScannedRepository, shown: readonly ShownSubject[]): readonly number[] =>
  shown.flatMap(({ subject }) => {
    const entry = swept.subjects.list[subject];
    return entry?.kind === 'file' && entry.object >= 0 ? [entry.object] : [];
  });

const identitiesOf = ({ swept }: ScannedRepository, shown: readonly ShownSubject[]): ReadonlySet<string> =>
  new Set(
    shown.flatMap(({ subject }) => {
      const entry = swept.subjects.list[subject];
      return entry?.kind === 'credential' ? [entry.identity] : [];
    }),
  );

/** Those that say something of what is shown: a certificate in the file of a key is parsed only where it is shown itself. */
const rulesOf = ({ swept, rules }: ScannedRepository, shown: readonly ShownSubject[]): readonly Rule[] => {
  const telling = new Set<Rule>();
  for (const { subject } of shown) {
    const entry = swept.subjects.list[subject];
    if (entry?.kind === 'credential') for (const rule of tellingRules(entry.rules.keys())) telling.add(rule);
  }
  return selectRules(rules).filter((rule) => telling.has(rule));
};

const commitFacts = (
  object: number,
  bytes: Uint8Array,
  { inventory }: ScannedRepository,
  redactor: Redactor,
): CommitFacts => {
  const { authors, committers } = parseCommit(bytes, inventory.format);
  const [author] = authors;
  const text = (span: { start: number; end: number } | undefined): string =>
    span === undefined ? '' : redactor.bytes(bytes.subarray(span.start, span.end));
  return {
    commit: oidText(inventory, object),
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

/**
 * The first object of every certificate, ascending; only where a private key was exposed, since a repository may hold thousands.
 */
const certificatesToRead = ({ swept }: ScannedRepository, shown: readonly ShownSubject[]): readonly number[] => {
  const isKeyShown = shown.some(({ drafts }) =>
    drafts.some(({ object }) => swept.subjects.sightingsIn(object).some(({ rule }) => rule.category === 'private-key')),
  );
  if (!isKeyShown) return [];
  const firstOf = new Map<number, number>();
  for (const object of swept.subjects.objects()) {
    for (const { rule, subject } of swept.subjects.sightingsIn(object)) {
      if (rule.category === 'certificate' && !firstOf.has(subject)) firstOf.set(subject, object);
    }
  }
  return [...new Set(firstOf.values())];
};

const certificateVisitor = ({ rules, swept, request }: ScannedRepository): LocateVisitor => {
  const own = selectRules(rules).filter(({ category }) => category === 'certificate');
  return new LocateVisitor(() => new Detector(own), swept.key, request.now);
};

const bySpki = (located: readonly LocatedFinding[]): ReadonlyMap<string, readonly Finding[]> => {
  const distinct = new Map(located.map(({ finding }) => [finding.judgement.fingerprint ?? '', finding] as const));
  return Map.groupBy(distinct.values(), ({ judgement }) => judgement.spki ?? ' ');
};
