import { createPrivateKey, createPublicKey } from 'node:crypto';
import { latin1, utf8Bytes } from '../../text/index.ts';
import type { LongMatch } from '../rule.ts';
import { trimmed } from './der.ts';
import { judgeKey } from './judge-key.ts';
import { pointOf, primesFit } from './key-proof.ts';
import type { KeyReading } from './key-reading.ts';
import { nameOf, type PublicKey, publicKeyOfSpki } from './public-key.ts';

export const jwkBytes = 16 * 1024;

/** The JSON object around a member `kty`, if it has private members. @see RFC 7517, RFC 7518, RFC 8037 */
export const findJwk = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  const from = Math.max(0, anchorAt - jwkBytes);
  const zone = latin1(text, from, Math.min(text.length, anchorAt + jwkBytes));
  const open = openingBrace(zone, anchorAt - from);
  const close = open < 0 ? -1 : closingBrace(zone, open);
  if (close < 0) return null;
  const jwk = parseObject(zone.slice(open, close));
  const reading = jwk && readJwk(jwk);
  if (!jwk || !reading) return null;
  const [start, end] = [from + open, from + close];
  const judgement = judgeKey(reading, utf8Bytes(jwk['k'] ?? jwk['d'] ?? jwk['priv'] ?? ''));
  return { start, end, secret: text.slice(start, end), judgement };
};

/** A key is a flat object: braces between it and its member close again. */
const openingBrace = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at >= 0; at -= 1) {
    if (text[at] === '}') depth += 1;
    if (text[at] === '{') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return -1;
};

const closingBrace = (text: string, open: number): number => {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
};

/** The string members; keys in a JSON string have escaped quotes, those in Python and JavaScript single ones. */
const parseObject = (source: string): Readonly<Record<string, string>> | null => {
  const members: Record<string, string> = {};
  const plain = source.replace(/\\{1,4}"/g, '"');
  for (const match of plain.matchAll(/["']([a-z0-9_]{1,8})["']\s{0,40}:\s{0,40}["']([A-Za-z0-9_\-+/=.]{1,4000})["']/g))
    members[match[1] ?? ''] ??= match[2] ?? '';
  return members['kty'] === undefined ? null : members;
};

const readJwk = (jwk: Readonly<Record<string, string>>): KeyReading | null => {
  const kty = jwk['kty'];
  if (kty === 'oct') return readSymmetric(jwk['k'] ?? '');
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return null;
  const d = jwk['d'] ?? '';
  if (Buffer.from(d, 'base64url').length < 16 || /^(.)\1*$/.test(d)) return null;
  const key = publicHalfOf(jwk);
  const name = `${kty === 'OKP' ? (jwk['crv'] ?? '') : kty} private key`;
  if (key === null || !isWhole(jwk, key))
    return { state: 'unproved', name, why: 'Its members do not make one key.', fits: key !== null || kty !== 'RSA' };
  return { state: 'plain', key, name: nameOf(key).name };
};

/** A shared key proves nothing; words and short ones are examples. */
const readSymmetric = (k: string): KeyReading | null => {
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < 16 || new Set(k).size < 14) return null;
  const why = 'A shared key has nothing that could be checked.';
  return { state: 'unproved', name: `Symmetric key of ${bytes.length * 8} bits (JWK)`, why, fits: true };
};

const publicHalfOf = (jwk: Readonly<Record<string, string>>): PublicKey | null => {
  try {
    const secret = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    return publicKeyOfSpki(createPublicKey(secret).export({ type: 'spki', format: 'der' }));
  } catch {
    return null; // members that make no key are no failure, and the error may quote them
  }
};

const isWhole = (jwk: Readonly<Record<string, string>>, key: PublicKey): boolean => {
  const member = (name: string): Uint8Array => trimmed(Buffer.from(jwk[name] ?? '', 'base64url'));
  if (key.type === 'rsa') return primesFit(member('n'), member('p'), member('q'));
  if (key.type !== 'ec') return jwk['x'] === undefined || isSameOkp(jwk['x'], key);
  const point = pointOf(key.curve, member('d'));
  return point === undefined || (point !== null && Buffer.compare(point, key.point) === 0);
};

const isSameOkp = (x: string, key: PublicKey): boolean => {
  const stored = Buffer.from(x, 'base64url');
  const made = key.type === 'ed25519' ? key.key : key.type === 'other' ? key.spki.subarray(-stored.length) : null;
  return made !== null && stored.length > 0 && Buffer.compare(stored, made) === 0;
};
