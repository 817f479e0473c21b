import { crc32 } from 'node:zlib';
import { base62, digits, lowerCase, type SeededMaker, upperCase } from './maker.ts';

/** A classic personal access token: 30 characters and the CRC-32 over them in base 62. */
export const githubToken = (make: SeededMaker): string => withChecksum('ghp_', make.of(base62, 30));

/** Same layout as GitHub's. */
export const npmToken = (make: SeededMaker): string => withChecksum('npm_', make.of(base62, 30));

/** The token with another last character: right in form, wrong in its checksum. */
export const brokenChecksum = (token: string): string => {
  const last = base62.indexOf(token.slice(-1));
  return token.slice(0, -1) + base62.charAt((last + 1) % base62.length);
};

const withChecksum = (prefix: string, body: string): string => {
  let rest = crc32(body);
  let checksum = '';
  for (; rest > 0; rest = Math.floor(rest / 62)) checksum = base62.charAt(rest % 62) + checksum;
  return prefix + body + checksum.padStart(6, '0');
};

/** A workspace, a bot user, and 24 characters. */
export const slackBotToken = (make: SeededMaker): string =>
  ['xoxb', numberOf(make, 12), numberOf(make, 13), make.of(base62, 24)].join('-');

const numberOf = (make: SeededMaker, length: number): string => make.of('123456789', 1) + make.of(digits, length - 1);

/** A live key of today's length: the account stands behind `51`. */
export const stripeLiveKey = (make: SeededMaker): string => `${'sk_'}live_51${make.of(base62, 97)}`;

/** A long-term access key id. Its first 48 bits hold the account's number in bits 7 to 46. */
export const awsKeyId = (make: SeededMaker): string => {
  const account = BigInt(numberOf(make, 12));
  const head = (1n << 47n) | (account << 7n) | BigInt(make.bytes(1).readUInt8() & 0x7f);
  const bits =
    head.toString(2) +
    BigInt(`0x1${make.bytes(4).toString('hex')}`)
      .toString(2)
      .slice(1);
  return `AKIA${bits
    .match(/.{5}/g)
    ?.map((five) => base32.charAt(Number.parseInt(five, 2)))
    .join('')}`;
};

const base32 = `${upperCase}234567`;

/** 40 characters of base 64, of which at least one is upper case, lower case and a digit. */
export const awsSecretKey = (make: SeededMaker): string =>
  make.of(upperCase, 1) + make.of(lowerCase, 1) + make.of(digits, 1) + make.of(`${base62}+/`, 36) + make.of(base62, 1);

/** What a generator of passwords gives: 20 characters, nothing that needs escaping in a URI or a dotenv file. */
export const password = (make: SeededMaker): string =>
  make.of(upperCase, 1) + make.of(lowerCase, 1) + make.of(digits, 1) + make.of(base62, 17);
