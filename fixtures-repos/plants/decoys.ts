import { createHash } from 'node:crypto';
import type { Files } from '../build-repo.ts';
import {
  brokenChecksum,
  certificatePem,
  encryptedKeyPem,
  encryptedOpensshKey,
  githubToken,
  npmToken,
  publicKeyPem,
  seededMaker,
} from '../secrets/index.ts';

const make = seededMaker('decoys');
const hex = (length: number): string => make.bytes(length / 2).toString('hex');
const base64 = (length: number): string => make.bytes(length).toString('base64');

/** Looks like a secret and is none. The key says why, the file says where. */
export const decoyFiles = (): Readonly<Record<string, Files>> => ({
  'checksum is wrong': {
    'ci/token.conf': `GITHUB_TOKEN=${brokenChecksum(githubToken(make))}\nNPM=${brokenChecksum(npmToken(make))}\n`,
  },
  'one letter again and again': {
    'ci/masked.conf': `GITHUB_TOKEN=ghp_${'x'.repeat(36)}\nSLACK=xoxb-${'0'.repeat(12)}\n`,
  },
  'known example of documentation': {
    'ci/aws.conf': `aws_access_key_id=AKIA${'IOSFODNN7'}EXAMPLE\naws_secret_access_key=wJalrXUtnFEMI/${'K7MDENG/'}bPxRfiCYEXAMPLEKEY\n`,
  },
  'public key': {
    'keys/release.pub': publicKeyPem(make),
    'keys/authorized': `ssh-ed25519 ${base64(51)} deploy@build\n`,
  },
  certificate: { 'tls/server.crt': certificatePem(make) },
  'hashes of a lock file': { 'package-lock.json': lockFile() },
  'sums of modules': {
    'go.sum': `github.com/acme/x v1.2.3 h1:${base64(32)}\ngithub.com/acme/x v1.2.3/go.mod h1:${base64(32)}\n`,
  },
  'object ids': { 'vendor/commits.txt': Array.from({ length: 20 }, () => `commit ${hex(40)}\n`).join('') },
  'placeholders of a template': {
    '.env.example':
      'DB_PASSWORD=changeme\nAPI_KEY=your-api-key-here\nSTRIPE_SECRET_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx\nSECRET_KEY=<generate one>\n',
  },
  'private key under a password': {
    'keys/sealed.pem': encryptedKeyPem(make),
    'keys/sealed_ssh': encryptedOpensshKey(make),
  },
  'value comes from elsewhere': {
    'deploy/values.yaml': [
      'database:',
      `  password: \${DB_PASSWORD}`,
      '  url: postgres://orders:${' + 'DB_PASSWORD}@db.acme-corp.net:5432/orders',
      '  secret: "{{ vault.database.password }}"',
      '  token: <%= ENV["TOKEN"] %>',
      '  apiKey: %(api_key)s',
      '',
    ].join('\n'),
  },
  'code that reads a secret': {
    'src/login.py': 'password = os.environ["DB_PASSWORD"]\ntoken = get_token(user)\nsecret_key = settings.SECRET_KEY\n',
    'src/login.js': 'const password = form.elements.password.value;\nconst apiKey = process.env.API_KEY ?? "";\n',
  },
  'words of a form': { 'locales/fr.json': '{"password": "Mot de passe", "token": "Jeton", "secret": "Secret"}\n' },
  'an image': { 'site/style.css': `.logo{background:url(data:image/png;base64,${base64(3000)})}\n` },
  'random bytes': { 'assets/noise.bin': make.bytes(20_000) },
  'half of a key': { 'docs/keys.txt': '-----BEGIN RSA PRIVATE KEY-----\n…\n-----END RSA PRIVATE KEY-----\n' },
  identifiers: { 'src/ids.json': JSON.stringify({ id: uuid(), build: hex(32), etag: `W/"${hex(40)}"` }) },
});

const uuid = (): string => hex(32).replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const lockFile = (): string => {
  const integrity = (name: string): string => `sha512-${createHash('sha512').update(name).digest('base64')}`;
  const packages = ['left', 'right', 'token-service'].map((name) => [
    `node_modules/${name}`,
    { version: '1.0.0', integrity: integrity(name) },
  ]);
  return `${JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(packages) }, null, 2)}\n`;
};
