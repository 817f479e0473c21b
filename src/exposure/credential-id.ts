import { createHash, scrypt } from 'node:crypto';
import { isStrong, isStrongFile } from './strength.ts';

// All of this is frozen: baselines and ignore files of users hold ids. See docs/credential-ids.md.
const domain = 'unleak/credential/1';
const fileDomain = 'unleak/sensitive-file/1';
/** 80 bits: 16 characters of five. */
const idBytes = 10;
const cost = { N: 2 ** 12, r: 8, p: 1 } as const;

/**
 * The id of a credential, from its canonical bytes alone: `u1-` and 16 characters a-z, 2-7. A strong secret is hashed; a weak
 * one costs about 10 ms and 4 MiB on a thread of the pool, so ask only for what is reported.
 * @param canonical the decoded secret; of a key its public fingerprint `SHA256:…`; of a URI `user NUL password NUL host`.
 */
export const credentialId = async (canonical: Uint8Array): Promise<string> =>
  strongCredentialId(canonical) ?? `u1-${base32(await stretch(canonical, domain))}`;

/** The same id at once where the secret is strong, null where it is not and must be stretched. */
export const strongCredentialId = (canonical: Uint8Array): string | null =>
  isStrong(canonical) ? `u1-${base32(digest(canonical, domain).subarray(0, idBytes))}` : null;

/**
 * The id of a sensitive file, from its bytes: `f1-` and 16 characters. Stretched as that of a weak secret, for a file may hold
 * nothing but a password, or be known except for one; one that holds a private key is hashed.
 */
export const sensitiveFileId = async (bytes: Uint8Array): Promise<string> =>
  `f1-${base32(
    isStrongFile(bytes)
      ? digest(bytes, fileDomain).subarray(0, idBytes)
      : await stretch(createHash('sha256').update(bytes).digest(), fileDomain),
  )}`;

const digest = (bytes: Uint8Array, tag: string): Buffer =>
  createHash('sha256').update(`${tag}\0`, 'latin1').update(bytes).digest();

const stretch = (bytes: Uint8Array, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(bytes, salt, idBytes, cost, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648, lower case; for lengths that need no padding. */
const base32 = (bytes: Uint8Array): string => {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31];
    value &= 0xff;
  }
  return text;
};
