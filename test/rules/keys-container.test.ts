import { createHash, createHmac, createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeContainer, makePem } from '../../src/rules/index.ts';
import { encode, encodeInteger, encodeOid, tags } from '../../src/rules/keys/der.ts';
import { latin1Bytes } from '../../src/text/index.ts';

const data = '1.2.840.113549.1.7.1';
const key = createPrivateKey(makePem('rsa'));
const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
const pkcs1 = key.export({ type: 'pkcs1', format: 'der' });

const contentInfo = (content: Uint8Array): Uint8Array =>
  encode(tags.sequence, encodeOid(data), encode(tags.context0, encode(tags.octetString, content)));

/** A PKCS#12 file with one bag, and a MAC over the password. The derivation stands here a second time, as RFC 7292 says it. */
const pkcs12 = (bag: string, password: string, rounds = 2048): Uint8Array => {
  const bags = encode(tags.sequence, encode(tags.sequence, encodeOid(bag), encode(tags.context0, pkcs8)));
  const safe = encode(tags.sequence, contentInfo(bags));
  const salt = Buffer.from('12345678');
  const repeat = (bytes: Uint8Array): Buffer =>
    Buffer.from(Array.from({ length: 64 }, (_, i) => bytes[i % bytes.length] ?? 0));
  const secret = Buffer.from(`${password}\0`, 'utf16le').swap16();
  let block = Buffer.concat([Buffer.alloc(64, 3), repeat(salt), repeat(secret)]);
  for (let round = 0; round < rounds; round += 1) block = createHash('sha256').update(block).digest();
  const digest = createHmac('sha256', block).update(safe).digest();
  const algorithm = encode(tags.sequence, encodeOid('2.16.840.1.101.3.4.2.1'), encode(0x05));
  const mac = encode(
    tags.sequence,
    encode(tags.sequence, algorithm, encode(tags.octetString, digest)),
    encode(tags.octetString, salt),
    encodeInteger(Uint8Array.of(rounds >> 8, rounds & 0xff)),
  );
  return encode(tags.sequence, encodeInteger(Uint8Array.of(3)), contentInfo(safe), mac);
};

const shrouded = '1.2.840.113549.1.12.10.1.2';

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const utf = (text: string): Buffer => Buffer.concat([number(text.length).subarray(2), Buffer.from(text)]);

const jks = (alias: string, password: string, kind = 1): Buffer => {
  const date = Buffer.alloc(8);
  const certificate = [utf('X.509'), number(3), Buffer.from('abc')];
  const entry = kind === 1 ? [number(4), Buffer.from('seal'), number(1), ...certificate] : certificate;
  const body = Buffer.concat([number(0xfeedfeed), number(2), number(1), number(kind), utf(alias), date, ...entry]);
  const trailer = createHash('sha1').update(Buffer.from(password, 'utf16le').swap16()).update('Mighty Aphrodite');
  return Buffer.concat([body, trailer.update(body).digest()]);
};

describe('a file is judged by its bytes', () => {
  test('a DER key is confirmed, and is the same key in every form', () => {
    const [a, b] = [judgeContainer(pkcs8), judgeContainer(pkcs1)];
    expect(a).toMatchObject({
      format: 'private-key',
      title: 'RSA private key, 2048 bits, not encrypted',
      verdict: 'confirmed',
      encrypted: false,
    });
    expect(b?.canonical).toEqual(a?.canonical);
    expect(b?.spki).toBe(createHash('sha256').update(spkiOfKey()).digest('hex'));
  });

  test('an encrypted DER key says how it is encrypted', () => {
    const der = Buffer.from(makePem('encrypted').replace(/-----.*-----|\n/g, ''), 'base64');
    expect(judgeContainer(der)).toMatchObject({ verdict: 'inert', encrypted: true });
    expect(judgeContainer(der)?.reasons[0]?.detail).toContain('AES-256-CBC, PBKDF2 with 10000 rounds');
  });

  test('a key whose numbers do not fit together is not confirmed', () => {
    const changed = Buffer.from(pkcs1);
    changed[200] = (changed[200] ?? 0) ^ 1;
    expect(judgeContainer(changed)?.verdict).not.toBe('confirmed');
  });

  test('a PKCS#12 store that opens with a default password is confirmed, another one is encrypted', () => {
    expect(judgeContainer(pkcs12(shrouded, 'changeit'))).toMatchObject({ verdict: 'confirmed', encrypted: false });
    expect(judgeContainer(pkcs12(shrouded, ''))).toMatchObject({ verdict: 'confirmed', severity: 'high' });
    expect(judgeContainer(pkcs12(shrouded, 'kX3-unguessed'))).toMatchObject({ verdict: 'possible', encrypted: true });
    expect(judgeContainer(pkcs12(shrouded, 'kX3-unguessed', 20_000))).toMatchObject({
      verdict: 'inert',
      encrypted: true,
    });
  });

  test('a PKCS#12 store with a key bag in clear is confirmed whatever its password', () => {
    expect(judgeContainer(pkcs12('1.2.840.113549.1.12.10.1.1', 'kX3-unguessed'))?.verdict).toBe('confirmed');
  });

  test('a Java key store is judged by its entries and its password', () => {
    expect(judgeContainer(jks('release', 'changeit'))).toMatchObject({ verdict: 'confirmed', format: 'java-keystore' });
    expect(judgeContainer(jks('release', 'kX3-unguessed'))).toMatchObject({ verdict: 'possible', encrypted: true });
    expect(judgeContainer(jks('androiddebugkey', 'android'))).toMatchObject({ verdict: 'inert', severity: 'info' });
    expect(judgeContainer(jks('root', 'changeit', 2))).toMatchObject({ verdict: 'inert', severity: 'info' });
  });

  test.each([
    ['git-crypt', `\0GITCRYPT\0${'x'.repeat(40)}`],
    ['ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n3338\n'],
    ['age', 'age-encryption.org/v1\n-> X25519 abc\n'],
    ['openssl enc', `Salted__${'x'.repeat(40)}`],
    ['sops', 'a: ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]\nsops:\n    kms: []\n'],
    ['KeePass', `\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5${'x'.repeat(40)}`],
    ['GnuPG', 'Created: 20200101T000000\nKey: (protected-private-key (rsa (n #00#)))\n'],
    ['PGP', `\x8c\x0d\x04\x09\x03\x08${'x'.repeat(9)}\xd2\x40`],
  ])('a file encrypted by %s is said to be encrypted', (_, text) => {
    expect(judgeContainer(latin1Bytes(text))).toMatchObject({ verdict: 'inert', encrypted: true });
  });

  test('a keytab names whose key it holds', () => {
    const short = (value: number): Buffer => number(value).subarray(2);
    const sized = (text: string): Buffer => Buffer.concat([short(text.length), Buffer.from(text)]);
    const names = [short(1), sized('EXAMPLE.ORG'), sized('http')];
    const entry = Buffer.concat([...names, number(1), number(0), Buffer.of(1), short(18), sized('k'.repeat(32))]);
    const found = judgeContainer(Buffer.concat([Buffer.of(5, 2), number(entry.length), entry]));
    expect(found?.reasons[0]?.detail).toContain('http@EXAMPLE.ORG');
  });

  test('text, code and images are none of these', () => {
    for (const text of ['', 'hello\n', '{"a": 1}', '#!/bin/sh\necho\n', '\x89PNG\r\n\x1a\n', 'BEGIN', '\x30\x82'])
      expect(judgeContainer(latin1Bytes(text)), text).toBeNull();
  });

  test('changed, cut and random bytes never throw', () => {
    const samples = [pkcs1, pkcs8, Buffer.from(pkcs12(shrouded, 'x', 2)), jks('release', 'x')];
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(255), fc.nat(2000), (bytes, at, value, cut) => {
        const changed = Buffer.from(bytes.subarray(0, Math.max(1, bytes.length - (cut % 3 === 0 ? cut : 0))));
        changed[at % Math.min(changed.length, 80)] = value;
        const found = judgeContainer(changed);
        expect(found === null || found.reasons.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const found = judgeContainer(bytes);
        expect(found === null || found.reasons.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

const spkiOfKey = (): Uint8Array => {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const numbers = [n, e].map((part) => encodeInteger(Buffer.from(part, 'base64url')));
  const algorithm = encode(tags.sequence, encodeOid('1.2.840.113549.1.1.1'), encode(0x05));
  return encode(tags.sequence, algorithm, encode(tags.bitString, Uint8Array.of(0), encode(tags.sequence, ...numbers)));
};
