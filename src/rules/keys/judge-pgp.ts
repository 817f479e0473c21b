import { utf8Bytes } from '../../text/index.ts';
import type { Judgement } from '../rule.ts';
import type { Reason } from '../verdict.ts';
import type { PgpFacts, PgpProtection } from './pgp.ts';

/** What a report says of an OpenPGP secret key: the most exposed of its parts decides. */
export const judgePgp = (facts: PgpFacts): Judgement & { readonly title: string } => {
  const has = (protection: PgpProtection): boolean => facts.protections.includes(protection);
  const owner: readonly Reason[] = facts.userIds.slice(0, 1).map((id) => ({
    kind: 'owner',
    verdict: 'inert',
    detail: `Belongs to ${id}; made ${facts.created}.`,
  }));
  const identity = { canonical: utf8Bytes(facts.fingerprint), fingerprint: facts.fingerprint };
  const title = (state: string): string => `PGP private key, ${facts.kind}, ${state}`;
  if (has('plain')) {
    const detail = 'The packets are whole, and the checksum of the secret numbers is right.';
    return {
      verdict: 'confirmed',
      title: title('not encrypted'),
      reasons: [{ kind: 'parsed', verdict: 'confirmed', detail }, ...owner],
      ...identity,
    };
  }
  if (has('plain-unproved')) {
    const detail = 'Not encrypted, but its checksum does not fit: it is cut or changed.';
    return {
      verdict: 'likely',
      title: title('damaged'),
      reasons: [{ kind: 'unproved', verdict: 'likely', detail }, ...owner],
      ...identity,
    };
  }
  if (has('encrypted')) {
    const detail = 'Encrypted with a passphrase: useless without it.';
    return {
      verdict: 'inert',
      severity: 'low',
      title: title('encrypted'),
      reasons: [{ kind: 'encrypted', verdict: 'inert', detail }, ...owner],
      ...identity,
    };
  }
  const where = has('card') ? 'the key is on a smart card' : 'the secret part was left out';
  return {
    verdict: 'inert',
    severity: 'low',
    title: title(has('card') ? 'on a smart card' : 'without its secret'),
    reasons: [{ kind: 'stub', verdict: 'inert', detail: `No secret is inside: ${where}.` }, ...owner],
    ...identity,
  };
};
