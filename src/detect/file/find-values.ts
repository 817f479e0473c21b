import { invariant } from '../../errors.ts';
import { fileRules, isAtLeastAsSevere, type Judgement, judgeAssignment, type PathRule } from '../../rules/index.ts';
import { latin1Bytes, SecretBytes } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { redact } from '../redact.ts';
import type { Narrowing } from '../text-encoding.ts';
import type { Content } from './content.ts';
import type { Pair } from './pair.ts';
import { type Reading, readingOf } from './readers.ts';
import type { Skim } from './skim.ts';

/** A text as it is shown to readers. */
export interface ReadableText {
  readonly text: string;
  /** How it was made of wider characters, if it was. */
  readonly narrowing: Narrowing | null;
  readonly content: Content;
  readonly skim: Skim;
}

/**
 * Reads a text with the parsers of the rules that its path meets, and judges each value.
 * @returns findings in the order of their place; a value that several readers see belongs to the first rule's.
 */
export const findValues = (
  { text, narrowing, content, skim }: ReadableText,
  rules: readonly PathRule[],
): readonly Finding[] => {
  const bySpan = new Map<string, Finding>();
  for (const rule of rules) {
    // A raw secret stands where a key is expected (`production.key`), never where a certificate is.
    const isRaw = content.kind === 'text' && isAtLeastAsSevere(rule.severity, 'high');
    const reading = rule.parser !== 'pem' || isRaw ? readingOf(rule.parser, text) : null;
    if (reading === null) continue;
    for (const pair of reading.read(text, skim)) {
      const finding = findingOf(pair, reading, rule, narrowing);
      if (finding === null) continue;
      const key = `${pair.span.start} ${pair.span.end}`;
      if (!bySpan.has(key)) bySpan.set(key, finding);
    }
  }
  return [...bySpan.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
};

const findingOf = (pair: Pair, reading: Reading, rule: PathRule, narrowing: Narrowing | null): Finding | null => {
  const id = pair.known !== undefined && reading.rule === 'config-secret' ? 'kubernetes-secret' : reading.rule;
  const judgement =
    id === 'htpasswd-hash' ? judgeHash(pair.value) : judgePair(pair, id === 'whole-file-secret' ? rule : null);
  if (judgement === null) return null;
  const fileRule = fileRules.find((one) => one.id === id);
  invariant(fileRule !== undefined, 'a reading names a rule of the catalogue');
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
