import { childrenOf, type Element, magnitudeOf, oidOf, tags } from './der.ts';
import { cipherNames, oids } from './oids.ts';

export interface Encryption {
  /** `AES-256-CBC, PBKDF2 with 2048 rounds`. */
  readonly how: string;
  /** Why that protects little, or null. */
  readonly weak: string | null;
}

/** Below this, a guess costs so little that a short passphrase falls at once. OpenSSL's own default is 2,048. */
const fewRounds = 10_000;

/**
 * Reads an AlgorithmIdentifier that encrypts by a password.
 * @returns null where the algorithm is no such one. @see RFC 8018, A.4; RFC 7292, appendix C
 */
export const readEncryption = (der: Uint8Array, algorithm: Element): Encryption | null => {
  const [oid, parameters] = childrenOf(der, algorithm) ?? [];
  const scheme = oid && oidOf(der, oid);
  if (!scheme) return null;
  if (scheme === oids.pbes2) return readPbes2(der, parameters);
  const known = cipherNames.get(scheme);
  const isByPassword = scheme.startsWith('1.2.840.113549.1.5.') || scheme.startsWith('1.2.840.113549.1.12.1.');
  if (!isByPassword) return null;
  return { how: known?.name ?? `scheme ${scheme}`, weak: known?.weak ? 'That scheme is broken.' : null };
};

const readPbes2 = (der: Uint8Array, parameters: Element | undefined): Encryption => {
  const [derivation, cipher] = (parameters && childrenOf(der, parameters)) || [];
  const [cipherOid] = (cipher && childrenOf(der, cipher)) || [];
  const cipherId = cipherOid && oidOf(der, cipherOid);
  const known = cipherId ? cipherNames.get(cipherId) : undefined;
  const cipherName = known?.name ?? 'PBES2';
  const [kdfOid, kdfParameters] = (derivation && childrenOf(der, derivation)) || [];
  const kdf = kdfOid && oidOf(der, kdfOid);
  const numbers = ((kdfParameters && childrenOf(der, kdfParameters)) || [])
    .filter((part) => part.tag === tags.integer)
    .map((part) => small(magnitudeOf(der, part)));
  const rounds = numbers[0];
  if (kdf === oids.scrypt) return { how: `${cipherName}, scrypt with N=${rounds}`, weak: weakCipher(known?.weak) };
  if (kdf !== oids.pbkdf2 || rounds === undefined) return { how: cipherName, weak: weakCipher(known?.weak) };
  return {
    how: `${cipherName}, PBKDF2 with ${rounds} rounds`,
    weak: weakCipher(known?.weak) ?? (rounds < fewRounds ? `Only ${rounds} rounds: guessing is fast.` : null),
  };
};

const weakCipher = (isWeak: boolean | undefined): string | null => (isWeak ? 'That cipher is broken.' : null);

/** A number that a report can print; hostile ones are cut at 2^53. */
const small = (magnitude: Uint8Array): number => {
  let value = 0;
  for (const byte of magnitude.subarray(0, 6)) value = value * 256 + byte;
  return magnitude.length > 6 ? Number.MAX_SAFE_INTEGER : value;
};
