import type { Judgement, Rule } from '../rules/index.ts';
import type { ByteSpan, SecretBytes } from '../text/index.ts';

/** A candidate that a rule's matcher and its evidence accept. */
export interface Finding {
  readonly rule: Rule;
  /** Of the secret, in bytes of the source as it is stored. */
  readonly span: ByteSpan;
  /** The canonical bytes: what makes two findings the same credential. */
  readonly secret: SecretBytes;
  /** Safe to show: a known prefix and a few characters of the end; of a password nothing. */
  readonly redacted: string;
  readonly judgement: Judgement;
  /** How it was wrapped: `utf-16le` …, outermost first. */
  readonly wrapping: readonly string[];
}
