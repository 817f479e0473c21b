import { because, byShape } from './judge.ts';
import { parseJsonPart } from './jwt.ts';
import type { Maker, Rule } from './rule.ts';
import { longToken, token, wordStart } from './token.ts';

const bech32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

const polymod = (values: readonly number[]): number => {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, bit) => {
      if ((top >>> bit) & 1) sum ^= generator;
    });
  }
  return sum;
};

const expand = (head: string): readonly number[] => [
  ...[...head].map((character) => character.charCodeAt(0) >> 5),
  0,
  ...[...head].map((character) => character.charCodeAt(0) & 31),
];

/** Whether a bech32 text (BIP 173), in one case, ends in the checksum of its head and data. */
export const isBech32 = (text: string): boolean => {
  const lower = text.toLowerCase();
  const at = lower.lastIndexOf('1');
  const data = [...lower.slice(at + 1)].map((character) => bech32.indexOf(character));
  return at > 0 && !data.includes(-1) && polymod([...expand(lower.slice(0, at)), ...data]) === 1;
};

/** @param data digits of base 32. */
export const toBech32 = (head: string, data: readonly number[]): string => {
  const sum = polymod([...expand(head), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checksum = Array.from({ length: 6 }, (_, index) => (sum >>> (5 * (5 - index))) & 31);
  return `${head}1${[...data, ...checksum].map((digit) => bech32[digit] ?? '').join('')}`;
};

const makeAgeIdentity = (make: Maker): string => {
  const digits = [...make.of(bech32, 51)].map((character) => bech32.indexOf(character));
  // 32 bytes are 51 digits and one bit more: the last digit holds that bit alone.
  return toBech32('age-secret-key-', [...digits, 16]).toUpperCase();
};

export const secretManagerRules: readonly Rule[] = [
  token({
    id: 'age-identity',
    provider: 'age',
    title: 'age identity (private key)',
    category: 'private-key',
    severity: 'critical',
    attack: 'Decrypts every file that was encrypted to it, for example the secrets of sops.',
    rotate: 'sops-age-key',
    docs: 'https://age-encryption.org/v1',
    prefixes: ['AGE-SECRET-KEY-1'],
    body: {
      source: '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}',
      end: 'A-Za-z0-9_',
      make: (make) => makeAgeIdentity(make).slice('AGE-SECRET-KEY-1'.length),
    },
    judge: (match) =>
      isBech32(match.secret)
        ? because('checksum', 'confirmed', 'The checksum of the identity is right.')
        : because('checksum-mismatch', 'inert', 'The checksum of the identity is wrong: it was altered or made up.'),
  }),
  longToken({
    id: 'onepassword-service-account-token',
    provider: '1Password',
    title: '1Password service account token',
    category: 'saas',
    severity: 'critical',
    attack: 'Opens every vault that was granted to it, with all secrets in them.',
    rotate: 'generic-saas-api-key',
    docs: 'https://developer.1password.com/docs/service-accounts/security/',
    anchors: [{ text: 'ops_eyJ' }],
    maxBytes: 2048,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<prefix>ops_)(?<body>eyJ[A-Za-z0-9+/_-]{200,1600})={0,2})(?![A-Za-z0-9+/=_-])`,
    ),
    judge: (match) => {
      const facts = parseJsonPart(match.groups['body']);
      if (facts === null || facts['secretKey'] === undefined || facts['muk'] === undefined) return null;
      return because('format', 'likely', 'The JSON inside holds the keys of a service account.');
    },
    examples: [
      (make) =>
        `OP_SERVICE_ACCOUNT_TOKEN=ops_${Buffer.from(JSON.stringify({ signInAddress: 'a.test', email: 'a@b.test', srpX: make.hex(64), muk: { k: make.base62(43) }, secretKey: make.upper(30) })).toString('base64url')}`,
    ],
    nearMisses: [(make) => `OP_SERVICE_ACCOUNT_TOKEN=ops_eyJ${make.base62(300)}`],
  }),
  {
    reach: 'near',
    id: 'onepassword-secret-key',
    provider: '1Password',
    title: '1Password secret key',
    category: 'saas',
    severity: 'high',
    attack: 'Opens, together with the password, the vaults of an account.',
    rotate: 'generic-saas-api-key',
    docs: 'https://support.1password.com/secret-key-security/',
    // A3 is followed by letters and digits and six groups of them: the dash alone would be everywhere.
    anchors: [
      { text: '"A3-' },
      { text: ' A3-' },
      { text: '=A3-' },
      { text: "'A3-" },
      { text: '\nA3-' },
      { text: ':A3-' },
    ],
    pattern:
      /["'=:\s](?<secret>(?<prefix>A3-)[2-9A-HJ-NP-TV-Z]{6}-(?:[2-9A-HJ-NP-TV-Z]{6}-[2-9A-HJ-NP-TV-Z]{5}|[2-9A-HJ-NP-TV-Z]{11})-[2-9A-HJ-NP-TV-Z]{5}-[2-9A-HJ-NP-TV-Z]{5}-[2-9A-HJ-NP-TV-Z]{5})(?![A-Za-z0-9_-])/,
    judge: byShape(),
    examples: [
      (make) =>
        `secret key: A3-${[6, 6, 5, 5, 5, 5].map((size) => make.of('23456789ABCDEFGHJKLMNPQRSTVWXYZ', size)).join('-')}`,
    ],
    nearMisses: [
      (make) =>
        `secret key: A3-${[6, 6, 5, 5].map((size) => make.of('23456789ABCDEFGHJKLMNPQRSTVWXYZ', size)).join('-')}`,
    ],
  },
  {
    reach: 'near',
    id: 'otpauth-secret',
    provider: 'TOTP',
    title: 'One-time password secret',
    category: 'password',
    severity: 'high',
    attack: 'Makes the second factor of the account that it names.',
    rotate: 'generic-password',
    docs: 'https://github.com/google/google-authenticator/wiki/Key-Uri-Format',
    anchors: [{ text: 'otpauth://' }],
    pattern:
      /otpauth:\/\/[th]otp\/[^\s"'<>?]{0,120}\?(?:[A-Za-z]{1,12}=[^\s"'<>&]{0,60}&){0,4}secret=(?<secret>[A-Za-z2-7]{16,64})={0,6}(?![A-Za-z0-9])/,
    judge: (match) => {
      const upper = match.secret.toUpperCase();
      if (sampleSecrets.some((head) => upper.startsWith(head))) {
        return because('documented-example', 'inert', 'The secret of the documentation and of test vectors.');
      }
      return byShape()(match);
    },
    examples: [
      (make) =>
        `otpauth://totp/Acme:me@acme.test?secret=${make.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 32)}&issuer=Acme`,
    ],
    nearMisses: [
      () => `otpauth://totp/Example:alice@google.com?secret=${['JBSWY3DP', 'EHPK3PXP'].join('')}&issuer=Example`,
      () => 'otpauth://totp/Acme:me@acme.test?secret=short',
    ],
  },
];

const sampleSecrets = ['JBSWY3DPEHPK', 'GEZDGNBVGY3TQOJQ', 'HXDMVJECJJWSRB3H', 'NB2W45DF'];
