import {
  checkPrimeSync,
  createCipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  pbkdf2Sync,
} from 'node:crypto';
import type { Maker } from '../rule.ts';
import { encode, encodeInteger, encodeOid, tags } from './der.ts';
import { oids } from './oids.ts';
import { wireString } from './wire.ts';

/**
 * A valid PEM private key, made from a seed at run time: the same seed gives the same key on every machine, no key stands
 * in the tree, and no randomness is needed. RSA takes a tenth of a second, so there is one for all seeds.
 */
export const makePem = (kind: Parameters<Maker['pem']>[0], seed = ''): string => {
  switch (kind) {
    case 'rsa':
      rsaPem ??= pemOf('RSA PRIVATE KEY', rsaDer());
      return rsaPem;
    case 'ec':
      return pemOf('EC PRIVATE KEY', ecDer(bytesOf(`ec ${seed}`, 32)));
    case 'ed25519':
      return pemOf('PRIVATE KEY', ed25519Der(bytesOf(`ed25519 ${seed}`, 32)));
    case 'encrypted':
      return pemOf('ENCRYPTED PRIVATE KEY', encryptedDer(seed));
    case 'openssh':
      return pemOf('OPENSSH PRIVATE KEY', opensshKey(bytesOf(`openssh ${seed}`, 32), 'example'), 70);
  }
};

let rsaPem: string | null = null;

/** Armor around bytes, in lines of `width` characters, with a newline at the end. */
export const pemOf = (label: string, bytes: Uint8Array, width = 64): string => {
  const body = Buffer.from(bytes).toString('base64');
  const lines = Array.from({ length: Math.ceil(body.length / width) }, (_, i) =>
    body.slice(i * width, (i + 1) * width),
  );
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};

/** The bytes inside the armor. */
export const derOf = (pem: string): Uint8Array => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');

/** SHA-256 in counter mode. */
export const bytesOf = (seed: string, length: number): Buffer => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`unleak example key ${i} ${seed}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
};

/** PKCS#8. */
export const ed25519Der = (seed: Uint8Array): Uint8Array =>
  encode(
    tags.sequence,
    encodeInteger(Uint8Array.of(0)),
    encode(tags.sequence, encodeOid(oids.ed25519)),
    encode(tags.octetString, encode(tags.octetString, seed)),
  );

const ecDer = (scalar: Buffer): Uint8Array => {
  scalar[0] = (scalar[0] ?? 0) & 0x7f; // below the order of the curve
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  return encode(
    tags.sequence,
    encodeInteger(Uint8Array.of(1)),
    encode(tags.octetString, scalar),
    encode(tags.context0, encodeOid('1.2.840.10045.3.1.7')),
    encode(tags.context1, encode(tags.bitString, Uint8Array.of(0), ecdh.getPublicKey())),
  );
};

const encryptedDer = (seed: string): Uint8Array => {
  const [salt, iv] = [bytesOf(`salt ${seed}`, 16), bytesOf(`iv ${seed}`, 16)];
  const rounds = 10_000;
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(`passphrase ${seed}`, salt, rounds, 32, 'sha256'), iv);
  const data = Buffer.concat([cipher.update(ed25519Der(bytesOf(`encrypted ${seed}`, 32))), cipher.final()]);
  const sha256 = encode(tags.sequence, encodeOid('1.2.840.113549.2.9'), encode(0x05));
  const kdf = encode(
    tags.sequence,
    encodeOid(oids.pbkdf2),
    encode(
      tags.sequence,
      encode(tags.octetString, salt),
      encodeInteger(Uint8Array.of(rounds >> 8, rounds & 0xff)),
      sha256,
    ),
  );
  const scheme = encode(tags.sequence, encodeOid('2.16.840.1.101.3.4.1.42'), encode(tags.octetString, iv));
  return encode(
    tags.sequence,
    encode(tags.sequence, encodeOid(oids.pbes2), encode(tags.sequence, kdf, scheme)),
    encode(tags.octetString, data),
  );
};

/** An Ed25519 key in OpenSSH's own format, not encrypted. @see openssh-portable, PROTOCOL.key */
export const opensshKey = (seed: Uint8Array, comment: string): Uint8Array => {
  const secret = createPrivateKey({ key: Buffer.from(ed25519Der(seed)), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(secret).export({ type: 'spki', format: 'der' }).subarray(-32);
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(open)]);
  const check = seed.subarray(0, 4);
  const parts = [check, check, blob, wireString(Buffer.concat([seed, open])), wireString(comment)];
  const section = Buffer.concat(parts);
  const padding = Uint8Array.from({ length: (8 - (section.length % 8)) % 8 }, (_, i) => i + 1);
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(wireString),
    Uint8Array.of(0, 0, 0, 1),
    wireString(blob),
    wireString(Buffer.concat([section, padding])),
  ]);
};

/** 2048 bits; PKCS#1. */
const rsaDer = (): Uint8Array => {
  const e = 65_537n;
  const p = primeFrom('p', e);
  const q = primeFrom('q', e);
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = [p * q, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return encode(tags.sequence, encodeInteger(Uint8Array.of(0)), ...numbers.map((one) => encodeInteger(magnitude(one))));
};

/** The first prime of 1024 bits behind a number made of the seed, that RSA can use with `e`. */
const primeFrom = (seed: string, e: bigint): bigint => {
  const start = bytesOf(`rsa ${seed}`, 128);
  start[0] = (start[0] ?? 0) | 0xc0; // so that the product has all its bits
  let candidate = BigInt(`0x${start.toString('hex')}`) | 1n;
  const small = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n];
  while (small.some((one) => candidate % one === 0n) || candidate % e === 1n || !checkPrimeSync(candidate))
    candidate += 2n;
  return candidate;
};

/** The inverse of `a` modulo `m`, by the extended Euclidean algorithm. */
const inverse = (a: bigint, m: bigint): bigint => {
  let [r, next, x, nextX] = [m, a % m, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [x, nextX] = [nextX, x - quotient * nextX];
  }
  return ((x % m) + m) % m;
};

const magnitude = (number: bigint): Uint8Array => {
  const digits = number.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
};
