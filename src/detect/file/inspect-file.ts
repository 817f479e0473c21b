import { plainNarrow } from '../../kernel/index.ts';
import { type ContainerJudgement, judgeContainer, type PathRule } from '../../rules/index.ts';
import { latin1 } from '../../text/index.ts';
import type { Finding } from '../finding.ts';
import { type Narrowing, narrowingsOf } from '../text-encoding.ts';
import { type Content, contentOf } from './content.ts';
import { findValues, type ReadableText } from './find-values.ts';
import { type FileVerdict, judgeFile, worstFile } from './judge-file.ts';
import { type InheritedLines, Skim, type SkimmedLines } from './skim.ts';

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
  /** Where the bytes were made by a delta of a file that was inspected. */
  readonly inherited?: InheritedLines | null;
}

/** A bundle may hold a key behind a hundred certificates. */
const maxHead = 64 * 1024;

/** Readers see no more of a file: configuration is small, and what comes behind is still read by the rules for any text. */
const maxTextBytes = 1024 * 1024;

/** A file's bytes, as readers and judges see them. What does not depend on its path is found out once. Total: any bytes will do. */
export class InspectedFile {
  readonly #container: ContainerJudgement | null;
  readonly #text: ReadableText;
  /** Of the containers only sops has values to read: those that it was not told to encrypt. */
  readonly #isReadable: boolean;
  readonly #isWide: boolean;
  readonly #isJudged: boolean;
  readonly #found: readonly Finding[];

  /** The bytes are not kept. */
  constructor(bytes: Uint8Array, { found = [], isWhole = true, inherited = null }: InspectOptions = {}) {
    const { text, narrowing } = textOf(bytes.subarray(0, maxTextBytes));
    const isShort = bytes.length <= maxTextBytes;
    const content: Content = isLateBinary(text) ? { kind: 'binary' } : contentOf(text.slice(0, maxHead));
    this.#container = judgeContainer(bytes);
    this.#isWide = narrowing !== null;
    this.#isJudged = isWhole && isShort;
    const skim = new Skim(text, narrowing === null && isShort ? inherited : null);
    this.#text = { text, narrowing, content, skim };
    this.#isReadable = (this.#container === null || text.includes('ENC[AES256_GCM,')) && isReadable(content, text);
    this.#found = found;
  }

  /**
   * Reads and judges the file under the rules that a path of it meets (see `createPathMatcher`); the name alone decides only where the
   * content cannot be judged.
   */
  inspect(rules: readonly PathRule[]): FileInspection {
    const container = this.#container;
    const { content } = this.#text;
    const findings = this.#isReadable ? findValues(this.#text, rules) : [];
    const alive = [...findings, ...this.#found].filter((finding) => finding.judgement.verdict !== 'inert');
    const keys = this.#found.filter((finding) => finding.rule.category === 'private-key');
    const evidence = { container, content, findings, alive, keys, isJudged: this.#isJudged };
    const verdicts = rules.flatMap((rule) => judgeFile(rule, evidence) ?? []);
    return { findings, file: worstFile(verdicts) };
  }

  /** What files that are made of this one by a delta may inherit. */
  get skimmed(): SkimmedLines {
    return this.#isWide || !this.#isJudged ? {} : this.#text.skim.known;
  }
}

/** Reads a file whose path meets `rules`, and judges it by its content. */
export const inspectFile = (bytes: Uint8Array, rules: readonly PathRule[], options?: InspectOptions): FileInspection =>
  new InspectedFile(bytes, options).inspect(rules);

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
