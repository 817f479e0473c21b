import { knownKeyGroups, knownKeyHashes } from './known-keys-data.ts';

export interface KnownKey {
  readonly kind: 'test' | 'appliance' | 'published';
  /** Where it was found, in words: `badkeys/pkgkeys, debian`. */
  readonly source: string;
}

/**
 * @param spki lower-case hex of the SHA-256 of a DER SubjectPublicKeyInfo.
 * @returns whether the world already has the private half, by the first 64 bits of the hash (a chance hit: 1 in 2 · 10^15).
 */
export const knownKeyOf = (spki: string): KnownKey | null => {
  table ??= decode();
  return table.get(spki.slice(0, 16)) ?? null;
};

let table: ReadonlyMap<string, KnownKey> | null = null;

/** Made at the first key that parses: most scans never meet one. */
const decode = (): ReadonlyMap<string, KnownKey> => {
  const hex = Buffer.from(knownKeyHashes, 'base64').toString('hex');
  const found = new Map<string, KnownKey>();
  let at = 0;
  for (const { count, ...known } of knownKeyGroups) {
    for (const end = at + count * 16; at < end; at += 16) found.set(hex.slice(at, at + 16), known);
  }
  return found;
};
