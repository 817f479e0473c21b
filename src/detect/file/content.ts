/** What kind of content a file has, told from its beginning, where it is no container of keys (`judgeContainer`). */
export type Content =
  | { readonly kind: 'empty' | 'pointer' | 'text' | 'binary' }
  /** `encrypted`: nothing to read without a key. `foreign`: something else that merely has the name (HTML, an image). */
  | { readonly kind: 'encrypted' | 'foreign' | 'private' | 'public'; readonly what: string };

/** @param head the beginning of the file as Latin-1. */
export const contentOf = (head: string): Content => {
  if (/^[\s\x00]*$/.test(head)) return { kind: 'empty' };
  if (head.startsWith('version https://git-lfs.github.com/spec/v1')) return { kind: 'pointer' };
  const hasMark = marks.test(head);
  for (const { kind, what, pattern, isInside } of forms) {
    if ((hasMark || isInside !== true) && pattern.test(head)) return { kind, what };
  }
  if (head.includes('\x00')) return { kind: 'binary' };
  return onlyComments(head) ? { kind: 'empty' } : { kind: 'text' };
};

const onlyComments = (head: string): boolean =>
  head.length < 2048 && head.split('\n').every((line) => /^\s*$|^\s*[#;](?![^=]{0,120}=)/.test(line));

interface Form {
  readonly kind: 'encrypted' | 'foreign' | 'private' | 'public';
  readonly what: string;
  readonly pattern: RegExp;
  /** It may begin at any line, and one of `marks` is in it. */
  readonly isInside?: true;
}

/** One pass instead of one a form over files most of which are none of them. */
const marks = /-----BEGIN |BEGIN OPENSSH PRIVATE KEY-----|Proc-Type: 4,|PuTTY-User-Key-File-|AGE-SECRET-KEY-1/;

/** The first that fits decides: encrypted before private, private before public. */
const forms: readonly Form[] = [
  { kind: 'encrypted', what: 'rclone', pattern: /^(?:#[^\n]*\n)*\s*RCLONE_ENCRYPT_V0/ },
  { kind: 'encrypted', what: 'dotenv-vault', pattern: /^(?:#[^\n]*\n|\s)*DOTENV_VAULT_[A-Z]+=/ },
  {
    kind: 'encrypted',
    what: 'its passphrase',
    pattern: /^[ \t]*-----BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m,
    isInside: true,
  },
  {
    kind: 'encrypted',
    what: 'its passphrase',
    pattern: /^PuTTY-User-Key-File-\d: [^\n]+\n(?:[^\n]+\n)?Encryption: aes/m,
    isInside: true,
  },
  // The name of the cipher stands first in the body: base64 of `openssh-key-v1`, NUL, its length, `aes…`.
  {
    kind: 'encrypted',
    what: 'its passphrase',
    pattern: /BEGIN OPENSSH PRIVATE KEY-----\s{1,2}b3BlbnNzaC1rZXktdjEAAAAACmFlc/,
    isInside: true,
  },
  {
    kind: 'private',
    what: 'PEM private key',
    pattern: /^[ \t]*-----BEGIN (?:[A-Z0-9]{1,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----\s{1,4}[A-Za-z0-9+/=:]/m,
    isInside: true,
  },
  { kind: 'private', what: 'OpenVPN static key', pattern: /^-----BEGIN OpenVPN Static key/m, isInside: true },
  { kind: 'private', what: 'PuTTY private key', pattern: /^PuTTY-User-Key-File-\d:/ },
  { kind: 'private', what: 'age identity', pattern: /^AGE-SECRET-KEY-1[0-9A-Z]{58}/m, isInside: true },
  { kind: 'private', what: 'git-crypt key', pattern: /^\x00GITCRYPTKEY/ },
  {
    kind: 'public',
    what: 'certificate or public key',
    pattern:
      /-----BEGIN (?:(?:X509 |TRUSTED |NEW )?CERTIFICATE(?: REQUEST)?|X509 CRL|(?:[A-Z0-9]{1,10} )?PUBLIC KEY|PGP PUBLIC KEY BLOCK|PGP SIGNATURE|PKCS7|CMS|DH PARAMETERS|EC PARAMETERS)/,
    isInside: true,
  },
  { kind: 'public', what: 'SSH public key', pattern: /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-\w+|sk-\S+) AAAA/ },
  {
    kind: 'foreign',
    what: 'an image',
    pattern: /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF[\x00-\xff]{4}WEBP|\x00\x00\x01\x00)/,
  },
  {
    kind: 'foreign',
    what: 'a program',
    pattern: /^(?:\x7fELF|MZ[\x00-\xff]{40}|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|\x00asm)/,
  },
  { kind: 'foreign', what: 'a document', pattern: /^(?:%PDF|\{\\rtf)/ },
  { kind: 'foreign', what: 'an archive', pattern: /^(?:PK\x03\x04|\x1f\x8b|BZh|\xfd7zXZ)/ },
  { kind: 'foreign', what: 'a web page', pattern: /^\s*(?:<!doctype html|<html|<svg)/i },
];
