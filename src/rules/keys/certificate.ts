import { hash, X509Certificate } from 'node:crypto';
import { utf8Bytes } from '../../text/index.ts';
import type { Judgement } from '../rule.ts';
import type { Reason } from '../verdict.ts';
import { nameOf, publicKeyOfSpki, spkiHashOf } from './public-key.ts';

/** What a certificate says, for a report; all of it public. Names are hostile text. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601, UTC; null where the date is none. */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly altNames: readonly string[];
  readonly isAuthority: boolean;
  readonly isSelfSigned: boolean;
  /** `SHA256:` and hex of the DER. */
  readonly fingerprint: string;
  /** SHA-256 (hex) of its SubjectPublicKeyInfo. */
  readonly spki: string;
  /** `RSA, 2048 bits`; null for algorithms that are not known. */
  readonly keyKind: string | null;
}

/** @returns the facts of a DER certificate, or null where it is none. */
export const readCertificate = (der: Uint8Array): CertificateFacts | null => {
  const digest = hash('sha256', der, 'hex');
  const known = read.get(digest);
  if (known !== undefined) return known;
  // Versions of a file and of a bundle repeat their certificates, and to parse one takes half a millisecond.
  if (read.size >= mostRead) read.clear();
  const facts = parseCertificate(der, `SHA256:${digest}`);
  read.set(digest, facts);
  return facts;
};

const read = new Map<string, CertificateFacts | null>();
const mostRead = 1000;

const parseCertificate = (der: Uint8Array, fingerprint: string): CertificateFacts | null => {
  try {
    const certificate = new X509Certificate(Buffer.from(der));
    const spkiDer = certificate.publicKey.export({ type: 'spki', format: 'der' });
    const key = publicKeyOfSpki(spkiDer);
    if (key === null) return null;
    const { name, detail } = nameOf(key);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      notBefore: isoDate(certificate.validFromDate),
      notAfter: isoDate(certificate.validToDate),
      altNames: (certificate.subjectAltName ?? '').split(', ').filter(Boolean).slice(0, 20),
      isAuthority: certificate.ca,
      isSelfSigned: certificate.subject === certificate.issuer,
      fingerprint,
      spki: spkiHashOf(key),
      keyKind: [name, detail].filter(Boolean).join(', '),
    };
  } catch {
    return null; // bytes that are no certificate are no failure
  }
};

/** A certificate is public: an inert finding that says whom it names, and which key fits it. */
export const judgeCertificate = (facts: CertificateFacts): Judgement => ({
  verdict: 'inert',
  severity: 'info',
  title: `Certificate of ${facts.subject || facts.altNames[0] || 'nobody named'}`,
  reasons: reasonsOf(facts),
  canonical: utf8Bytes(facts.fingerprint),
  fingerprint: facts.fingerprint,
  spki: facts.spki,
});

const reasonsOf = (facts: CertificateFacts): readonly Reason[] =>
  [
    ['public', 'A certificate is public; what counts is whether the key that fits it was exposed.'],
    ['subject', `Issued to ${facts.subject || 'nobody named'}.`],
    ['issuer', facts.isSelfSigned ? 'Issued by itself.' : `Issued by ${facts.issuer || 'nobody named'}.`],
    ['validity', `Valid from ${facts.notBefore ?? 'an unreadable date'} to ${facts.notAfter ?? 'an unreadable date'}.`],
    ...(facts.altNames.length > 0 ? [['names', `Stands for ${facts.altNames.join(', ')}.`]] : []),
    ...(facts.isAuthority ? [['authority', 'It may issue certificates.']] : []),
  ].map(([kind = '', detail = '']) => ({ kind, verdict: 'inert', detail }));

const isoDate = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : date.toISOString());

/** Node puts one attribute on a line; a line break inside a value is escaped by it. */
const oneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ').slice(0, 400);
