import {
  checkPrimeSync,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
} from 'node:crypto';
import { bits, der, integer, octets, oid, pem, sequence } from './der.ts';
import type { SeededMaker } from './maker.ts';

export interface MadeKey {
  readonly pem: string;
  /** What `ssh-keygen -l` prints of its public half. */
  readonly fingerprint: string;
}

const ofPrivate = (text: string, type: 'pkcs1' | 'pkcs8' | 'sec1' = 'pkcs8'): MadeKey => {
  const key = createPublicKey(createPrivateKey({ key: text, format: 'pem', type }));
  const digest = createHash('sha256')
    .update(sshBlob(key.export({ format: 'jwk' })))
    .digest('base64');
  return { pem: text, fingerprint: `SHA256:${digest.replace(/=+$/, '')}` };
};

/** The public half as SSH sends it. */
const sshBlob = ({ kty, n = '', e = '', x = '', y = '' }: JsonWebKey): Buffer => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
  // The modulus begins with a set bit: a zero byte keeps its sign.
  if (kty === 'RSA') return sshStrings('ssh-rsa', bytes(e), Buffer.concat([Buffer.of(0), bytes(n)]));
  if (kty === 'OKP') return sshStrings('ssh-ed25519', bytes(x));
  return sshStrings('ecdsa-sha2-nistp256', 'nistp256', Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]));
};

const sshStrings = (...parts: readonly (string | Uint8Array)[]): Buffer => Buffer.concat(parts.map(string));

/** PKCS#1. 1024 bits: primes of that size are found in milliseconds, and the form is the same. */
export const rsaKey = (make: SeededMaker): MadeKey => {
  const e = 65537n;
  const p = prime(make, e);
  const q = prime(make, e);
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = [0n, p * q, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return ofPrivate(pem('RSA PRIVATE KEY', sequence(...numbers.map(integer))), 'pkcs1');
};

const prime = (make: SeededMaker, e: bigint): bigint => {
  const top = 3n << 510n;
  let candidate = top | (BigInt(`0x${make.bytes(63).toString('hex')}`) << 1n) | 1n;
  while (candidate % e === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
};

/** @returns x with a·x ≡ 1 (mod m), by Euclid. */
const inverse = (a: bigint, m: bigint): bigint => {
  let [r0, r1, x0, x1] = [m, a % m, 0n, 1n];
  while (r1 > 0n) [r0, r1, x0, x1] = [r1, r0 % r1, x1, x0 - (r0 / r1) * x1];
  return ((x0 % m) + m) % m;
};

/** SEC 1, P-256. */
export const ecKey = (make: SeededMaker): MadeKey => {
  const scalar = Buffer.concat([Buffer.of(0x31), make.bytes(31)]);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(scalar);
  const parts = [integer(1), octets(scalar), der(0xa0, oid('2a8648ce3d030107')), der(0xa1, bits(curve.getPublicKey()))];
  return ofPrivate(pem('EC PRIVATE KEY', sequence(...parts)), 'sec1');
};

const ed25519Oid = '2b6570';

/** PKCS#8. */
export const ed25519Key = (make: SeededMaker): MadeKey => ofPrivate(pem('PRIVATE KEY', ed25519Der(make.bytes(32))));

const ed25519Der = (seed: Buffer): Buffer => sequence(integer(0), sequence(oid(ed25519Oid)), octets(octets(seed)));

/** What ssh-keygen writes: openssh-key-v1, ed25519, no passphrase. */
export const opensshKey = (make: SeededMaker): MadeKey => {
  const seed = make.bytes(32);
  const made = ofPrivate(pem('PRIVATE KEY', ed25519Der(seed)));
  const point = createPublicKey(made.pem).export({ format: 'der', type: 'spki' }).subarray(-32);
  const check = make.bytes(4);
  const secret = Buffer.concat([
    check,
    check,
    ...['ssh-ed25519', point, Buffer.concat([seed, point]), 'deploy@build'].map(string),
  ]);
  return {
    pem: pem(
      'OPENSSH PRIVATE KEY',
      opensshFile({ cipher: 'none', kdf: 'none', options: Buffer.alloc(0), point, secret }),
      70,
    ),
    fingerprint: made.fingerprint,
  };
};

export interface OpensshParts {
  readonly cipher: string;
  readonly kdf: string;
  readonly options: Buffer;
  readonly point: Buffer;
  /** Padded here with 1, 2, 3 … to the block size. */
  readonly secret: Buffer;
}

export const opensshFile = ({ cipher, kdf, options, point, secret }: OpensshParts): Buffer => {
  const block = cipher === 'none' ? 8 : 16;
  const padding = Buffer.from(
    Array.from({ length: (block - (secret.length % block)) % block }, (_, index) => index + 1),
  );
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[cipher, kdf, options].map(string),
    Buffer.of(0, 0, 0, 1),
    string(Buffer.concat([string('ssh-ed25519'), string(point)])),
    string(Buffer.concat([secret, padding])),
  ]);
};

/** RFC 4251: four bytes of length, then the bytes. */
export const string = (value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
