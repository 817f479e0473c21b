import { createHash, createHmac, createPrivateKey, createPublicKey, type JsonWebKey, sign } from 'node:crypto';
import { encode, encodeInteger, encodeOid, tags } from './der.ts';
import { bytesOf, ed25519Der, makePem, pemOf } from './make-pem.ts';
import { wireString } from './wire.ts';

/** The private key of a PEM as a JSON Web Key. */
export const makeJwk = (pem: string): JsonWebKey => createPrivateKey(pem).export({ format: 'jwk' });

/**
 * A certificate for the public half of `pem`, valid for the year 2030, signed with an Ed25519 key made of the seed.
 * @param name the common name of its subject.
 */
export const makeCertificate = (seed: string, pem = makePem('ed25519', seed), name = 'host.example'): string => {
  const algorithm = encode(tags.sequence, encodeOid('1.3.101.112'));
  const time = (text: string): Uint8Array => encode(0x17, Buffer.from(text));
  const tbs = encode(
    tags.sequence,
    encode(tags.context0, encodeInteger(Uint8Array.of(2))),
    encodeInteger(bytesOf(`serial ${seed}`, 8).map((byte, i) => (i === 0 ? (byte & 0x7f) | 1 : byte))),
    algorithm,
    nameOf('Example Issuer'),
    encode(tags.sequence, time('300101000000Z'), time('301231235959Z')),
    nameOf(name),
    createPublicKey(pem).export({ type: 'spki', format: 'der' }),
  );
  const signature = sign(null, tbs, createPrivateKey(makePem('ed25519', `issuer ${seed}`)));
  const bits = encode(tags.bitString, Uint8Array.of(0), signature);
  return pemOf('CERTIFICATE', encode(tags.sequence, tbs, algorithm, bits));
};

const nameOf = (common: string): Uint8Array => {
  const attribute = encode(tags.sequence, encodeOid('2.5.4.3'), encode(0x0c, Buffer.from(common)));
  return encode(tags.sequence, encode(0x31, attribute));
};

/** An Ed25519 key of PuTTY, version 3, not encrypted. */
export const makePuttyKey = (seed: string): string => {
  const secret = bytesOf(`putty ${seed}`, 32);
  const open = Buffer.concat([wireString('ssh-ed25519'), wireString(publicOf(secret))]);
  const closed = wireString(secret);
  const covered = ['ssh-ed25519', 'none', 'example'].map((part) => wireString(part));
  const message = Buffer.concat([...covered, wireString(open), wireString(closed)]);
  const lines = (bytes: Uint8Array): string[] =>
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [
    'PuTTY-User-Key-File-3: ssh-ed25519',
    'Encryption: none',
    'Comment: example',
    `Public-Lines: ${lines(open).length}`,
    ...lines(open),
    `Private-Lines: ${lines(closed).length}`,
    ...lines(closed),
    `Private-MAC: ${createHmac('sha256', '').update(message).digest('hex')}`,
    '',
  ].join('\n');
};

/** An EdDSA key of OpenPGP, version 4, not encrypted, with a user id. */
export const makePgpKey = (seed: string): string => {
  const secret = bytesOf(`pgp ${seed}`, 32).map((byte, i) => (i === 0 ? byte | 0x80 : byte));
  const curve = Buffer.from('092b06010401da470f01', 'hex');
  const open = Buffer.concat([Buffer.of(4, 0x60, 0, 0, 0, 22), curve, Buffer.of(0x01, 0x07, 0x40), publicOf(secret)]);
  const number = Buffer.concat([Buffer.of(0x01, 0x00), secret]);
  const sum = number.reduce((total, byte) => total + byte, 0) & 0xffff;
  const body = Buffer.concat([open, Buffer.of(0), number, Buffer.of(sum >> 8, sum & 0xff)]);
  const packet = (tag: number, content: Uint8Array): Uint8Array =>
    Buffer.concat([Uint8Array.of(0xc0 | tag, content.length), content]);
  const bytes = Buffer.concat([packet(5, body), packet(13, Buffer.from('Example <user@host.example>'))]);
  const [begin = '', ...rest] = pemOf('PGP PRIVATE KEY BLOCK', bytes).split('\n');
  return [begin, '', ...rest.slice(0, -2), `=${checksumOf(bytes)}`, ...rest.slice(-2)].join('\n');
};

/** CRC-24. @see RFC 9580, 6.1 */
const checksumOf = (bytes: Uint8Array): string => {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x800000 ? ((crc << 1) ^ 0x1864cfb) & 0xffffff : crc << 1;
  }
  return Buffer.of(crc >> 16, (crc >> 8) & 0xff, crc & 0xff).toString('base64');
};

/** 32 bytes as `wg genkey` writes them. */
export const makeWireguardKey = (seed: string): string => {
  const bytes = createHash('sha256').update(`wireguard ${seed}`).digest();
  bytes[0] = (bytes[0] ?? 0) & 0xf8;
  bytes[31] = ((bytes[31] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('base64');
};

/** Hex digits in the armor of an OpenVPN static key. */
export const makeOpenvpnKey = (hex: string): string => {
  const label = 'OpenVPN Static key V1';
  return [`-----BEGIN ${label}-----`, ...(hex.match(/.{1,32}/g) ?? []), `-----END ${label}-----`, ''].join('\n');
};

const publicOf = (seed: Uint8Array): Uint8Array => {
  const key = createPrivateKey({ key: Buffer.from(ed25519Der(seed)), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
};
