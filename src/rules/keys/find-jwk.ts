import { createPrivateKey, createPublicKey } from 'node:crypto';
import { latin1, utf8Bytes } from '../../text/index.ts';
import type { Judgement, LongMatch } from '../rule.ts';
import { trimmed } from './der.ts';
import { judgeKey } from './judge-key.ts';
import { pointOf, primesFit } from './key-proof.ts';
import type { KeyReading } from './key-reading.ts';
import { nameOf, type PublicKey, publicKeyOfSpki } from './public-key.ts';

export const jwkBytes = 16 * 1024;

/** The object around a member `kty`, if it has private members; such objects hold no others. @see RFC 7517, RFC 7518, RFC 8037 */
export const findJwk = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  const zone = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const from = Math.max(0, anchorAt - jwkBytes);
  const open = zone.subarray(from, anchorAt).lastIndexOf(0x7b);
  const close = zone.subarray(anchorAt, anchorAt + jwkBytes).indexOf(0x7d);
  if (open < 0 || close < 0) return null;
  const [start, end] = [from + open, anchorAt + close + 1];
  // The first such member of an object speaks for it, so that many of them cost no more than one.
  const lead = latin1(text, start, anchorAt);
  if (/[^a-z]kty[^a-z]|\}/.test(lead)) return null;
  const jwk = parseObject(latin1(text, start, end));
  const judgement = jwk && judgeJwk(jwk);
  if (!judgement) return null;
  return { start, end, secret: text.slice(start, end), judgement };
};

const judgeJwk = (jwk: Members): Judgement | null => {
  if (jwk['kty'] === 'oct') return judgeSymmetric(jwk['k'] ?? '');
  const reading = readJwk(jwk);
  return reading && judgeKey(reading, utf8Bytes(jwk['d'] ?? ''));
};

/** A shared key proves nothing; words and short ones are examples. */
const judgeSymmetric = (k: string): Judgement | null => {
  const bytes = Buffer.from(k, 'base64url');
  if (bytes.length < 16 || new Set(k).size < 14) return null;
  return {
    verdict: 'likely',
    title: `Symmetric key of ${bytes.length * 8} bits (JWK)`,
    reasons: [{ kind: 'format', verdict: 'likely', detail: 'A shared key has nothing that could be checked.' }],
    canonical: utf8Bytes(k),
  };
};

type Members = Readonly<Record<string, string>>;

/** The string members; keys in a JSON string have escaped quotes, Python and JavaScript write them otherwise, or not at all. */
const parseObject = (source: string): Members | null => {
  const members: Record<string, string> = {};
  const plain = source.replace(/\\{1,4}"/g, '"');
  for (const match of plain.matchAll(
    /(?<![A-Za-z0-9_])["']?([a-z0-9_]{1,8})["']?\s{0,40}:\s{0,40}["']([A-Za-z0-9_\-+/=.]{1,4000})["']/g,
  ))
    members[match[1] ?? ''] ??= match[2] ?? '';
  return members['kty'] === undefined ? null : members;
};

const readJwk = (jwk: Members): KeyReading | null => {
  const kty = jwk['kty'];
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return null;
  const d = jwk['d'] ?? '';
  if (Buffer.from(d, 'base64url').length < 16 || /^(.)\1*$/.test(d)) return null;
  const key = publicHalfOf(jwk);
  const name = `${kty === 'OKP' ? (jwk['crv'] ?? '') : kty} private key`;
  if (key === null || !isWhole(jwk, key))
    return { state: 'unproved', name, why: 'Its members do not make one key.', fits: key !== null || kty !== 'RSA' };
  return { state: 'plain', key, name: nameOf(key).name };
};

const publicHalfOf = (jwk: Members): PublicKey | null => {
  try {
    const secret = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
    return publicKeyOfSpki(createPublicKey(secret).export({ type: 'spki', format: 'der' }));
  } catch {
    return null; // members that make no key are no failure, and the error may quote them
  }
};

const isWhole = (jwk: Members, key: PublicKey): boolean => {
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
