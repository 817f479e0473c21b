import { createHash } from 'node:crypto';
import { makePem } from './keys/index.ts';
import type { Maker } from './rule.ts';

const alphabets = {
  digits: '0123456789',
  hex: '0123456789abcdef',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  base62: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
} as const;

/**
 * Credential-like text from a seed: the same seed gives the same text on every machine, and no text is in the tree.
 */
export const createMaker = (seed: string): Maker => {
  const next = byteStream(seed);
  const of = (alphabet: string, length: number): string => {
    let text = '';
    for (let at = 0; at < length; at++) text += alphabet[pick(next, alphabet.length)] ?? '';
    return text;
  };
  return {
    of,
    base62: (length) => of(alphabets.base62, length),
    hex: (length) => of(alphabets.hex, length),
    base64url: (length) => of(alphabets.base64url, length),
    digits: (length) => of(alphabets.digits, length),
    upper: (length) => of(alphabets.upper, length),
    pem: (kind) => makePem(kind, seed),
  };
};

/** SHA-256 in counter mode. */
const byteStream = (seed: string): (() => number) => {
  let counter = 0;
  let block: Uint8Array = new Uint8Array(0);
  let at = 0;
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(`${seed}:${counter++}`).digest();
      at = 0;
    }
    return block[at++] ?? 0;
  };
};

/** Without the bias that a bare remainder has. */
const pick = (next: () => number, size: number): number => {
  const limit = 256 - (256 % size);
  for (;;) {
    const byte = next();
    if (byte < limit) return byte % size;
  }
};
