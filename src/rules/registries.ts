import { crc32Base62, crc32Hex, hasCrc32Base62 } from './checksum.ts';
import { because, byChecksum, byShape } from './judge.ts';
import { placeholderReason } from './placeholder.ts';
import type { Maker, Rule } from './rule.ts';
import { base62Body, base64urlBody, bodyOfAlphabet, hexBody, named, token, uuidBody } from './token.ts';

const shared = { category: 'registry' } as const;
const base32Lower = 'abcdefghijklmnopqrstuvwxyz234567';

/** The head of a macaroon whose location is the host name of the index. */
const pypiHead = 'pypi-AgEIcHlwaS5vcmc';
const testPypiHead = 'pypi-AgENdGVzdC5weXBpLm9yZw';

/**
 * Whether the macaroon is whole: version 2, fields of type, length and bytes, and at the end a signature of 32 bytes. Tokens
 * in documentation stop somewhere in the middle.
 */
const isMacaroon = (token: string): boolean => {
  const bytes = Buffer.from(token.slice('pypi-'.length), 'base64url');
  if (bytes[0] !== 2) return false;
  let at = 1;
  while (at + 1 < bytes.length) {
    const type = bytes[at];
    if (type === 0) {
      at++;
      continue;
    }
    const size = bytes[at + 1] ?? 0;
    // A length over 127 continues in a second byte; caveats of this index are shorter than that, or two bytes long.
    const long = size >= 0x80;
    const length = long ? (size & 0x7f) + 128 * (bytes[at + 2] ?? 0) : size;
    const end = at + (long ? 3 : 2) + length;
    if (type === 6) return length === 32 && end === bytes.length;
    at = end;
  }
  return false;
};

const makeMacaroon = (make: Maker, location: string): string => {
  const field = (type: number, text: string): Buffer => Buffer.from([type, text.length, ...Buffer.from(text)]);
  const parts = [Buffer.from([2]), field(1, location), field(2, uuidBody.make(make)), Buffer.from([0])];
  const caveat = [field(2, `[3, "${uuidBody.make(make)}"]`), Buffer.from([0, 0])];
  const signature = field(6, make.base62(32));
  return `pypi-${Buffer.concat([...parts, ...caveat, signature]).toString('base64url')}`;
};

export const registryRules: readonly Rule[] = [
  token({
    ...shared,
    id: 'npm-token',
    provider: 'npm',
    title: 'npm access token',
    severity: 'critical',
    attack: 'Publishes packages in the name of the owner, or reads private ones.',
    rotate: 'npm-token',
    docs: 'https://docs.npmjs.com/about-access-tokens',
    prefixes: ['npm_'],
    body: {
      ...base62Body(36),
      make: (make) => {
        const random = make.base62(30);
        return random + crc32Base62(random);
      },
    },
    judge: byChecksum((secret) => hasCrc32Base62(secret.slice(4))),
    nearMisses: [(make) => `npm_${make.base62(30)}000000`, () => 'npm_config_globalconfig_of_this_very_machine_x'],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'npm-token-legacy',
    provider: 'npm',
    title: 'npm access token (legacy)',
    severity: 'high',
    attack: 'Publishes packages in the name of the owner, if it still lives: npm ended tokens of this form in 2025.',
    rotate: 'npm-token',
    docs: 'https://docs.npmjs.com/about-access-tokens',
    anchors: [
      { text: '_authToken', assigned: true },
      { text: 'npm_token', ignoreCase: true, assigned: true },
    ],
    pattern:
      /(?:_authToken|npm_token)["'\s]{0,4}[=:]{1,2}[\s"']{0,4}(?<secret>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9A-Za-z-])/i,
    judge: byShape(),
    examples: [(make) => `//registry.test/:_authToken=${uuidBody.make(make)}`],
    nearMisses: [(make) => `cacheToken=${uuidBody.make(make)}`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'npm-legacy-auth',
    provider: 'npm',
    title: 'npm registry login (_auth)',
    severity: 'high',
    attack: 'Signs in to the registry, often with the password of a company account.',
    rotate: 'npm-token',
    docs: 'https://docs.npmjs.com/cli/v10/configuring-npm/npmrc',
    anchors: [{ text: ':_auth' }, { text: '\n_auth' }, { text: ':_password' }],
    pattern:
      /(?:^|[:\n])_(?:auth|password)[ \t]{0,4}=[ \t"]{0,4}(?<secret>[A-Za-z0-9+/]{12,200}={0,2})(?![A-Za-z0-9+/=])/,
    textOnly: true,
    judge: (match) => {
      const text = Buffer.from(match.secret, 'base64').toString('latin1');
      if (!/^[\x20-\x7e]+$/.test(text)) return null;
      const password = text.includes(':') ? text.slice(text.indexOf(':') + 1) : text;
      const fake = placeholderReason(password);
      if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
      return because('decoded', 'likely', 'It decodes to a login in plain text.');
    },
    examples: [(make) => `//registry.test/:_auth=${Buffer.from(`deployer:${make.base62(16)}`).toString('base64')}`],
    nearMisses: [
      () => `//registry.test/:_auth=${Buffer.from('user:password').toString('base64')}`,
      (make) => `//registry.test/:_auth=${make.base62(32)}`,
    ],
  },
  token({
    ...shared,
    id: 'pypi-token',
    provider: 'PyPI',
    title: 'PyPI API token',
    severity: 'critical',
    attack: 'Uploads releases of the packages of its owner.',
    rotate: 'pypi-token',
    docs: 'https://packaging.python.org/en/latest/specifications/pypirc/',
    prefixes: [pypiHead],
    body: base64urlBody(40, 230),
    judge: (match) =>
      isMacaroon(match.secret)
        ? because('format', 'confirmed', 'The macaroon inside is whole, to its signature.')
        : byShape('possible')(match),
    examples: [(make) => `password = ${makeMacaroon(make, ['pypi', 'org'].join('.'))}`],
  }),
  token({
    ...shared,
    id: 'testpypi-token',
    provider: 'PyPI',
    title: 'TestPyPI API token',
    severity: 'low',
    attack: 'Uploads packages to the test index.',
    rotate: 'pypi-token',
    docs: 'https://packaging.python.org/en/latest/specifications/pypirc/',
    prefixes: [testPypiHead],
    body: base64urlBody(40, 230),
    examples: [(make) => `password = ${makeMacaroon(make, ['test', 'pypi', 'org'].join('.'))}`],
  }),
  token({
    ...shared,
    id: 'rubygems-key',
    provider: 'RubyGems',
    title: 'RubyGems API key',
    severity: 'critical',
    attack: 'Pushes and yanks gems in the name of the owner.',
    rotate: 'rubygems-key',
    docs: 'https://guides.rubygems.org/api-key-scopes/',
    prefixes: ['rubygems_'],
    body: hexBody(48),
  }),
  named({
    ...shared,
    id: 'crates-io-token',
    provider: 'crates.io',
    title: 'crates.io token',
    severity: 'critical',
    attack: 'Publishes crates in the name of the owner.',
    rotate: 'crates-io-token',
    docs: 'https://doc.rust-lang.org/cargo/reference/publishing.html',
    names: ['cargo_registry_token', 'cargo_registry_global_token', 'cargo_token', 'crates_io_token'],
    body: { source: '(?<prefix>cio)[0-9A-Za-z]{32}', end: 'A-Za-z0-9_', make: (make) => `cio${make.base62(32)}` },
  }),
  token({
    ...shared,
    id: 'nuget-key',
    provider: 'NuGet',
    title: 'NuGet API key',
    severity: 'critical',
    attack: 'Pushes packages in the name of the owner.',
    rotate: 'nuget-key',
    docs: 'https://learn.microsoft.com/en-us/nuget/nuget-org/scoped-api-keys',
    prefixes: ['oy2'],
    body: bodyOfAlphabet('a-z2-7', base32Lower, 43),
  }),
  token({
    ...shared,
    id: 'dockerhub-pat',
    provider: 'Docker',
    title: 'Docker Hub access token',
    severity: 'critical',
    attack: 'Pulls private images and pushes images of the attacker.',
    rotate: 'dockerhub-pat',
    docs: 'https://docs.docker.com/security/for-developers/access-tokens/',
    prefixes: ['dckr_pat_'],
    body: base64urlBody(27),
  }),
  token({
    ...shared,
    id: 'dockerhub-oat',
    provider: 'Docker',
    title: 'Docker Hub organisation access token',
    severity: 'critical',
    attack: 'Pulls and pushes the images of an organisation.',
    rotate: 'dockerhub-pat',
    docs: 'https://docs.docker.com/security/for-admins/access-tokens/',
    prefixes: ['dckr_oat_'],
    body: base64urlBody(32),
  }),
  token({
    ...shared,
    id: 'docker-swarm-join-token',
    provider: 'Docker',
    title: 'Docker Swarm join token',
    severity: 'high',
    attack: 'Joins the cluster as a worker or manager.',
    rotate: 'generic-saas-api-key',
    docs: 'https://docs.docker.com/engine/swarm/join-nodes/',
    prefixes: ['SWMTKN-1-'],
    body: {
      source: '[0-9a-z]{50}-[0-9a-z]{25}',
      end: 'A-Za-z0-9_-',
      make: (make) =>
        `${make.of('0123456789abcdefghijklmnopqrstuvwxyz', 50)}-${make.of('0123456789abcdefghijklmnopqrstuvwxyz', 25)}`,
    },
  }),
  token({
    ...shared,
    id: 'docker-swarm-unlock-key',
    provider: 'Docker',
    title: 'Docker Swarm unlock key',
    severity: 'high',
    attack: 'Unlocks the encrypted logs of a swarm manager.',
    rotate: 'generic-saas-api-key',
    docs: 'https://docs.docker.com/engine/swarm/swarm_manager_locking/',
    prefixes: ['SWMKEY-1-'],
    body: { source: '[A-Za-z0-9+/]{43}', end: 'A-Za-z0-9+/=', make: (make) => make.base62(43) },
  }),
  token({
    ...shared,
    id: 'artifactory-api-key',
    provider: 'JFrog',
    title: 'Artifactory API key',
    severity: 'critical',
    attack: 'Reads and deploys packages as the user.',
    rotate: 'artifactory-token',
    docs: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key',
    prefixes: ['AKCp'],
    body: bodyOfAlphabet('1-9A-HJ-NP-Za-km-z', '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz', 69),
  }),
  token({
    ...shared,
    id: 'artifactory-reference-token',
    provider: 'JFrog',
    title: 'Artifactory reference token',
    severity: 'critical',
    attack: 'Acts as the user on the whole platform.',
    rotate: 'artifactory-token',
    docs: 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/reference-token',
    prefixes: ['cmVmdGtu'],
    body: base62Body(56),
    judge: (match) => {
      const text = Buffer.from(match.secret, 'base64').toString('latin1');
      if (!/^reftkn:\d\d:\d{10}:/.test(text)) return null;
      return because('format', 'likely', 'It decodes to a reference token with its time of expiry.');
    },
    examples: [(make) => `token: ${Buffer.from(`reftkn:01:1790000000:${make.digits(27)}`).toString('base64')}`],
    nearMisses: [(make) => `token: cmVmdGtu${make.base62(56)}`],
  }),
  token({
    ...shared,
    id: 'clojars-deploy-token',
    provider: 'Clojars',
    title: 'Clojars deploy token',
    severity: 'critical',
    attack: 'Deploys jars in the name of the owner.',
    rotate: 'generic-saas-api-key',
    docs: 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens',
    prefixes: ['CLOJARS_'],
    body: hexBody(60),
  }),
  token({
    ...shared,
    id: 'private-packagist-token',
    provider: 'Packagist',
    title: 'Private Packagist token',
    severity: 'high',
    attack: 'Reads or updates private PHP packages.',
    rotate: 'generic-saas-api-key',
    docs: 'https://packagist.com/docs/composer-authentication',
    prefixes: ['packagist_ort_', 'packagist_out_', 'packagist_uut_', 'packagist_cut_'],
    body: hexBody(68),
    judge: byChecksum((secret) => crc32Hex(secret.slice(0, -8)) === secret.slice(-8)),
    examples: ['packagist_ort_', 'packagist_uut_'].map((prefix) => (make: Maker) => {
      const head = prefix + make.hex(60);
      return `bearer: ${head}${crc32Hex(head)}`;
    }),
    nearMisses: [(make) => `packagist_ort_${make.hex(60)}00000000`],
  }),
];
