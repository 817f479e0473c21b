import { latin1 } from '../../text/index.ts';
import type { Reason, Severity, Verdict } from '../verdict.ts';
import { judgeCertificate, readCertificate } from './certificate.ts';
import type { ContainerFormat, ContainerJudgement } from './container-judgement.ts';
import { childrenOf, oidOf, readElement, tags } from './der.ts';
import { readDerPrivateKey } from './der-private-key.ts';
import { androidDebugEntry, type KeystoreFacts, readJavaKeystore } from './java-keystore.ts';
import { judgeKey } from './judge-key.ts';
import { judgePgp } from './judge-pgp.ts';
import { readKeytab } from './keytab.ts';
import { sniffContainer } from './magic.ts';
import { oids } from './oids.ts';
import { pgpContentOf, readPgpSecretKey } from './pgp.ts';
import { type Pkcs12Facts, readPkcs12 } from './pkcs12.ts';

/**
 * Judges a file by its bytes alone: DER keys and certificates, PKCS#12, Java and Bouncy Castle key stores, OpenPGP packets,
 * keytabs, and everything that is recognised as encrypted (age, git-crypt, ansible-vault, sops, openssl enc, KeePass …).
 * Total: never throws, reads only what lies within. PEM text is not judged here: the rules for PEM blocks find it.
 * @param bytes the whole file.
 * @returns null where the bytes are none of these.
 */
export const judgeContainer = (bytes: Uint8Array): ContainerJudgement | null =>
  sniffContainer(bytes) ?? judgeJavaKeystore(bytes) ?? judgeDer(bytes) ?? judgeBinaryPgp(bytes) ?? judgeKeytab(bytes);

const judgeDer = (bytes: Uint8Array): ContainerJudgement | null => {
  const outer = readElement(bytes, 0);
  // A file may end with a newline or a few zero bytes, not with something else.
  if (outer?.tag !== tags.sequence || bytes.length - outer.end > 8) return judgeBerPkcs12(bytes);
  const der = bytes.subarray(0, outer.end);
  const pkcs12 = readPkcs12(der);
  if (pkcs12) return judgePkcs12(pkcs12);
  const reading = readDerPrivateKey(der);
  if (reading && reading.state !== 'unproved') {
    const judgement = judgeKey(reading, der);
    const title = judgement.title ?? 'Private key';
    const severity = judgement.severity ?? 'high';
    return { ...judgement, format: 'private-key', title, severity, encrypted: reading.state === 'encrypted' };
  }
  const certificate = readCertificate(der);
  if (certificate) {
    const judgement = judgeCertificate(certificate);
    const title = judgement.title ?? 'Certificate';
    return { ...judgement, format: 'certificate', title, severity: 'info', encrypted: false };
  }
  return judgePublicDer(der);
};

const judgePublicDer = (der: Uint8Array): ContainerJudgement | null => {
  const outer = readElement(der, 0);
  const [first, second, third] = (outer && childrenOf(der, outer)) || [];
  const oid = first && oidOf(der, first);
  if (oid === oids.pkcs7SignedData) return open('pkcs7', 'PKCS#7 bundle of certificates', 'Certificates are public.');
  const version = first?.tag === tags.sequence ? readElement(der, first.start, first.end) : null;
  const isRequest = version?.tag === tags.integer && second?.tag === tags.sequence && third?.tag === tags.bitString;
  return isRequest ? open('certificate-request', 'Certificate request', 'A request is public.') : null;
};

const open = (format: ContainerFormat, title: string, detail: string): ContainerJudgement => ({
  format,
  title,
  verdict: 'inert',
  severity: 'info',
  encrypted: false,
  reasons: [{ kind: 'public', verdict: 'inert', detail }],
});

/** Older Java and Windows write indefinite lengths: recognised by their head, not walked. */
const judgeBerPkcs12 = (bytes: Uint8Array): ContainerJudgement | null => {
  const head = latin1(bytes, 0, 24);
  if (!head.startsWith('\x30\x80\x02\x01\x03\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01')) return null;
  return judgePkcs12({ password: null, hasPlainKey: false, hasShroudedKey: false, rounds: null });
};

const judgePkcs12 = (facts: Pkcs12Facts): ContainerJudgement => {
  const store = (
    verdict: Verdict,
    severity: Severity,
    encrypted: boolean,
    ...reasons: Reason[]
  ): ContainerJudgement => ({
    format: 'pkcs12',
    title: `PKCS#12 key store, ${encrypted ? 'encrypted with a password' : 'open to everybody'}`,
    verdict,
    severity,
    encrypted,
    reasons,
  });
  const weak: Reason = {
    kind: 'weak-encryption',
    verdict: 'possible',
    detail: 'Guessing the password is cheap, and it often stands in the same repository.',
  };
  const encrypted: Reason = { kind: 'encrypted', verdict: 'inert', detail: 'Encrypted with a password.' };
  if (facts.hasPlainKey)
    return store('confirmed', 'high', false, {
      kind: 'parsed',
      verdict: 'confirmed',
      detail: 'The private key in it is not encrypted.',
    });
  if (facts.password !== null) {
    const which = facts.password === '' ? 'no password' : 'a password that manuals name as an example';
    const verdict = facts.hasShroudedKey ? 'confirmed' : 'possible';
    const detail = `It opens with ${which}${facts.hasShroudedKey ? '' : '; no private key is seen in it'}.`;
    return store(verdict, facts.hasShroudedKey ? 'high' : 'low', false, { kind: 'default-password', verdict, detail });
  }
  if (!facts.hasShroudedKey) return store('inert', 'low', true, encrypted);
  return (facts.rounds ?? 0) < 10_000
    ? store('possible', 'medium', true, weak, encrypted)
    : store('inert', 'medium', true, encrypted);
};

const judgeJavaKeystore = (bytes: Uint8Array): ContainerJudgement | null => {
  const facts = readJavaKeystore(bytes);
  if (facts === null) return null;
  const certificate = facts.certificate;
  const names: readonly Reason[] = certificate
    ? [
        {
          kind: 'subject',
          verdict: 'inert',
          detail: `Its first key's certificate is issued to ${certificate.subject}.`,
        },
      ]
    : [];
  const identity = certificate ? { spki: certificate.spki } : {};
  const [verdict, severity, reason] = decideJavaKeystore(facts);
  return {
    format: 'java-keystore',
    title: `${facts.format} key store, ${counted(facts.keys, 'private key')}, ${counted(facts.certificates, 'certificate')}`,
    verdict,
    severity,
    encrypted: facts.password === null && facts.keys + facts.secretKeys > 0,
    reasons: [reason, ...names],
    ...identity,
  };
};

const decideJavaKeystore = (facts: KeystoreFacts): readonly [Verdict, Severity, Reason] => {
  if (facts.keys + facts.secretKeys === 0)
    return ['inert', 'info', { kind: 'public', verdict: 'inert', detail: 'It holds certificates only.' }];
  const [debugAlias, debugWord] = androidDebugEntry;
  if (facts.password === debugWord && facts.aliases.every((alias) => alias === debugAlias))
    return [
      'inert',
      'info',
      {
        kind: 'known-key',
        verdict: 'inert',
        detail: 'The debug store that Android tools make, with its documented password.',
      },
    ];
  if (facts.password !== null)
    return [
      'confirmed',
      'high',
      {
        kind: 'default-password',
        verdict: 'confirmed',
        detail: 'It opens with a password that manuals name as an example.',
      },
    ];
  return [
    'possible',
    'high',
    {
      kind: 'weak-encryption',
      verdict: 'possible',
      detail: 'Encrypted with a password, in a form that makes guessing fast.',
    },
  ];
};

const judgeBinaryPgp = (bytes: Uint8Array): ContainerJudgement | null => {
  switch (pgpContentOf(bytes)) {
    case 'secret-key': {
      const facts = readPgpSecretKey(bytes);
      if (!facts?.isWhole) return null;
      const judgement = judgePgp(facts);
      const encrypted = judgement.reasons[0]?.kind === 'encrypted';
      return { ...judgement, format: 'pgp', severity: judgement.severity ?? 'high', encrypted };
    }
    case 'public-key':
      return open('pgp', 'PGP public key', 'A public key is public.');
    case 'signature':
      return open('pgp', 'PGP signature', 'A signature is public.');
    case 'encrypted-message':
      return {
        ...open('encrypted-file', 'File encrypted with PGP', ''),
        encrypted: true,
        reasons: [{ kind: 'encrypted', verdict: 'inert', detail: 'Encrypted with PGP.' }],
      };
    case null:
      return null;
  }
};

const judgeKeytab = (bytes: Uint8Array): ContainerJudgement | null => {
  const principals = readKeytab(bytes);
  const [first] = principals ?? [];
  if (first === undefined) return null;
  return {
    format: 'keytab',
    title: 'Kerberos key table, not encrypted',
    verdict: 'confirmed',
    severity: 'high',
    encrypted: false,
    reasons: [{ kind: 'parsed', verdict: 'confirmed', detail: `It holds the long-term key of ${first}.` }],
  };
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
