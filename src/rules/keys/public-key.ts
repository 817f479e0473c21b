import { createHash, ECDH } from 'node:crypto';
import {
  childrenOf,
  contentOf,
  encode,
  encodeBits,
  encodeInteger,
  encodeOid,
  magnitudeOf,
  oidOf,
  readElement,
  tags,
  trimmed,
} from './der.ts';
import { algorithmNames, curveByOid, curveBySshName, oids } from './oids.ts';
import { WireReader, wireNumber, wireString } from './wire.ts';

/** The public half of a key, free of the form it was stored in. Numbers are magnitudes without leading zeros. */
export type PublicKey =
  | { readonly type: 'rsa'; readonly n: Uint8Array; readonly e: Uint8Array }
  | {
      readonly type: 'dsa';
      readonly p: Uint8Array;
      readonly q: Uint8Array;
      readonly g: Uint8Array;
      readonly y: Uint8Array;
    }
  /** `curve` is an OID, `point` uncompressed. */
  | { readonly type: 'ec'; readonly curve: string; readonly point: Uint8Array }
  | { readonly type: 'ed25519'; readonly key: Uint8Array }
  | { readonly type: 'other'; readonly algorithm: string; readonly spki: Uint8Array };

/** @returns the key of a DER SubjectPublicKeyInfo, or null where it is none. @see RFC 5280, 4.1.2.7 */
export const publicKeyOfSpki = (spki: Uint8Array): PublicKey | null => {
  const outer = readElement(spki, 0);
  const [algorithm, bits] = (outer !== null && outer.end === spki.length && childrenOf(spki, outer)) || [];
  if (algorithm?.tag !== tags.sequence || bits?.tag !== tags.bitString) return null;
  const [oid, parameters] = childrenOf(spki, algorithm) ?? [];
  const name = oid && oidOf(spki, oid);
  if (!name) return null;
  const key = contentOf(spki, bits).subarray(1);
  const other = { type: 'other', algorithm: name, spki } as const;
  switch (name) {
    case oids.rsa:
      return rsaOf(key) ?? other;
    case oids.ed25519:
      return key.length === 32 ? { type: 'ed25519', key } : other;
    case oids.ec: {
      const curve = parameters && oidOf(spki, parameters);
      const point = curve ? uncompressed(key, curve) : null;
      return curve && point ? { type: 'ec', curve, point } : other;
    }
    case oids.dsa: {
      const y = readElement(key, 0);
      const [p, q, g] = (parameters && integersOf(spki, parameters.at)) || [];
      return y && p && q && g ? { type: 'dsa', p, q, g, y: magnitudeOf(key, y) } : other;
    }
    default:
      return other;
  }
};

/** @returns the key of an SSH wire blob, or null where it is of no known type. @see RFC 4253, 6.6; RFC 5656; RFC 8709 */
export const publicKeyOfSshBlob = (blob: Uint8Array): PublicKey | null => {
  const wire = new WireReader(blob);
  const type = wire.text() ?? '';
  const number = (): Uint8Array => trimmed(wire.string() ?? new Uint8Array(0));
  switch (type) {
    case 'ssh-rsa': {
      const [e, n] = [number(), number()];
      return n.length > 0 && e.length > 0 ? { type: 'rsa', n, e } : null;
    }
    case 'ssh-dss': {
      const [p, q, g, y] = [number(), number(), number(), number()];
      return y.length > 0 ? { type: 'dsa', p, q, g, y } : null;
    }
    case 'ssh-ed25519': {
      const key = wire.string();
      return key?.length === 32 ? { type: 'ed25519', key } : null;
    }
    default: {
      const curve = curveBySshName(type.replace(/^ecdsa-sha2-/, ''));
      const [, point] = [wire.string(), wire.string()];
      return curve && point?.[0] === 0x04 ? { type: 'ec', curve: curve.oid, point } : null;
    }
  }
};

/** The DER SubjectPublicKeyInfo: the same bytes for the same key, whatever form it came in. */
export const spkiOf = (key: PublicKey): Uint8Array => {
  switch (key.type) {
    case 'rsa':
      return spki(
        [encodeOid(oids.rsa), encode(0x05)],
        encode(tags.sequence, encodeInteger(key.n), encodeInteger(key.e)),
      );
    case 'dsa':
      return spki(
        [encodeOid(oids.dsa), encode(tags.sequence, encodeInteger(key.p), encodeInteger(key.q), encodeInteger(key.g))],
        encodeInteger(key.y),
      );
    case 'ec':
      return spki([encodeOid(oids.ec), encodeOid(key.curve)], key.point);
    case 'ed25519':
      return spki([encodeOid(oids.ed25519)], key.key);
    case 'other':
      return key.spki;
  }
};

/** Lower-case hex of the SHA-256 of the SPKI: what joins key, certificate, CSR and JWK. */
export const spkiHashOf = (key: PublicKey): string => createHash('sha256').update(spkiOf(key)).digest('hex');

/**
 * `SHA256:` and the unpadded base64 of a SHA-256: over the SSH wire blob for the types that SSH knows (RSA, DSA, Ed25519,
 * ECDSA on the three NIST curves), so that it is what `ssh-keygen -l` prints; over the SPKI for all others. It depends on
 * the key alone, never on the form it was stored in.
 */
export const fingerprintOf = (key: PublicKey): string =>
  `SHA256:${createHash('sha256')
    .update(sshBlobOf(key) ?? spkiOf(key))
    .digest('base64')
    .replace(/=+$/, '')}`;

/** What people call it: `RSA` and `2048 bits`, `EC` and `P-256`, `Ed25519` and nothing. */
export const nameOf = (key: PublicKey): { readonly name: string; readonly detail: string | null } => {
  switch (key.type) {
    case 'rsa':
      return { name: 'RSA', detail: `${bitsOf(key.n)} bits` };
    case 'dsa':
      return { name: 'DSA', detail: `${bitsOf(key.p)} bits` };
    case 'ec':
      return { name: 'EC', detail: curveByOid(key.curve)?.name ?? `curve ${key.curve}` };
    case 'ed25519':
      return { name: 'Ed25519', detail: null };
    case 'other':
      return { name: algorithmNames.get(key.algorithm) ?? `Algorithm ${key.algorithm}`, detail: null };
  }
};

/** Why a key of this kind protects little even if nobody has it, or null. */
export const weaknessOf = (key: PublicKey): string | null => {
  if (key.type === 'dsa') return 'DSA is no longer accepted by current SSH and TLS software.';
  if (key.type === 'rsa') {
    const bits = bitsOf(key.n);
    if (bits <= 512) return `An RSA modulus of ${bits} bits can be factored by anyone.`;
    return bits < 2040 ? `An RSA modulus of ${bits} bits is too short.` : null;
  }
  const curve = key.type === 'ec' ? curveByOid(key.curve) : null;
  return curve && curve.bits < 224 ? `The curve ${curve.name} is too small.` : null;
};

export const bitsOf = (magnitude: Uint8Array): number =>
  magnitude.length === 0 ? 0 : magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;

const sshBlobOf = (key: PublicKey): Uint8Array | null => {
  switch (key.type) {
    case 'rsa':
      return Buffer.concat([wireString('ssh-rsa'), wireNumber(key.e), wireNumber(key.n)]);
    case 'dsa':
      return Buffer.concat([wireString('ssh-dss'), ...[key.p, key.q, key.g, key.y].map(wireNumber)]);
    case 'ed25519':
      return Buffer.concat([wireString('ssh-ed25519'), wireString(key.key)]);
    case 'ec': {
      const name = curveByOid(key.curve)?.ssh;
      return name ? Buffer.concat([wireString(`ecdsa-sha2-${name}`), wireString(name), wireString(key.point)]) : null;
    }
    case 'other':
      return null;
  }
};

const spki = (algorithm: readonly Uint8Array[], key: Uint8Array): Uint8Array =>
  encode(tags.sequence, encode(tags.sequence, ...algorithm), encodeBits(key));

/** Both spellings of a point are the same key. */
const uncompressed = (point: Uint8Array, curve: string): Uint8Array | null => {
  const name = curveByOid(curve)?.openssl;
  if (point[0] === 0x04) return point;
  if (name === undefined || (point[0] !== 0x02 && point[0] !== 0x03)) return null;
  try {
    const converted = ECDH.convertKey(point, name, undefined, undefined, 'uncompressed');
    return typeof converted === 'string' ? null : converted;
  } catch {
    return null; // no point of this curve
  }
};

const rsaOf = (der: Uint8Array): PublicKey | null => {
  const [n, e] = integersOf(der, 0) ?? [];
  return n && e && n.length > 0 ? { type: 'rsa', n, e } : null;
};

const integersOf = (bytes: Uint8Array, at: number): readonly Uint8Array[] | null => {
  const outer = readElement(bytes, at);
  const parts = outer && childrenOf(bytes, outer);
  return parts?.every((part) => part.tag === tags.integer) ? parts.map((part) => magnitudeOf(bytes, part)) : null;
};
