import { plainNarrow } from '../../kernel/index.ts';
import { judgeContainer, type PathRule } from '../../rules/index.ts';
import { latin1 } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { type Narrowing, narrowingsOf } from '../text-encoding.ts';
import { type Content, contentOf } from './content.ts';
import { findValues } from './find-values.ts';
import { type FileVerdict, judgeFile, worstFile } from './judge-file.ts';

/** What a file with a sensitive name turned out to be. */
export interface FileInspection {
  /** The values that its readers found, by place. */
  readonly findings: readonly Finding[];
  /** Whether the file itself is a leak, and why; `inert` where it is not. Null where the name means nothing here. */
  readonly file: FileVerdict | null;
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
  const content: Content = isLateBinary(text) ? { kind: 'binary' } : contentOf(text.slice(0, maxHead));
  const container = judgeContainer(bytes);
  // Of the containers only sops has values to read: those that it was not told to encrypt.
  const mayHoldValues = container === null || text.includes('ENC[AES256_GCM,');
  const findings = mayHoldValues && isReadable(content, text) ? findValues(text, narrowing, rules, content.kind) : [];
  const alive = [...findings, ...found].filter((finding) => finding.judgement.verdict !== 'inert');
  const isJudged = isWhole && bytes.length <= maxTextBytes;
  const keys = found.filter((finding) => finding.rule.category === 'private-key');
  const evidence = { container, content, findings, alive, keys, isJudged };
  const verdicts = rules.flatMap((rule) => judgeFile(rule, evidence) ?? []);
  return { findings, file: worstFile(verdicts) };
};

/** Text at first, and something else behind: a script with its archive, a log with a dump. */
const isLateBinary = (text: string): boolean => text.indexOf('\x00') >= maxHead;

const isReadable = (content: Content, text: string): boolean =>
  content.kind !== 'empty' && content.kind !== 'pointer' && content.kind !== 'foreign' && !text.includes('\x00');

const textOf = (bytes: Uint8Array): { text: string; narrowing: Narrowing | null } => {
  const isMarked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const [narrowing] = isMarked ? narrowingsOf(bytes, bytes.length) : [];
  if (narrowing === undefined) return { text: latin1(bytes), narrowing: null };
  return { text: latin1(plainNarrow(bytes, narrowing)), narrowing };
};
