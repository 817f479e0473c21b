import { latin1 } from '../../text/index.ts';
import type { Severity, Verdict } from '../verdict.ts';
import type { ContainerFormat, ContainerJudgement } from './container-judgement.ts';
import { provesKeyBlob } from './key-blob.ts';

interface Magic {
  readonly head: string;
  readonly format: ContainerFormat;
  readonly title: string;
  readonly severity: Severity;
  /** Encrypted unless said otherwise. */
  readonly open?: { readonly verdict: Verdict; readonly kind: string; readonly detail: string };
  /** What must hold beyond the head. */
  readonly and?: (bytes: Uint8Array) => boolean;
}

/**
 * Recognises files by their first bytes, or null. The shape is that of `judgeContainer`.
 */
export const sniffContainer = (bytes: Uint8Array): ContainerJudgement | null => {
  const head = latin1(bytes, 0, Math.min(bytes.length, 64));
  const magic = magics.find((entry) => head.startsWith(entry.head) && (entry.and?.(bytes) ?? true));
  const found = magic ?? gnupgKey(bytes) ?? (isSops(bytes) ? sops : null);
  return found && judge(found);
};

const judge = ({ format, title, severity, open }: Magic): ContainerJudgement => {
  const { verdict, kind, detail } = open ?? { verdict: 'inert', kind: 'encrypted', detail: `${title}: encrypted.` };
  return { format, title, severity, verdict, encrypted: open === undefined, reasons: [{ kind, verdict, detail }] };
};

const encryptedFile = (head: string, title: string, severity: Severity = 'info'): Magic => ({
  head,
  format: 'encrypted-file',
  title,
  severity,
});

const passwordDatabase = (head: string, title: string): Magic => ({
  head,
  format: 'password-database',
  title,
  severity: 'medium',
});

const keychain = (head: string, title: string): Magic => ({
  head,
  format: 'system-keychain',
  title,
  severity: 'medium',
});

const sops = encryptedFile('', 'File with values encrypted by sops');

const readable = { verdict: 'likely', kind: 'not-encrypted', detail: 'It can be opened without a password.' } as const;
const proved = {
  verdict: 'confirmed',
  kind: 'parsed',
  detail: 'It holds a private key that is not encrypted.',
} as const;

const magics: readonly Magic[] = [
  encryptedFile('\0GITCRYPT\0', 'File encrypted with git-crypt'),
  encryptedFile('$ANSIBLE_VAULT;', 'File encrypted with ansible-vault'),
  encryptedFile('age-encryption.org/v1', 'File encrypted with age'),
  encryptedFile('-----BEGIN AGE ENCRYPTED FILE-----', 'File encrypted with age'),
  encryptedFile('-----BEGIN PGP MESSAGE-----', 'File encrypted with PGP'),
  encryptedFile('Salted__', 'File encrypted with openssl enc', 'low'),
  encryptedFile('U2FsdGVkX1', 'File encrypted with openssl enc, in base64', 'low'),
  passwordDatabase('\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5', 'KeePass database'),
  passwordDatabase('\x03\xd9\xa2\x9a\x66\xfb\x4b\xb5', 'KeePass database'),
  passwordDatabase('\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5', 'KeePass 1 database'),
  passwordDatabase('PWS3', 'Password Safe database'),
  keychain('kych\0\x01\0\0', 'macOS keychain'),
  keychain('GnomeKeyring\n\r\0\n', 'GNOME keyring'),
  keychain('KWALLET\n\r\0\r\n', 'KDE wallet'),
  { head: '\xa1\xf8\x4e\x37', format: 'system-keychain', title: 'Oracle wallet', severity: 'medium' },
  {
    head: '\xa1\xf8\x4e\x36',
    format: 'system-keychain',
    title: 'Oracle auto-login wallet',
    severity: 'high',
    open: readable,
  },
  {
    head: 'regf',
    format: 'system-keychain',
    title: 'Windows registry hive',
    severity: 'medium',
    open: {
      verdict: 'possible',
      kind: 'not-encrypted',
      detail: 'The hives SAM and SYSTEM together give password hashes.',
    },
    and: (bytes) => bytes.length >= 4096,
  },
  {
    head: '== ed25519v1-secret: type0 ==',
    format: 'private-key',
    title: 'Key of a Tor onion service, not encrypted',
    severity: 'high',
    open: proved,
    and: (bytes) => bytes.length === 96,
  },
  {
    head: 'SSH PRIVATE KEY FILE FORMAT 1.1\n\0\0',
    format: 'private-key',
    title: 'SSH protocol 1 private key, not encrypted',
    severity: 'low',
    open: { verdict: 'likely', kind: 'not-encrypted', detail: 'Its cipher is none. Protocol 1 is gone.' },
  },
  {
    head: 'SSH PRIVATE KEY FILE FORMAT 1.1\n\0\x03',
    format: 'private-key',
    title: 'SSH protocol 1 private key, encrypted',
    severity: 'low',
  },
  {
    head: '\x07\x02\0\0',
    format: 'key-blob',
    title: 'Microsoft key blob with a private key, not encrypted',
    severity: 'medium',
    open: {
      ...proved,
      detail: 'Its primes multiply to its modulus. As a strong name it is an identity, not a protection.',
    },
    and: provesKeyBlob,
  },
  {
    head: '\x1e\xf1\xb5\xb0',
    format: 'key-blob',
    title: 'Microsoft PVK private key, not encrypted',
    severity: 'high',
    open: { verdict: 'likely', kind: 'not-encrypted', detail: 'Its header says that it is not encrypted.' },
    and: (bytes) => bytes[12] === 0 && bytes.length > 100,
  },
  {
    head: '\x1e\xf1\xb5\xb0',
    format: 'key-blob',
    title: 'Microsoft PVK private key, encrypted',
    severity: 'medium',
    and: (bytes) => bytes[12] === 1 && bytes.length > 100,
  },
  // The magic of Bouncy Castle is weak: salt length and a count of rounds in the usual range must follow.
  ...['\0\0\0\x01\0\0\0\x14', '\0\0\0\x02\0\0\0\x14'].map(
    (head): Magic => ({
      head,
      format: 'bouncycastle',
      title: 'Bouncy Castle key store',
      severity: 'medium',
      and: (bytes) => {
        const rounds = bytes.length > 60 ? Buffer.from(bytes.subarray(28, 32)).readUInt32BE(0) : 0;
        return rounds >= 1000 && rounds <= 65_535;
      },
    }),
  ),
];

/** A file of private-keys-v1.d: an S-expression, in the newer form behind lines of names. @see GnuPG, agent/keyformat.txt */
const gnupgKey = (bytes: Uint8Array): Magic | null => {
  const shape = /(?:^|\nKey: |^Key: )\((?:\d\d:)?(protected-|shadowed-)?private-key/;
  const found = shape.exec(latin1(bytes, 0, Math.min(bytes.length, 1024)));
  if (found === null) return null;
  const base = { head: '', format: 'pgp' } as const;
  switch (found[1] ?? '') {
    case 'protected-':
      return { ...base, title: 'Private key of GnuPG, encrypted', severity: 'low' };
    case 'shadowed-':
      return {
        ...base,
        title: 'Stub of a private key on a smart card',
        severity: 'info',
        open: { verdict: 'inert', kind: 'stub', detail: 'No secret is inside: the key is on a smart card.' },
      };
    default:
      return {
        ...base,
        title: 'Private key of GnuPG, not encrypted',
        severity: 'high',
        open: { verdict: 'likely', kind: 'not-encrypted', detail: 'GnuPG marks it as not protected.' },
      };
  }
};

/** A file whose values sops sealed: its metadata, and at least one such value. Names and some values stay readable. */
const isSops = (bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.includes('ENC[AES256_GCM,data:', 0, 'latin1')) return false;
  return /(?:^|\n)sops:|"sops"\s*:|sops_version=|\[sops\]/.test(latin1(bytes, Math.max(0, bytes.length - 65_536)));
};
