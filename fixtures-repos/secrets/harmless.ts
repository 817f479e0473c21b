import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { bits, integer, octets, oid, pem, sequence, set, text, time } from './der.ts';
import { ed25519Key, opensshFile, string } from './keys.ts';
import type { SeededMaker } from './maker.ts';

/** A public key: made to be shown. */
export const publicKeyPem = (make: SeededMaker): string =>
  String(createPublicKey(ed25519Key(make).pem).export({ format: 'pem', type: 'spki' }));

/** A self-signed X.509 certificate, valid from 2024 to 2034. */
export const certificatePem = (make: SeededMaker): string => {
  const key = createPrivateKey(ed25519Key(make).pem);
  const algorithm = sequence(oid('2b6570'));
  const name = sequence(set(sequence(oid('550403'), text('shop.acme-corp.net'))));
  const validity = sequence(time('240101000000Z'), time('340101000000Z'));
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const serial = integer(BigInt(`0x1${make.bytes(8).toString('hex')}`));
  const body = sequence(serial, algorithm, name, validity, name, spki);
  return pem('CERTIFICATE', sequence(body, algorithm, bits(sign(null, body, key))));
};

/** PKCS#8 under PBES2: nobody reads it without its password, so its inner bytes may be any. */
export const encryptedKeyPem = (make: SeededMaker): string => {
  const derivation = sequence(oid('2a864886f70d01050c'), sequence(octets(make.bytes(16)), integer(2048)));
  const cipher = sequence(oid('60864801650304012a'), octets(make.bytes(16)));
  const scheme = sequence(oid('2a864886f70d01050d'), sequence(derivation, cipher));
  return pem('ENCRYPTED PRIVATE KEY', sequence(scheme, octets(make.bytes(128))));
};

/** What ssh-keygen writes with a passphrase. */
export const encryptedOpensshKey = (make: SeededMaker): string =>
  pem(
    'OPENSSH PRIVATE KEY',
    opensshFile({
      cipher: 'aes256-ctr',
      kdf: 'bcrypt',
      options: Buffer.concat([string(make.bytes(16)), Buffer.of(0, 0, 0, 16)]),
      point: make.bytes(32),
      secret: make.bytes(144),
    }),
    70,
  );
