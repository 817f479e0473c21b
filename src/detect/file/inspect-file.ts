import { invariant } from '../../errors.ts';
import { plainNarrow } from '../../kernel/index.ts';
import {
  fileRules,
  isAtLeastAsSevere,
  isAtLeastAsSure,
  type Judgement,
  judgeAssignment,
  type PathRule,
  type Reason,
  type Severity,
  severities,
  strongestVerdict,
  type Verdict,
} from '../../rules/index.ts';
import { latin1, latin1Bytes, SecretBytes } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { redact } from '../redact.ts';
import { type Narrowing, narrowingsOf } from '../text-encoding.ts';
import { type Content, contentOf } from './content.ts';
import type { Pair } from './pair.ts';
import { type Reading, readingOf } from './readers.ts';

/** What a file with a sensitive name turned out to be. */
export interface FileInspection {
  /** The values that its readers found, by place. */
  readonly findings: readonly Finding[];
  /** Whether the file itself is a leak, and why; `inert` where it is not. Null where the name means nothing here. */
  readonly file: FileVerdict | null;
}

export interface FileVerdict {
  readonly rule: PathRule;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

export interface InspectOptions {
  /** What the rules for any text found in the same bytes: a file with a token in it is a leak, whoever found it. */
  readonly found?: readonly Finding[];
  /** False where the bytes are only the beginning of the file. */
  readonly isWhole?: boolean;
}

/** A bundle may hold a key behind a hundred certificates. */
const maxHead = 64 * 1024;

/** Readers see no more of a file: configuration is small, and what comes behind is still read by the rules for any text. */
const maxTextBytes = 1024 * 1024;

/**
 * Reads a file whose path meets `rules` (see `createPathMatcher`) and judges it by its content; the name alone decides only where
 * the content cannot be judged. Total: any bytes give an answer.
 */
export const inspectFile = (
  bytes: Uint8Array,
  rules: readonly PathRule[],
  { found = [], isWhole = true }: InspectOptions = {},
): FileInspection => {
  const { text, narrowing } = textOf(bytes.subarray(0, maxTextBytes));
  const content = contentOf(text.slice(0, maxHead));
  const findings = isReadable(content, text) ? findValues(text, narrowing, rules, content) : [];
  const alive = [...findings, ...found].filter((finding) => finding.judgement.verdict !== 'inert');
  const isJudged = isWhole && bytes.length <= maxTextBytes;
  const keys = found.filter((finding) => finding.rule.category === 'private-key');
  const verdicts = rules.flatMap((rule) => judgeFile(rule, { content, findings, alive, keys, isJudged }) ?? []);
  return { findings, file: worst(verdicts) };
};

const isReadable = (content: Content, text: string): boolean =>
  content.kind !== 'empty' && content.kind !== 'pointer' && content.kind !== 'foreign' && !text.includes('\x00');

const textOf = (bytes: Uint8Array): { text: string; narrowing: Narrowing | null } => {
  const [narrowing] = bytes[0] === 0xff || bytes[0] === 0xfe ? narrowingsOf(bytes, 1) : [];
  if (narrowing === undefined) return { text: latin1(bytes), narrowing: null };
  return { text: latin1(plainNarrow(bytes, narrowing)), narrowing };
};

const findValues = (
  text: string,
  narrowing: Narrowing | null,
  rules: readonly PathRule[],
  content: Content,
): readonly Finding[] => {
  const bySpan = new Map<string, Finding>();
  for (const rule of rules) {
    // A raw secret stands where a key is expected (`production.key`), never where a certificate is.
    const isRaw = content.kind === 'text' && isAtLeastAsSevere(rule.severity, 'high');
    const reading = rule.parser !== 'pem' || isRaw ? readingOf(rule.parser, text) : null;
    if (reading === null) continue;
    for (const pair of reading.read(text)) {
      const finding = findingOf(pair, reading, rule, narrowing);
      const key = `${pair.span.start} ${pair.span.end}`;
      if (finding !== null && !bySpan.has(key)) bySpan.set(key, finding);
    }
  }
  return [...bySpan.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
};

const findingOf = (pair: Pair, reading: Reading, rule: PathRule, narrowing: Narrowing | null): Finding | null => {
  const id = pair.known !== undefined && reading.rule === 'config-secret' ? 'kubernetes-secret' : reading.rule;
  const fileRule = fileRules.find((one) => one.id === id);
  invariant(fileRule !== undefined, 'a reading names a rule of the catalogue');
  const judgement =
    id === 'htpasswd-hash' ? judgeHash(pair.value) : judgePair(pair, id === 'whole-file-secret' ? rule : null);
  if (judgement === null) return null;
  const secret = judgement.canonical ?? latin1Bytes(pair.value);
  const { start, end } = pair.span;
  const span =
    narrowing === null
      ? { start, end }
      : { start: narrowing.start + start * narrowing.unitBytes, end: narrowing.start + end * narrowing.unitBytes };
  const wrapping = [
    ...(narrowing === null ? [] : [narrowing.wrapping]),
    ...(pair.wrapping === undefined ? [] : [pair.wrapping]),
  ];
  return {
    rule: fileRule,
    span,
    secret: new SecretBytes(secret),
    redacted: redact(secret, 0, false),
    judgement,
    wrapping,
  };
};

/** @param whole the path rule where the file is nothing but its secret: then the name says how bad it is. */
const judgePair = (pair: Pair, whole: PathRule | null): Judgement | null => {
  const known = pair.known === undefined ? {} : { known: pair.known };
  const judgement = judgeAssignment(pair.name, pair.value, { form: 'config', ...known });
  return judgement?.verdict === 'likely' && whole !== null ? { ...judgement, severity: whole.severity } : judgement;
};

const judgeHash = (value: string): Judgement | null => {
  if (/^[!*x]/.test(value)) return null;
  const isSlow = /^\$(?:2[abxy]?|5|6|7|y|argon2|scrypt|pbkdf2)/.test(value);
  const detail = isSlow ? 'A hash that is slow to guess.' : 'A hash that is quick to guess.';
  return {
    verdict: 'possible',
    severity: isSlow ? 'low' : 'medium',
    reasons: [{ kind: 'password-hash', verdict: 'possible', detail }],
  };
};

interface Evidence {
  readonly content: Content;
  readonly findings: readonly Finding[];
  /** Findings that are not inert, of any rule. */
  readonly alive: readonly Finding[];
  /** What the rules for keys found: they read them, so they know better. */
  readonly keys: readonly Finding[];
  /** All of the file was seen. */
  readonly isJudged: boolean;
}

const judgeFile = (rule: PathRule, { content, findings, alive, keys, isJudged }: Evidence): FileVerdict | null => {
  const say = (severity: Severity, verdict: Verdict, kind: string, detail: string): FileVerdict => ({
    rule,
    title: title(rule),
    severity,
    verdict,
    reasons: [{ kind, verdict, detail }],
  });
  // What only chooses a reader is reported with what was found in it, and then only where that is sure enough.
  const counts = rule.nameAlone || isAtLeastAsSevere(rule.severity, 'medium');
  const verdict = strongestVerdict(alive.map((finding) => finding.judgement.verdict));
  const isKey = content.kind === 'private' && keys.length === 0;
  if (alive.length > 0 && (!isKey || isAtLeastAsSure(verdict, 'likely'))) {
    if (!rule.nameAlone && !(counts && isAtLeastAsSure(verdict, 'likely'))) return null;
    const severity = isAtLeastAsSure(verdict, 'likely') ? rule.severity : milder(rule.severity, worstOf(alive));
    const values = alive.length === 1 ? 'A value in it looks' : `${alive.length} values in it look`;
    return say(severity, verdict, 'holds-credentials', `${values} like a credential.`);
  }
  switch (content.kind) {
    case 'private': {
      const [known] = keys.flatMap((key) => key.judgement.reasons);
      if (known !== undefined) return say('info', 'inert', known.kind, known.detail);
      return say(
        milder(rule.severity, 'high') === 'info' ? 'high' : rule.severity,
        'likely',
        'private-key',
        `The content is a ${content.what}, not encrypted.`,
      );
    }
    case 'public':
      return say('info', 'inert', 'public', `The content is public: ${content.what}.`);
    case 'encrypted':
      return say('info', 'inert', 'encrypted', `The content is encrypted (${content.what}).`);
    case 'foreign':
      return content.what === 'an archive' && rule.nameAlone && mayBeArchive(rule) ? byName(say, rule) : null;
    case 'pointer':
      return rule.nameAlone
        ? say('info', 'possible', 'not-here', 'Git LFS holds the content, which was not read.')
        : null;
    case 'binary':
      return rule.nameAlone ? byName(say, rule) : null;
    case 'empty':
      return rule.nameAlone ? say('info', 'inert', 'empty', 'The file is empty, or holds only comments.') : null;
    case 'text': {
      const all = findings.map((finding) => finding.judgement.reasons[0]?.kind);
      if (all.length > 0 && counts && all.every((kind) => kind === 'encrypted'))
        return say('info', 'inert', 'encrypted', 'Every secret value in it is encrypted.');
      if (!rule.nameAlone) return null;
      if (!isJudged) return byName(say, rule);
      return findings.length > 0
        ? say('info', 'inert', 'placeholders-only', 'Every value in it is a placeholder or encrypted.')
        : say('info', 'inert', 'no-secrets', 'Nothing in it looks like a secret.');
    }
  }
};

const byName = (
  say: (severity: Severity, verdict: Verdict, kind: string, detail: string) => FileVerdict,
  rule: PathRule,
): FileVerdict =>
  say(rule.severity, 'possible', 'name', `The name says: ${rule.holds}. The content could not be judged.`);

const mayBeArchive = (rule: PathRule): boolean => rule.parser === 'opaque' || rule.parser === 'auto';

const title = (rule: PathRule): string => rule.holds.charAt(0).toUpperCase() + rule.holds.slice(1);

const milder = (a: Severity, b: Severity): Severity => (isAtLeastAsSevere(a, b) ? b : a);

const worstOf = (findings: readonly Finding[]): Severity => {
  const all = findings.map((finding) => finding.judgement.severity ?? finding.rule.severity);
  return severities.find((severity) => all.includes(severity)) ?? 'low';
};

/** The surest verdict first, then the worst severity; among equals the first rule. */
const worst = (list: readonly FileVerdict[]): FileVerdict | null => {
  const [first, ...rest] = list;
  if (first === undefined) return null;
  return rest.reduce((best, one) => {
    if (one.verdict !== best.verdict) return isAtLeastAsSure(one.verdict, best.verdict) ? one : best;
    return one.severity !== best.severity && isAtLeastAsSevere(one.severity, best.severity) ? one : best;
  }, first);
};
