import type { LongRule, Maker, NearRule, Rule } from '../rule.ts';
import { base64PemAnchors, base64PemBytes, findBase64Pem } from './find-base64-pem.ts';
import { base64DerAnchors, derAnchors, derBytes, findBase64DerKey, findDerKey } from './find-der.ts';
import { findJwk, jwkBytes } from './find-jwk.ts';
import { findCertificate, findPemKey, findPgpKey, findSshKey, pemKeyBytes, pgpBytes } from './find-pem.ts';
import { findPuttyKey, puttyBytes } from './find-putty.ts';
import { makeCertificate, makeJwk, makeOpenvpnKey, makePgpKey, makePuttyKey, makeWireguardKey } from './make-more.ts';
import { derOf } from './make-pem.ts';
import { findOpenvpnKey, judgeWireguardKey, judgeWireguardSharedKey, openvpnBytes } from './vpn.ts';

const impersonation = 'Can pose as the owner of the key: decrypt, sign and log in wherever its public half is trusted.';

const shared = { provider: 'keys', category: 'private-key', severity: 'high', attack: impersonation } as const;

/** Lines of a block as a program writes them. */
const inCode = (pem: string): string =>
  pem
    .trim()
    .split('\n')
    .map((line) => `  "${line}\\n"`)
    .join(' +\n');

const oneLine = (pem: string): string => `KEY="${pem.trim().replaceAll('\n', '\\n')}"`;

/** The label and nothing behind it, so that no header stands in this file. */
const header = (label: string): string => `-----BEGIN ${label}-----`;
const footer = (label: string): string => `-----END ${label}-----`;

/** What programs say about keys, and what people put in the place of one. */
const mentions = (label: string): LongRule['nearMisses'] => [
  () => `if (text.startsWith("${header(label)}")) return "${footer(label)}";`,
  () => `${header(label)}\n...\n${footer(label)}`,
  () => `${header(label)}\n${`${'X'.repeat(64)}\n`.repeat(12)}${footer(label)}`,
  () => `${header(label)}\n{{ .Values.key | indent 4 }}\n${footer(label)}`,
  () => `const head = '${header(label)}';\nconst foot = '${footer(label)}';`,
];

const pemRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'private-key',
  title: 'Private key',
  anchors: [{ text: 'PRIVATE KEY' }, { text: 'PRIVATE+KEY' }, { text: 'PRIVATE%20KEY' }],
  maxBytes: pemKeyBytes,
  find: findPemKey,
  rotate: 'tls-private-key',
  docs: 'https://www.rfc-editor.org/rfc/rfc7468',
  examples: [
    (make) => make.pem('rsa'),
    (make) => make.pem('ec'),
    (make) => make.pem('ed25519'),
    (make) => inCode(make.pem('rsa')),
    (make) => oneLine(make.pem('ec')),
  ],
  nearMisses: [...mentions('RSA PRIVATE KEY'), (make) => make.pem('encrypted'), (make) => make.pem('openssh')],
};

const sshRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'ssh-private-key',
  title: 'SSH private key',
  attack: 'Can log in to every host, and push to every repository, that trusts the key.',
  anchors: ['OPENSSH PRIVATE KEY', 'OPENSSH+PRIVATE+KEY', 'OPENSSH%20PRIVATE%20KEY', 'SSH2 ENCRYPTED PRIVATE KEY'].map(
    (text) => ({ text }),
  ),
  maxBytes: pemKeyBytes,
  find: findSshKey,
  rotate: 'ssh-private-key',
  docs: 'https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key',
  examples: [(make) => make.pem('openssh'), (make) => inCode(make.pem('openssh'))],
  nearMisses: [...mentions('OPENSSH PRIVATE KEY'), (make) => make.pem('ec')],
};

const puttyRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'putty-private-key',
  title: 'PuTTY private key',
  attack: 'Can log in to every host, and push to every repository, that trusts the key.',
  anchors: [{ text: 'PuTTY-User-Key-File-' }],
  maxBytes: puttyBytes,
  find: findPuttyKey,
  rotate: 'ssh-private-key',
  docs: 'https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html',
  examples: [(make) => makePuttyKey(make.hex(16)), (make) => oneLine(makePuttyKey(make.hex(16)))],
  nearMisses: [
    () => 'if (!strncmp(line, "PuTTY-User-Key-File-2: ", 23)) return SSH_KEYTYPE_PUTTY;',
    (make) => makePuttyKey(make.hex(16)).replace('Encryption: none', 'Encryption: aes256-cbc'),
  ],
};

const pgpRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'pgp-private-key',
  title: 'PGP private key',
  attack: 'Can sign as the owner of the key and read what was encrypted to it.',
  anchors: ['PGP PRIVATE KEY BLOCK', 'PGP+PRIVATE+KEY+BLOCK', 'PGP%20PRIVATE%20KEY%20BLOCK'].map((text) => ({ text })),
  maxBytes: pgpBytes,
  find: findPgpKey,
  rotate: 'pgp-private-key',
  docs: 'https://www.rfc-editor.org/rfc/rfc9580',
  examples: [(make) => makePgpKey(make.hex(16)), (make) => inCode(makePgpKey(make.hex(16)))],
  nearMisses: mentions('PGP PRIVATE KEY BLOCK'),
};

const certificateRule: LongRule = {
  reach: 'long',
  id: 'x509-certificate',
  provider: 'keys',
  title: 'Certificate',
  category: 'certificate',
  severity: 'info',
  attack: 'Nothing by itself: a certificate is public, but it tells whom a leaked key stands for.',
  anchors: ['BEGIN CERTIFICATE', 'BEGIN%20CERTIFICATE', 'BEGIN TRUSTED CERTIFICATE', 'BEGIN X509 CERTIFICATE'].map(
    (text) => ({
      text,
    }),
  ),
  maxBytes: pemKeyBytes,
  find: findCertificate,
  rotate: 'tls-private-key',
  docs: 'https://www.rfc-editor.org/rfc/rfc5280',
  examples: [(make) => makeCertificate(make.hex(16)), (make) => inCode(makeCertificate(make.hex(16)))],
  nearMisses: mentions('CERTIFICATE'),
};

const derRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'private-key-der',
  title: 'Private key in binary form',
  anchors: derAnchors.map((text) => ({ text })),
  maxBytes: derBytes,
  find: findDerKey,
  rotate: 'tls-private-key',
  docs: 'https://www.rfc-editor.org/rfc/rfc5958',
  examples: (['rsa', 'ec', 'ed25519'] as const).map(
    (kind) => (make: Maker) => Buffer.from(derOf(make.pem(kind))).toString('latin1'),
  ),
  nearMisses: [(make) => Buffer.from(derOf(make.pem('rsa')).subarray(0, 400)).toString('latin1')],
};

const base64DerRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'private-key-der-base64',
  title: 'Private key in base64 without armor',
  anchors: base64DerAnchors.map((text) => ({ text })),
  maxBytes: derBytes,
  find: findBase64DerKey,
  rotate: 'tls-private-key',
  docs: 'https://www.rfc-editor.org/rfc/rfc5958',
  examples: (['rsa', 'ec', 'ed25519'] as const).map(
    (kind) => (make: Maker) => `privateKey = "${Buffer.from(derOf(make.pem(kind))).toString('base64')}"`,
  ),
  nearMisses: [
    (make) => make.pem('rsa'),
    (make) => `privateKey = "${Buffer.from(derOf(make.pem('rsa')).subarray(0, 400)).toString('base64')}"`,
  ],
};

const base64PemRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'private-key-base64',
  title: 'Private key wrapped in base64',
  anchors: base64PemAnchors.map((text) => ({ text })),
  maxBytes: base64PemBytes,
  find: findBase64Pem,
  rotate: 'tls-private-key',
  docs: 'https://www.rfc-editor.org/rfc/rfc7468',
  examples: [
    (make) => `tls.key: ${Buffer.from(make.pem('ec')).toString('base64')}`,
    (make) => `key: ${Buffer.from(` ${make.pem('openssh')}`).toString('base64')}`,
    (make) => `key: ${Buffer.from(`  ${make.pem('ed25519')}`).toString('base64')}`,
  ],
  nearMisses: [() => Buffer.from(`${header('EC PRIVATE KEY')} ${footer('EC PRIVATE KEY')}`).toString('base64')],
};

const jwkRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'jwk-private-key',
  title: 'JSON Web Key with its private members',
  attack: 'Can sign tokens that every service which trusts the key accepts.',
  anchors: ['"kty"', "'kty'", '"kty\\', "kty: '", 'kty: "', 'kty:"'].map((text) => ({ text })),
  maxBytes: jwkBytes,
  find: findJwk,
  rotate: 'jwt-signing-secret',
  docs: 'https://www.rfc-editor.org/rfc/rfc7517',
  examples: [
    (make) => JSON.stringify(makeJwk(make.pem('ec'))),
    (make) => JSON.stringify({ keys: [makeJwk(make.pem('rsa'))] }, null, 2),
    (make) => JSON.stringify(JSON.stringify(makeJwk(make.pem('ed25519')))),
    (make) =>
      `const key = ${JSON.stringify(makeJwk(make.pem('ec')))
        .replace(/"(\w+)":/g, ' $1: ')
        .replaceAll('"', "'")};`,
  ],
  nearMisses: [
    (make) => JSON.stringify({ ...makeJwk(make.pem('ec')), d: undefined }),
    () => 'if (jwk["kty"] === "RSA") {}',
  ],
};

const wireguardRule: NearRule = {
  ...shared,
  reach: 'near',
  id: 'wireguard-private-key',
  title: 'WireGuard private key',
  attack: 'Can join the VPN as this peer and read its traffic.',
  anchors: [{ text: 'PrivateKey = ' }, { text: 'PrivateKey=' }, { text: 'WIREGUARD_PRIVATE_KEY' }],
  pattern:
    /(?:PrivateKey {0,4}=|WIREGUARD_PRIVATE_KEY["']?\s{0,4}[:=])\s{0,4}["']?(?<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])/,
  judge: judgeWireguardKey,
  textOnly: true,
  rotate: 'vpn-config',
  docs: 'https://www.wireguard.com/protocol/',
  examples: [(make) => `[Interface]\nPrivateKey = ${makeWireguardKey(make.hex(16))}\nAddress = 10.0.0.2/32`],
  nearMisses: [
    () => '[Interface]\nPrivateKey = <private key>',
    () => `PrivateKey = ${'A'.repeat(43)}=`,
    (make) => `PublicKey = ${makeWireguardKey(make.hex(16))}`,
  ],
};

const wireguardSharedRule: NearRule = {
  ...shared,
  reach: 'near',
  id: 'wireguard-preshared-key',
  title: 'WireGuard preshared key',
  severity: 'medium',
  attack: 'Weakens the second lock of the VPN; with the private key of a peer it opens the traffic.',
  anchors: [{ text: 'PresharedKey = ' }, { text: 'PresharedKey=' }],
  pattern: /PresharedKey {0,4}= {0,4}(?<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])/,
  judge: judgeWireguardSharedKey,
  textOnly: true,
  rotate: 'vpn-config',
  docs: 'https://www.wireguard.com/protocol/',
  examples: [(make) => `[Peer]\nPresharedKey = ${makeWireguardKey(make.hex(16))}`],
  nearMisses: [() => 'PresharedKey = <optional>', () => `PresharedKey = ${'A'.repeat(43)}=`],
};

const openvpnRule: LongRule = {
  ...shared,
  reach: 'long',
  id: 'openvpn-static-key',
  title: 'OpenVPN static key',
  severity: 'medium',
  attack: 'Can pass the outer lock of the VPN, or, where it is the only one, read its traffic.',
  anchors: [{ text: 'BEGIN OpenVPN Static key V1' }, { text: 'BEGIN OpenVPN tls-crypt-v2' }],
  maxBytes: openvpnBytes,
  find: findOpenvpnKey,
  rotate: 'vpn-config',
  docs: 'https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/',
  examples: [(make) => `<tls-auth>\n${makeOpenvpnKey(make.hex(512))}</tls-auth>`],
  nearMisses: [() => makeOpenvpnKey('0'.repeat(512)), (make) => makeOpenvpnKey(make.hex(64))],
};

/** Private keys in every form that is common, and certificates. */
export const keyRules: readonly Rule[] = [
  pemRule,
  sshRule,
  puttyRule,
  pgpRule,
  certificateRule,
  derRule,
  base64DerRule,
  base64PemRule,
  jwkRule,
  wireguardRule,
  wireguardSharedRule,
  openvpnRule,
];
