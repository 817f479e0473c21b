import { readElement } from './der.ts';
import { readDerPrivateKey } from './der-private-key.ts';
import type { KeyReading } from './key-reading.ts';
import { type PemBlock, type PemBody, pemBodyOf, rescuedBytesOf } from './pem.ts';
import { readOpensshKey, readSsh2Key } from './ssh-private-key.ts';
import { unescapeText } from './wrapping.ts';

export interface BlockReading {
  readonly reading: KeyReading;
  /** The decoded body. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the key of an armored block by its body: labels lie (an OpenSSH body under `RSA PRIVATE KEY` is common).
 * @returns null where there is no key: no base64, too short, filled with one character, words instead of bytes.
 */
export const readPrivateKeyBlock = (block: PemBlock): BlockReading | null => {
  const body = pemBodyOf(block.content);
  const first = body && readBody(body, block.label);
  if (first && first.state !== 'unproved') return { reading: first, bytes: body.bytes };
  const rescued = rescuedBytesOf(unescapeText(block.raw));
  const second = rescued && readKeyBytes(rescued);
  if (second && second.state !== 'unproved') return { reading: second, bytes: rescued };
  if (!first || !body || isShortened(block.content)) return null;
  return { reading: first, bytes: body.bytes };
};

/** Manuals leave out the middle. */
const isShortened = (content: string): boolean => /\.{3}|\xe2\x80\xa6|\[snip|<snip/i.test(content);

const readBody = (body: PemBody, label: string): KeyReading | null => {
  const name = `${label.replace(/ ?PRIVATE KEY.*$/, '') || 'Private'} private key`.replace(
    'Private private',
    'Private',
  );
  if (/ENCRYPTED/.test(body.headers.get('proc-type') ?? '')) return legacyEncrypted(body);
  if (label === 'TSS2 PRIVATE KEY')
    return { state: 'stub', key: null, name: 'TPM', where: 'wrapped by a TPM chip, useless without it' };
  if (/^ENCRYPTED (?:COSIGN|SIGSTORE) /.test(label))
    return { state: 'encrypted', key: null, how: 'scrypt and NaCl secretbox', weak: null };
  const reading = readKeyBytes(body.bytes);
  if (reading && reading.state !== 'unproved') return reading;
  if (!isPlausible(body.bytes) || /DUMMY|EXAMPLE|FAKE|TEST/.test(label)) return null;
  const fits = readElement(body.bytes, 0)?.end === body.bytes.length;
  if (reading) return { ...reading, fits: reading.fits && (fits || body.bytes[0] !== 0x30) };
  return { state: 'unproved', name, why: fits ? 'It does not parse.' : 'It is cut or changed.', fits };
};

/** @returns what the bytes say, or null where they are no private key of a known form. */
export const readKeyBytes = (bytes: Uint8Array): KeyReading | null =>
  readDerPrivateKey(bytes) ?? readOpensshKey(bytes) ?? readSsh2Key(bytes);

/** RFC 1421 as OpenSSL writes it: the key of the cipher is one MD5 of passphrase and salt. */
const legacyEncrypted = (body: PemBody): KeyReading | null => {
  if (body.bytes.length < 32) return null;
  const cipher = /^[A-Z0-9-]{3,20}/.exec(body.headers.get('dek-info') ?? '')?.[0] ?? 'an unnamed cipher';
  const weak =
    cipher === 'DES-CBC' ? 'DES is broken.' : 'The passphrase goes through one round of MD5: guessing is fast.';
  return { state: 'encrypted', key: null, how: `${cipher}, one round of MD5`, weak };
};

/** Bytes of a key are many and varied; fillings and words are not. The checks see base64, as people write it. */
const isPlausible = (bytes: Uint8Array): boolean => {
  if (bytes.length < 48) return false;
  const text = Buffer.from(bytes).toString('base64');
  // Runs of A and / are bytes of zeros and ones: lengths, and the numbers of a curve written out, have them.
  if (/([^A/])\1{11}|[A/]{60}/.test(text)) return false;
  if (/(.{1,8})\1{7}/.test(text.replace(/A{9,}|\/{9,}/g, ''))) return false;
  if (/EXAMPLE|REDACTED|PLACEHOLDER|PRIVATE|YourKey|YOURKEY|DUMMY|FAKE|NotReal/.test(text)) return false;
  return new Set(text).size >= Math.min(40, text.length / 4);
};
