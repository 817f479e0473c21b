import {
  type ContainerJudgement,
  isAtLeastAsSevere,
  isAtLeastAsSure,
  type PathRule,
  type Reason,
  type Severity,
  severities,
  strongestVerdict,
  type Verdict,
} from '../../rules/index.ts';
import { latin1 } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import type { Content } from './content.ts';

export interface FileVerdict {
  readonly rule: PathRule;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

/** What is known of a file when it is judged. */
export interface Evidence {
  /** The file as a key, a store of keys or something encrypted, if it is one. */
  readonly container: ContainerJudgement | null;
  readonly content: Content;
  readonly findings: readonly Finding[];
  /** Findings that are not inert, of any rule. */
  readonly alive: readonly Finding[];
  /** What the rules for keys found: they read them, so they know better. */
  readonly keys: readonly Finding[];
  /** All of the file was seen. */
  readonly isJudged: boolean;
}

/** Judges a file under one rule that its path meets. @returns null where that rule has nothing to say of such content. */
export const judgeFile = (rule: PathRule, evidence: Evidence): FileVerdict | null => {
  const { container, content, alive } = evidence;
  const verdict = strongestVerdict(alive.map((finding) => finding.judgement.verdict));
  // Of an encrypted file single values may still stand in clear.
  if (container !== null && !(container.verdict === 'inert' && isAtLeastAsSure(verdict, 'likely'))) {
    const { title, severity, reasons } = container;
    return { rule, title, severity, verdict: container.verdict, reasons };
  }
  if (content.kind === 'private') {
    const key = judgePrivate(rule, content.what, evidence.keys);
    if (key.verdict !== 'inert' || alive.length === 0) return key;
  }
  return alive.length > 0 ? judgeAlive(rule, alive, verdict) : judgeContent(rule, evidence);
};

const say = (rule: PathRule, severity: Severity, verdict: Verdict, kind: string, detail: string): FileVerdict => ({
  rule,
  title: rule.holds.charAt(0).toUpperCase() + rule.holds.slice(1),
  severity,
  verdict,
  reasons: [{ kind, verdict, detail }],
});

/** @param keys what the rules for keys found: they know test keys, and keys that only look like one. */
const judgePrivate = (rule: PathRule, what: string, keys: readonly Finding[]): FileVerdict => {
  const verdict = keys.length === 0 ? 'likely' : strongestVerdict(keys.map((key) => key.judgement.verdict));
  const [reason] = keys.flatMap((key) => key.judgement.reasons);
  if (verdict === 'inert' && reason !== undefined) return say(rule, 'info', 'inert', reason.kind, reason.detail);
  // A certificate's name is harmless; a key in such a file is not.
  const severity = rule.severity === 'info' ? 'high' : rule.severity;
  return say(rule, severity, verdict, 'private-key', `The content is a ${what}, not encrypted.`);
};

/** What only chooses a reader is reported with what was found in it, and then only where that is sure enough. */
const judgeAlive = (rule: PathRule, alive: readonly Finding[], verdict: Verdict): FileVerdict | null => {
  const isSure = isAtLeastAsSure(verdict, 'likely');
  if (!rule.nameAlone && !(isSure && mayBeLeak(rule))) return null;
  const severity = isSure ? rule.severity : milder(rule.severity, worstOf(alive));
  const count = new Set(alive.map(({ secret }) => latin1(secret.reveal()))).size;
  const values = count === 1 ? 'A value in it looks' : `${count} values in it look`;
  return say(rule, severity, verdict, 'holds-credentials', `${values} like a credential.`);
};

/** Nothing was found in it: does the content clear the file? */
const judgeContent = (rule: PathRule, { content, findings, isJudged }: Evidence): FileVerdict | null => {
  const inert = (kind: string, detail: string): FileVerdict => say(rule, 'info', 'inert', kind, detail);
  switch (content.kind) {
    case 'public':
      return inert('public', `The content is public: ${content.what}.`);
    case 'encrypted':
      return inert('encrypted', `The content is encrypted (${content.what}).`);
    case 'foreign':
      return content.what === 'an archive' && mayBeArchive(rule) ? byName(rule) : null;
    case 'private':
    case 'binary':
      return byName(rule);
    case 'pointer':
      if (!rule.nameAlone) return null;
      return say(rule, 'info', 'possible', 'not-here', 'Git LFS holds the content, which was not read.');
    case 'empty':
      return rule.nameAlone ? inert('empty', 'The file is empty, or holds only comments.') : null;
    case 'text':
      if (findings.length > 0 && mayBeLeak(rule) && findings.every(isEncrypted))
        return inert('encrypted', 'Every secret value in it is encrypted.');
      if (!isJudged || !rule.nameAlone) return byName(rule);
      return findings.length > 0
        ? inert('placeholders-only', 'Every value in it is a placeholder or encrypted.')
        : inert('no-secrets', 'Nothing in it looks like a secret.');
  }
};

const isEncrypted = (finding: Finding): boolean => finding.judgement.reasons[0]?.kind === 'encrypted';

const byName = (rule: PathRule): FileVerdict | null =>
  rule.nameAlone
    ? say(rule, rule.severity, 'possible', 'name', `The name says: ${rule.holds}. The content could not be judged.`)
    : null;

const mayBeLeak = (rule: PathRule): boolean => rule.nameAlone || isAtLeastAsSevere(rule.severity, 'medium');

const mayBeArchive = (rule: PathRule): boolean => rule.parser === 'opaque' || rule.parser === 'auto';

const milder = (a: Severity, b: Severity): Severity => (isAtLeastAsSevere(a, b) ? b : a);

const worstOf = (findings: readonly Finding[]): Severity => {
  const all = findings.map((finding) => finding.judgement.severity ?? finding.rule.severity);
  return severities.find((severity) => all.includes(severity)) ?? 'low';
};

/** The surest verdict first, then the worst severity; among equals the first rule. */
export const worstFile = (list: readonly FileVerdict[]): FileVerdict | null => {
  const [first, ...rest] = list;
  if (first === undefined) return null;
  return rest.reduce((best, one) => {
    if (one.verdict !== best.verdict) return isAtLeastAsSure(one.verdict, best.verdict) ? one : best;
    return one.severity !== best.severity && isAtLeastAsSevere(one.severity, best.severity) ? one : best;
  }, first);
};
