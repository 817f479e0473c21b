import type { Judgement } from '../rule.ts';
import type { Severity } from '../verdict.ts';

export const containerFormats = [
  'private-key',
  'certificate',
  'certificate-request',
  'pkcs7',
  'pkcs12',
  'java-keystore',
  'bouncycastle',
  'pgp',
  'keytab',
  'encrypted-file',
  'password-database',
  'system-keychain',
  'key-blob',
] as const;
export type ContainerFormat = (typeof containerFormats)[number];

/** What a whole file is, if it is a key, a certificate, a key store or something encrypted. */
export interface ContainerJudgement extends Judgement {
  readonly format: ContainerFormat;
  readonly title: string;
  readonly severity: Severity;
  /** Nothing of it can be read without a password or a key that is not inside. */
  readonly encrypted: boolean;
}
