import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { credentialId, sensitiveFileId, strongCredentialId } from '../../src/exposure/index.ts';
import { isStrong, isStrongFile } from '../../src/exposure/strength.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

/** Random-looking, the same in every run: a walk over the alphabet in steps that a square makes irregular. */
const token = (length: number): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length }, (_, i) => alphabet[(i * i * 7 + i * 31 + 11) % 61]).join('');
};
const human = ['Summer', '2024', '!'].join('');
const pem = (body: string, label = 'PRIVATE KEY'): string =>
  [`-----BEGIN ${label}-----`, ...(body.match(/.{1,64}/g) ?? []), `-----END ${label}-----`, ''].join('\n');
const fingerprint = `SHA256:${token(43)}`;

test('ids never change: baselines hold them', async () => {
  expect({
    strong: await credentialId(bytes(token(36))),
    prefixed: await credentialId(bytes(`ghp_${token(36)}`)),
    weak: await credentialId(bytes(human)),
    fingerprint: await credentialId(bytes(fingerprint)),
    uri: await credentialId(bytes(`admin\0${human}\0db.example.com`)),
    empty: await credentialId(bytes('')),
    file: await sensitiveFileId(bytes(human)),
    keyFile: await sensitiveFileId(bytes(pem(token(800)))),
  }).toMatchInlineSnapshot(`
    {
      "empty": "u1-qzgtmufi7bcyi5nh",
      "file": "f1-h7nrrr3yc7v4tslf",
      "fingerprint": "u1-5e3zjojrxneo7gji",
      "keyFile": "f1-vjhnuwwtgjlxtvat",
      "prefixed": "u1-tbgjhdqy4oet56ul",
      "strong": "u1-oopqgxwygkfe346j",
      "uri": "u1-knorgb5p2cvxssp7",
      "weak": "u1-4jjodpxlopsy4lbh",
    }
  `);
});

test('an id is u1- or f1- and 16 characters of base32, whatever the bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (secret) => {
      expect(await credentialId(secret)).toMatch(/^u1-[a-z2-7]{16}$/);
    }),
    { numRuns: 20 },
  );
  expect(await sensitiveFileId(bytes('x'))).toMatch(/^f1-[a-z2-7]{16}$/);
});

test('base32 is that of RFC 4648, at its 80 bits', () => {
  const hash = createHash('sha256').update('unleak/credential/1\0').update(token(36)).digest().subarray(0, 10);
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = (bits.match(/.{5}/g) ?? []).map(
    (five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)],
  );
  expect(strongCredentialId(bytes(token(36)))).toBe(`u1-${letters.join('')}`);
});

test('the same bytes from another buffer, at another offset, are the same credential', async () => {
  const padded = Buffer.concat([bytes('xx'), bytes(human), bytes('yy')]);
  expect(await credentialId(padded.subarray(2, -2))).toBe(await credentialId(bytes(human)));
});

test('a file and a credential of the same bytes have different ids', async () => {
  expect((await sensitiveFileId(bytes(human))).slice(3)).not.toBe((await credentialId(bytes(human))).slice(3));
});

test('the quick answer is the same as the slow one, or none', async () => {
  for (const secret of [token(36), human, fingerprint]) {
    const quick = strongCredentialId(bytes(secret));
    if (quick !== null) expect(quick).toBe(await credentialId(bytes(secret)));
  }
  expect(strongCredentialId(bytes(human))).toBeNull();
});

describe('strength', () => {
  test.each([
    ['a random token', token(36)],
    ['a random token with a prefix', `xoxb-${token(24)}`],
    ['the fingerprint of a key', fingerprint],
    ['a URI with a random password', `user\0${token(36)}\0host`],
    ['a part of a structured token', `v1.eyJ.${token(40)}`],
  ])('%s is strong', (_, secret) => expect(isStrong(bytes(secret))).toBe(true));

  test.each([
    ['nothing', ''],
    ['a password', human],
    ['a short token', token(23)],
    ['a long repetition', 'aB3'.repeat(20)],
    ['a phrase in leet spelling', ['C0rr3ctH0rse', 'B4tteryS7aple', '2024'].join('')],
    ['a walk over the keyboard', ['QwertyUiopAsdfghJklZxcvbn', '12'].join('')],
    ['words with dashes', 'correct-horse-Battery-staple-2024-Really-Long'],
    ['hex digits: they may be the digest of a password', 'd41d8cd98f00b204e9800998ecf8427e'.repeat(2)],
    ['hex digits in both cases', 'D41d8cd98F00b204E9800998ecf8427e'],
    ['a URI whose host looks random', `user\0${human}\0${token(36)}.example.com`],
    ['a URI whose user looks random', `${token(36)}\0${human}\0db`],
    ['bytes that are no text', '\u00ff\u0000\u0001'.repeat(20)],
  ])('%s is weak', (_, secret) => expect(isStrong(Buffer.from(secret, 'latin1'))).toBe(false));
});

describe('strength of a file', () => {
  const key = pem(token(800));
  test.each([
    ['a private key', key],
    ['a key of a named kind', pem(token(800), 'RSA PRIVATE KEY')],
    [
      'a key with a certificate and its settings',
      `[ req ]\ndefault_md = sha256\n${key}${pem(token(400), 'CERTIFICATE')}`,
    ],
    ['a key with line ends of Windows', key.replaceAll('\n', '\r\n')],
    ['a key in which a word stands by chance', pem(`${token(400)}pass${token(400)}`)],
  ])('%s is strong', (_, file) => expect(isStrongFile(bytes(file))).toBe(true));

  test.each([
    ['nothing', ''],
    ['a password', human],
    ['a certificate', pem(token(800), 'CERTIFICATE')],
    ['a random token outside of PEM', token(300)],
    ['a key cut short', pem(token(128))],
    ['a template', pem('A'.repeat(800))],
    ['a key without an end', key.replace(/-----END.*/, '')],
    ['a key under headers', key.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\n\n')],
    ['a key beside a password', `${key}\nPASSWORD=${human}\n`],
    ['a key in a large file', key + '\n'.repeat(65_536)],
  ])('%s is weak', (_, file) => expect(isStrongFile(bytes(file))).toBe(false));

  test('many beginnings are read once', () => {
    expect(isStrongFile(bytes('-----BEGIN PRIVATE KEY-----'.repeat(2400)))).toBe(false);
  });
});

test('a strong file is hashed with its own tag, at 80 bits', async () => {
  const file = bytes(pem(token(800)));
  const hash = createHash('sha256').update('unleak/sensitive-file/1\0').update(file).digest('hex');
  const letters = (await sensitiveFileId(file)).slice(3);
  const bits = [...letters].map((letter) =>
    'abcdefghijklmnopqrstuvwxyz234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  expect(
    BigInt(`0b${bits.join('')}`)
      .toString(16)
      .padStart(20, '0'),
  ).toBe(hash.slice(0, 20));
});
