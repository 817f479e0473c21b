import type { CredentialName } from '../../rules/index.ts';
import type { ByteSpan } from '../../text/index.ts';
import type { Skim } from './skim.ts';

/** A name and its value, as the reader of a file found them. Text is Latin-1: one character is one byte of the file. */
export interface Pair {
  readonly name: string;
  /** Without quotes, escapes decoded. */
  readonly value: string;
  /** The value as it stands in the file, without its quotes. */
  readonly span: ByteSpan;
  /** The file says that this is secret, whatever the name. */
  readonly known?: CredentialName['kind'];
  /** How the value is wrapped in the file: `value` is what was inside. */
  readonly wrapping?: 'base64';
}

/**
 * Reads what it can and passes over what it cannot; never throws, and works in one pass over the text.
 * @param skim knows which lines have to be read, for who reads lines.
 */
export type Reader = (text: string, skim: Skim) => readonly Pair[];

/** A file of more pairs is data, not configuration. */
export const maxPairs = 5000;

/** @returns the text of base64, or null where it is none or not text. */
export const decodeBase64Text = (text: string): string | null => {
  if (text.length < 4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  return /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(decoded) ? decoded : null;
};
