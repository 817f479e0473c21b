import { createHash } from 'node:crypto';
import { bitsOf } from './public-key.ts';

/** An OpenPGP secret key with its subkeys, as the packets say. */
export interface PgpFacts {
  /** Upper-case hex of the primary key's (or the only subkey's) fingerprint. */
  readonly fingerprint: string;
  /** `RSA, 2048 bits`. */
  readonly kind: string;
  readonly created: string;
  /** Hostile text; the first few. */
  readonly userIds: readonly string[];
  readonly protections: readonly PgpProtection[];
  /** Every packet lies whole within the bytes. */
  readonly isWhole: boolean;
}

/** Of one secret packet. `plain-unproved`: not encrypted, but its checksum does not fit. */
export type PgpProtection = 'plain' | 'plain-unproved' | 'encrypted' | 'no-secret' | 'card';

const secretKey = 5;
const publicKey = 6;
const secretSubkey = 7;
const userId = 13;

/** @returns the key, or null where the packets begin with no secret key. @see RFC 9580, sections 4.3, 5.5.3 */
export const readPgpSecretKey = (bytes: Uint8Array): PgpFacts | null => {
  let first: SecretPacket | null = null;
  const protections: PgpProtection[] = [];
  const userIds: string[] = [];
  let at = 0;
  for (let count = 0; at < bytes.length && count < 2000; count += 1) {
    const packet = readPacket(bytes, at);
    if (packet === null) break;
    if (packet.tag === secretKey || packet.tag === secretSubkey) {
      const secret = readSecretPacket(packet.body);
      if (secret === null) break;
      first ??= secret;
      protections.push(secret.protection);
    }
    if (first === null) return null;
    if (packet.tag === userId && userIds.length < 4) userIds.push(Buffer.from(packet.body).toString('utf8', 0, 200));
    at = packet.next;
  }
  if (first === null) return null;
  const { fingerprint, kind, created } = first;
  return { fingerprint, kind, created, userIds, protections, isWhole: at === bytes.length };
};

/** Whether the bytes begin as a secret key does, and are as many as its first packet says: it is changed, not made up. */
export const startsAsPgpSecretKey = (bytes: Uint8Array): boolean => {
  const packet = readPacket(bytes, 0);
  const [version = 0, , , , , algorithm = 0] = packet?.body ?? [];
  if (!packet || (packet.tag !== secretKey && packet.tag !== secretSubkey) || packet.body.length < 40) return false;
  return (version === 4 || version === 6) && algorithms.has(algorithm) && new Set(packet.body).size >= 24;
};

export type PgpContent = 'secret-key' | 'public-key' | 'encrypted-message' | 'signature';

/** What the first packet says that binary OpenPGP data is, or null; the packet must lie whole within the bytes. */
export const pgpContentOf = (bytes: Uint8Array): PgpContent | null => {
  const packet = readPacket(bytes, 0);
  const version = packet?.body[0];
  if (!packet || version === undefined) return null;
  const isKey = packet.body.length > 8 && version >= 3 && version <= 6;
  if (packet.tag === secretKey) return readPgpSecretKey(bytes) ? 'secret-key' : null;
  if (packet.tag === publicKey && isKey && publicPartOf(packet.body) !== null) return 'public-key';
  // What is encrypted to a key (tag 1) or a passphrase (tag 3) is followed by the data (9, 18, 20), often in pieces.
  const following = bytes[packet.next] ?? 0;
  const next = following & 0x40 ? following & 0x3f : (following >> 2) & 0x0f;
  const isSession = (packet.tag === 1 && version === 3) || (packet.tag === 3 && version >= 4 && version <= 6);
  if (isSession && following & 0x80 && [1, 3, 9, 18, 20].includes(next)) return 'encrypted-message';
  if (packet.tag === 2 && version === 4 && packet.next === bytes.length) return 'signature';
  return null;
};

interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
  readonly next: number;
}

/** Pieces and open lengths are not followed: no key is written that way. */
const readPacket = (bytes: Uint8Array, at: number): Packet | null => {
  const header = bytes[at] ?? 0;
  if (!(header & 0x80)) return null;
  const big = (from: number, count: number): number =>
    Array.from(bytes.subarray(from, from + count)).reduce((value, byte) => value * 256 + byte, 0);
  const whole = (tag: number, start: number, length: number): Packet | null =>
    start + length <= bytes.length ? { tag, body: bytes.subarray(start, start + length), next: start + length } : null;
  if (header & 0x40) {
    const tag = header & 0x3f;
    const first = bytes[at + 1] ?? 0xe0;
    if (first < 192) return whole(tag, at + 2, first);
    if (first < 224) return whole(tag, at + 3, (first - 192) * 256 + (bytes[at + 2] ?? 0) + 192);
    return first === 255 ? whole(tag, at + 6, big(at + 2, 4)) : null;
  }
  const size = [1, 2, 4][header & 3];
  return size === undefined ? null : whole((header >> 2) & 0x0f, at + 1 + size, big(at + 1, size));
};

interface SecretPacket {
  readonly fingerprint: string;
  readonly kind: string;
  readonly created: string;
  readonly protection: PgpProtection;
}

const readSecretPacket = (body: Uint8Array): SecretPacket | null => {
  const open = publicPartOf(body);
  if (open === null) return null;
  const seconds = Buffer.from(body).readUInt32BE(1);
  return {
    fingerprint: fingerprintOf(body.subarray(0, open.end)),
    kind: open.kind,
    created: new Date(seconds * 1000).toISOString(),
    protection: protectionOf(body, open.end),
  };
};

/** Where the public numbers end, and what kind of key they are. */
const publicPartOf = (body: Uint8Array): { readonly end: number; readonly kind: string } | null => {
  const version = body[0] ?? 0;
  if (body.length < 12 || (version !== 3 && version !== 4 && version !== 6)) return null;
  const algorithmAt = version === 3 ? 7 : 5;
  const algorithm = body[algorithmAt] ?? 0;
  const start = algorithmAt + (version === 6 ? 5 : 1);
  const shape = algorithms.get(algorithm);
  if (shape === undefined) return null;
  let at = start;
  for (const part of shape.parts) {
    const length =
      part === 'number' ? numberBytes(body, at) : part === 'counted' ? 1 + (body[at] ?? body.length) : part;
    at += length;
    if (at > body.length) return null;
  }
  const firstBits =
    shape.parts[0] === 'number' ? bitsOf(body.subarray(start + 2, start + numberBytes(body, start))) : 0;
  return { end: at, kind: firstBits > 0 ? `${shape.name}, ${firstBits} bits` : shape.name };
};

type Part = 'number' | 'counted' | number;

const algorithms: ReadonlyMap<number, { readonly name: string; readonly parts: readonly Part[] }> = new Map<
  number,
  { readonly name: string; readonly parts: readonly Part[] }
>([
  [1, { name: 'RSA', parts: ['number', 'number'] }],
  [2, { name: 'RSA', parts: ['number', 'number'] }],
  [3, { name: 'RSA', parts: ['number', 'number'] }],
  [16, { name: 'Elgamal', parts: ['number', 'number', 'number'] }],
  [17, { name: 'DSA', parts: ['number', 'number', 'number', 'number'] }],
  [18, { name: 'ECDH', parts: ['counted', 'number', 'counted'] }],
  [19, { name: 'ECDSA', parts: ['counted', 'number'] }],
  [22, { name: 'EdDSA', parts: ['counted', 'number'] }],
  [25, { name: 'X25519', parts: [32] }],
  [26, { name: 'X448', parts: [56] }],
  [27, { name: 'Ed25519', parts: [32] }],
  [28, { name: 'Ed448', parts: [57] }],
]);

/** Of a multiprecision integer, with its two bytes of bit count. */
const numberBytes = (body: Uint8Array, at: number): number =>
  2 + Math.ceil(((body[at] ?? 0xff) * 256 + (body[at + 1] ?? 0xff)) / 8);

const protectionOf = (body: Uint8Array, at: number): PgpProtection => {
  const usage = body[at];
  if (usage === undefined) return 'plain-unproved';
  if (usage === 0) return isSumRight(body, at + 1) ? 'plain' : 'plain-unproved';
  // 101: an extension of GnuPG, which marks a key whose secret is elsewhere.
  const specifier = Buffer.from(body).indexOf('GNU', at, 'latin1');
  if (usage >= 253 && specifier >= 0 && specifier <= at + 8 && body[specifier - 2] === 101)
    return body[specifier + 3] === 2 ? 'card' : 'no-secret';
  return 'encrypted';
};

/** The secret numbers are followed by the sum of their bytes; version 6 has no sum, and its numbers must fill the packet. */
const isSumRight = (body: Uint8Array, at: number): boolean => {
  if (body[0] === 6) return body.length > at + 16;
  const end = body.length - 2;
  let sum = 0;
  for (let i = at; i < end; i += 1) sum = (sum + (body[i] ?? 0)) & 0xffff;
  return end > at + 2 && sum === (body[end] ?? 0) * 256 + (body[end + 1] ?? 0);
};

const fingerprintOf = (open: Uint8Array): string => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(open.length);
  switch (open[0] ?? 0) {
    case 4:
      return hex('sha1', Uint8Array.of(0x99), length.subarray(2), open);
    case 6:
      return hex('sha256', Uint8Array.of(0x9b), length, open);
    default: {
      // Version 3: the numbers alone, without their bit counts.
      const n = numberBytes(open, 8);
      return hex('md5', open.subarray(10, 8 + n), open.subarray(10 + n));
    }
  }
};

const hex = (algorithm: string, ...parts: readonly Uint8Array[]): string =>
  createHash(algorithm).update(Buffer.concat(parts)).digest('hex').toUpperCase();
