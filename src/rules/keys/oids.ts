/** Object identifiers of keys and of what encrypts them, with the names that people know. */
export const oids = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  dsa: '1.2.840.10040.4.1',
  dh: '1.2.840.113549.1.3.1',
  dhX942: '1.2.840.10046.2.1',
  ec: '1.2.840.10045.2.1',
  x25519: '1.3.101.110',
  x448: '1.3.101.111',
  ed25519: '1.3.101.112',
  ed448: '1.3.101.113',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  pkcs7Data: '1.2.840.113549.1.7.1',
  pkcs7SignedData: '1.2.840.113549.1.7.2',
  pkcs7EncryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
} as const;

/**
 * Post-quantum keys: Node can read them only when it is built on a new enough OpenSSL, and a verdict must not depend on
 * that; so their structure is checked, and no public half is computed.
 */
export const postQuantumNames: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
  ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65'],
  ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
  ['2.16.840.1.101.3.4.4.1', 'ML-KEM-512'],
  ['2.16.840.1.101.3.4.4.2', 'ML-KEM-768'],
  ['2.16.840.1.101.3.4.4.3', 'ML-KEM-1024'],
  ...['SHA2-128s', 'SHA2-128f', 'SHA2-192s', 'SHA2-192f', 'SHA2-256s', 'SHA2-256f'].map(
    (name, i) => [`2.16.840.1.101.3.4.3.${20 + i}`, `SLH-DSA-${name}`] as const,
  ),
  ...['SHAKE-128s', 'SHAKE-128f', 'SHAKE-192s', 'SHAKE-192f', 'SHAKE-256s', 'SHAKE-256f'].map(
    (name, i) => [`2.16.840.1.101.3.4.3.${26 + i}`, `SLH-DSA-${name}`] as const,
  ),
]);

export const algorithmNames: ReadonlyMap<string, string> = new Map<string, string>([
  ...postQuantumNames,
  [oids.rsa, 'RSA'],
  [oids.rsaPss, 'RSA-PSS'],
  [oids.dsa, 'DSA'],
  [oids.dh, 'Diffie-Hellman'],
  [oids.dhX942, 'Diffie-Hellman'],
  [oids.ec, 'EC'],
  [oids.x25519, 'X25519'],
  [oids.x448, 'X448'],
  [oids.ed25519, 'Ed25519'],
  [oids.ed448, 'Ed448'],
  ['1.2.643.7.1.1.1.1', 'GOST R 34.10-2012 (256)'],
  ['1.2.643.7.1.1.1.2', 'GOST R 34.10-2012 (512)'],
  ['1.2.643.2.2.19', 'GOST R 34.10-2001'],
]);

export interface Curve {
  readonly oid: string;
  readonly name: string;
  readonly bits: number;
  /** OpenSSL's name, for node:crypto. */
  readonly openssl: string;
  /** The name in SSH keys, where SSH has one. */
  readonly ssh?: string;
}

const curves: readonly Curve[] = [
  { oid: '1.2.840.10045.3.1.7', name: 'P-256', bits: 256, openssl: 'prime256v1', ssh: 'nistp256' },
  { oid: '1.3.132.0.34', name: 'P-384', bits: 384, openssl: 'secp384r1', ssh: 'nistp384' },
  { oid: '1.3.132.0.35', name: 'P-521', bits: 521, openssl: 'secp521r1', ssh: 'nistp521' },
  { oid: '1.3.132.0.10', name: 'secp256k1', bits: 256, openssl: 'secp256k1' },
  { oid: '1.3.132.0.33', name: 'P-224', bits: 224, openssl: 'secp224r1' },
  { oid: '1.2.840.10045.3.1.1', name: 'P-192', bits: 192, openssl: 'prime192v1' },
  { oid: '1.3.132.0.8', name: 'secp160r1', bits: 160, openssl: 'secp160r1' },
  { oid: '1.3.132.0.6', name: 'secp112r1', bits: 112, openssl: 'secp112r1' },
  { oid: '1.3.132.0.1', name: 'sect163k1', bits: 163, openssl: 'sect163k1' },
  { oid: '1.3.132.0.15', name: 'sect163r2', bits: 163, openssl: 'sect163r2' },
  { oid: '1.3.36.3.3.2.8.1.1.7', name: 'brainpoolP256r1', bits: 256, openssl: 'brainpoolP256r1' },
  { oid: '1.3.36.3.3.2.8.1.1.11', name: 'brainpoolP384r1', bits: 384, openssl: 'brainpoolP384r1' },
  { oid: '1.3.36.3.3.2.8.1.1.13', name: 'brainpoolP512r1', bits: 512, openssl: 'brainpoolP512r1' },
];

export const curveByOid = (oid: string): Curve | null => curves.find((curve) => curve.oid === oid) ?? null;

export const curveBySshName = (name: string): Curve | null => curves.find((curve) => curve.ssh === name) ?? null;

/** What encrypts a PKCS#8 key or a PKCS#12 bag, and whether that is weak. */
export const cipherNames: ReadonlyMap<string, { readonly name: string; readonly weak: boolean }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'AES-128-CBC', weak: false }],
  ['2.16.840.1.101.3.4.1.22', { name: 'AES-192-CBC', weak: false }],
  ['2.16.840.1.101.3.4.1.42', { name: 'AES-256-CBC', weak: false }],
  ['2.16.840.1.101.3.4.1.6', { name: 'AES-128-GCM', weak: false }],
  ['2.16.840.1.101.3.4.1.46', { name: 'AES-256-GCM', weak: false }],
  ['1.2.840.113549.3.7', { name: '3DES-CBC', weak: false }],
  ['1.3.14.3.2.7', { name: 'DES-CBC', weak: true }],
  ['1.2.840.113549.3.2', { name: 'RC2-CBC', weak: true }],
  ['1.2.840.113549.1.5.1', { name: 'PBES1 with MD2 and DES', weak: true }],
  ['1.2.840.113549.1.5.3', { name: 'PBES1 with MD5 and DES', weak: true }],
  ['1.2.840.113549.1.5.6', { name: 'PBES1 with MD5 and RC2', weak: true }],
  ['1.2.840.113549.1.5.10', { name: 'PBES1 with SHA-1 and DES', weak: true }],
  ['1.2.840.113549.1.5.11', { name: 'PBES1 with SHA-1 and RC2', weak: true }],
  ['1.2.840.113549.1.12.1.1', { name: 'PKCS#12 with SHA-1 and 128-bit RC4', weak: true }],
  ['1.2.840.113549.1.12.1.2', { name: 'PKCS#12 with SHA-1 and 40-bit RC4', weak: true }],
  ['1.2.840.113549.1.12.1.3', { name: 'PKCS#12 with SHA-1 and 3DES', weak: false }],
  ['1.2.840.113549.1.12.1.4', { name: 'PKCS#12 with SHA-1 and two-key 3DES', weak: false }],
  ['1.2.840.113549.1.12.1.5', { name: 'PKCS#12 with SHA-1 and 128-bit RC2', weak: true }],
  ['1.2.840.113549.1.12.1.6', { name: 'PKCS#12 with SHA-1 and 40-bit RC2', weak: true }],
]);
