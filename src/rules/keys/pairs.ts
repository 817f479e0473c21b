import type { Category } from '../rule.ts';

/** A key or a certificate, by whatever its caller calls it. */
export interface PairCandidate {
  readonly id: string;
  readonly category: Category;
  /** `Judgement.spki`; what has none fits nothing. */
  readonly spki?: string | undefined;
}

export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/**
 * Which certificate fits which private key: those whose SubjectPublicKeyInfo is the same. A key may fit several certificates
 * (renewals), a certificate one key.
 * @returns every pair once, ordered by key, then certificate.
 */
export const pairsOf = (candidates: readonly PairCandidate[]): readonly KeyPair[] => {
  const bySpki = new Map<string, Set<string>>();
  for (const { id, category, spki } of candidates) {
    if (category === 'certificate' && spki !== undefined) bySpki.set(spki, (bySpki.get(spki) ?? new Set()).add(id));
  }
  const pairs = new Map<string, KeyPair>();
  for (const { id, category, spki } of candidates) {
    if (!keyCategories.has(category) || spki === undefined) continue;
    for (const certificate of bySpki.get(spki) ?? []) pairs.set(`${id} ${certificate}`, { key: id, certificate });
  }
  return [...pairs.values()].sort((a, b) => compare(a.key, b.key) || compare(a.certificate, b.certificate));
};

const keyCategories: ReadonlySet<Category> = new Set(['private-key', 'key-store']);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
