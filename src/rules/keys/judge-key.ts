import { utf8Bytes } from '../../text/index.ts';
import type { Judgement } from '../rule.ts';
import type { Reason } from '../verdict.ts';
import type { KeyReading } from './key-reading.ts';
import { knownKeyOf } from './known-keys.ts';
import { fingerprintOf, nameOf, type PublicKey, spkiHashOf, weaknessOf } from './public-key.ts';

/**
 * What a report says of a key. The canonical bytes are the UTF-8 of its public fingerprint, so that the same key in any
 * form is one credential; where no public half is known they are `stored`, the decoded bytes of the key as it stands.
 */
export const judgeKey = (reading: KeyReading, stored: Uint8Array): Judgement => {
  switch (reading.state) {
    case 'plain':
      return judgePlain(reading, stored);
    case 'encrypted':
      return {
        verdict: 'inert',
        severity: reading.weak === null ? 'low' : 'medium',
        title: titleOf(reading.key, null, 'encrypted'),
        reasons: encryptedReasons(reading.how, reading.weak),
        ...identityOf(reading.key, stored),
      };
    case 'stub':
      return {
        verdict: 'inert',
        severity: 'low',
        title: titleOf(reading.key, reading.name, reading.where),
        reasons: [{ kind: 'stub', verdict: 'inert', detail: `No key is inside: it is ${reading.where}.` }],
        ...identityOf(reading.key, stored),
      };
    case 'unproved': {
      const verdict = reading.fits ? 'likely' : 'possible';
      return {
        verdict,
        title: `${reading.name}, damaged or of an unknown kind`,
        reasons: [{ kind: 'unproved', verdict, detail: `Looks like a key, but is not proved. ${reading.why}` }],
        canonical: stored,
      };
    }
  }
};

export const encryptedReasons = (how: string, weak: string | null): readonly Reason[] => [
  { kind: 'encrypted', verdict: 'inert', detail: `Encrypted (${how}): useless without the passphrase.` },
  ...(weak === null ? [] : [{ kind: 'weak-encryption', verdict: 'inert', detail: weak } as const]),
];

const judgePlain = ({ key, name, comment }: Extract<KeyReading, { state: 'plain' }>, stored: Uint8Array): Judgement => {
  const weakness = key && weaknessOf(key);
  const weak: readonly Reason[] = weakness ? [{ kind: 'weak-key', verdict: 'confirmed', detail: weakness }] : [];
  const owner: readonly Reason[] = comment
    ? [{ kind: 'owner', verdict: 'confirmed', detail: `Its comment is ${comment}.` }]
    : [];
  const identity = identityOf(key, stored);
  const title = titleOf(key, name, 'not encrypted');
  const known = identity.spki === undefined ? null : knownKeyOf(identity.spki);
  if (known !== null && known.kind !== 'published') {
    const detail =
      known.kind === 'test'
        ? `A public test or example key (${known.source}).`
        : `The static key of a product, public (${known.source}): every device that still uses it is open.`;
    return {
      verdict: 'inert',
      title,
      reasons: [{ kind: 'known-key', verdict: 'inert', detail }, ...weak],
      ...identity,
    };
  }
  const proof: Reason = {
    kind: 'parsed',
    verdict: 'confirmed',
    detail: 'It parses as a private key, and its parts fit together.',
  };
  const published: readonly Reason[] = known
    ? [
        {
          kind: 'already-public',
          verdict: 'confirmed',
          detail: `The same key stands in published packages (${known.source}).`,
        },
      ]
    : [];
  return { verdict: 'confirmed', title, reasons: [proof, ...published, ...weak, ...owner], ...identity };
};

const identityOf = (
  key: PublicKey | null,
  stored: Uint8Array,
): { readonly canonical: Uint8Array; readonly fingerprint?: string; readonly spki?: string } => {
  if (key === null) return { canonical: stored };
  const fingerprint = fingerprintOf(key);
  return { canonical: utf8Bytes(fingerprint), fingerprint, spki: spkiHashOf(key) };
};

/** `RSA private key, 2048 bits, not encrypted`. */
const titleOf = (key: PublicKey | null, name: string | null, state: string): string => {
  const facts = key && nameOf(key);
  const kind = facts?.name ?? name;
  return [kind === null ? 'Private key' : `${kind} private key`, facts?.detail, state].filter(Boolean).join(', ');
};
