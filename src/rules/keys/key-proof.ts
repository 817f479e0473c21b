import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { encode, encodeInteger, encodeOid, tags } from './der.ts';
import { curveByOid, oids } from './oids.ts';
import { bitsOf, type PublicKey, publicKeyOfSpki } from './public-key.ts';

/** Whether p·q is n: a scrambled key passes for ASN.1, but not for this. Keys of three primes do not occur. */
export const primesFit = (n: Uint8Array, p: Uint8Array, q: Uint8Array): boolean =>
  n.length > 0 && toNumber(p) * toNumber(q) === toNumber(n);

/** @returns the public point of a scalar, null where it is none of the curve, undefined where the curve is not known. */
export const pointOf = (curve: string, scalar: Uint8Array): Uint8Array | null | undefined => {
  const name = curveByOid(curve)?.openssl;
  if (name === undefined) return undefined;
  try {
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(scalar);
    return ecdh.getPublicKey();
  } catch {
    return null; // no scalar of this curve, or a curve that this OpenSSL leaves out
  }
};

/** @returns the public half of an Ed25519 seed of 32 bytes, or null. */
export const ed25519Of = (seed: Uint8Array): Uint8Array | null => {
  const algorithm = encode(tags.sequence, encodeOid(oids.ed25519));
  const data = encode(tags.octetString, encode(tags.octetString, seed));
  const key = publicHalfOf(encode(tags.sequence, zero, algorithm, data), 'pkcs8');
  return key?.type === 'ed25519' ? key.key : null;
};

/**
 * @returns the public half of a DSA key, or null. It costs a modular power, so sizes are bounded: hostile numbers would take
 * minutes.
 */
export const dsaOf = (p: Uint8Array, q: Uint8Array, g: Uint8Array, x: Uint8Array): PublicKey | null => {
  if (bitsOf(p) > 4096 || bitsOf(g) > 4096 || bitsOf(q) > 512 || bitsOf(x) > 512) return null;
  const parameters = encode(tags.sequence, encodeInteger(p), encodeInteger(q), encodeInteger(g));
  const algorithm = encode(tags.sequence, encodeOid(oids.dsa), parameters);
  return publicHalfOf(encode(tags.sequence, zero, algorithm, encode(tags.octetString, encodeInteger(x))), 'pkcs8');
};

/** @returns the public half by Node's parser, or null where the DER is no key that it knows. */
export const publicHalfOf = (der: Uint8Array, type: 'pkcs8' | 'sec1'): PublicKey | null => {
  try {
    const secret = createPrivateKey({ key: Buffer.from(der), format: 'der', type });
    return publicKeyOfSpki(createPublicKey(secret).export({ type: 'spki', format: 'der' }));
  } catch {
    return null; // bytes that are no key are no failure, and the error may quote them
  }
};

const zero = encodeInteger(new Uint8Array(0));

const toNumber = (magnitude: Uint8Array): bigint =>
  magnitude.length === 0 ? 0n : BigInt(`0x${Buffer.from(magnitude).toString('hex')}`);
