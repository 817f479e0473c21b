import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { latin1Bytes } from '../text/index.ts';

const digits62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** CRC-32 (IEEE, as zlib has it) over Latin-1 text, as an unsigned number. */
export const crc32Of = (text: string): number => crc32(latin1Bytes(text));

/** Base 62, digits 0-9 A-Z a-z, most significant first, padded with `0`. */
export const base62 = (value: number, length: number): string => {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = (digits62[rest % 62] ?? '') + text;
  return text.padStart(length, '0');
};

/** The last six characters that GitHub, npm and Vercel append to a token's body (without its prefix). */
export const crc32Base62 = (body: string): string => base62(crc32Of(body), 6);

/** @returns whether `body`, six characters of checksum included, is whole. */
export const hasCrc32Base62 = (body: string): boolean => crc32Base62(body.slice(0, -6)) === body.slice(-6);

/** Eight lower-case hex digits of the CRC-32, most significant first. */
export const crc32Hex = (text: string): string => crc32Of(text).toString(16).padStart(8, '0');

/** RFC 4648 base32 in upper case, without padding. */
export const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0x1fff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += digits32[(held >> bits) & 31] ?? '';
    }
  }
  return bits > 0 ? text + (digits32[(held << (5 - bits)) & 31] ?? '') : text;
};

/** @returns the bytes, incomplete bits at the end dropped, or null if a character is not of the alphabet. */
export const parseBase32 = (text: string): Uint8Array | null => {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text.toUpperCase()) {
    const digit = digits32.indexOf(character);
    if (digit < 0) return null;
    held = ((held << 5) | digit) & 0x1fff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
};

/**
 * What stands at characters 44-51 of the last part of a fine-grained GitHub token. Found on real revoked tokens and not
 * documented: it raises confidence, and its absence proves nothing.
 */
export const fineGrainedMark = (token: string): string =>
  base32(createHash('sha256').update(token.slice(0, 77), 'latin1').digest()).slice(0, 8);

export const hasFineGrainedMark = (token: string): boolean => fineGrainedMark(token) === token.slice(77, 85);

/** The last seven characters of a routable GitLab token: CRC-32 over all before them, prefix included, in base 36. */
export const gitlabChecksum = (rest: string): string => crc32Of(rest).toString(36).padStart(7, '0');

export const hasGitlabChecksum = (token: string): boolean => gitlabChecksum(token.slice(0, -7)) === token.slice(-7);

/** The last eight characters of Atlassian's tokens: CRC-32 over all before them, prefix and `=` included, upper-case hex. */
export const hasAtlassianChecksum = (token: string): boolean => {
  const plain = token.replace('%3D', '=').replace('\\=', '=');
  return crc32Hex(plain.slice(0, -8)).toUpperCase() === plain.slice(-8);
};

/**
 * The account number inside an AWS key id.
 * @param keyId four letters and 16 characters of base32.
 * @returns twelve digits, or null for the ids of before 2019, which hold none.
 */
export const awsAccountOf = (keyId: string): string | null => {
  if (/^.{4}[IJ]/.test(keyId)) return null;
  const bytes = parseBase32(keyId.slice(4, 20));
  if (bytes === null || bytes.length < 6) return null;
  let value = 0n;
  for (const byte of bytes.subarray(0, 6)) value = (value << 8n) | BigInt(byte);
  return ((value & 0x7fffffffff80n) >> 7n).toString().padStart(12, '0');
};
