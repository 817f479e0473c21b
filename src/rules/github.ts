import { crc32Base62, fineGrainedMark, hasCrc32Base62, hasFineGrainedMark } from './checksum.ts';
import { because, byChecksum, byShape, bySilentChecksum, type Judge } from './judge.ts';
import { parseJwt } from './jwt.ts';
import { makeJwt } from './jwt-maker.ts';
import type { Maker, Rule } from './rule.ts';
import { type Body, base62Body, hexBody, longToken, named, token, wordStart } from './token.ts';

const formats = 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/';
const shared = { provider: 'GitHub', category: 'vcs' } as const;

/** Random base62 and the six characters of its CRC-32. */
const checked = (length: number): Body => ({
  ...base62Body(length),
  make: (make) => {
    const random = make.base62(length - 6);
    return random + crc32Base62(random);
  },
});

const byGithubChecksum: Judge = byChecksum((secret) => hasCrc32Base62(secret.slice(4)));
const altered = (prefix: string, length: number) => (make: Maker) => `token: ${prefix}${make.base62(length - 6)}000000`;

const makeFineGrained = (make: Maker): string => {
  const head = `github_pat_${make.base62(22)}_${make.base62(43)}`;
  return head + fineGrainedMark(head) + make.base62(8);
};

export const githubRules: readonly Rule[] = [
  token({
    ...shared,
    id: 'github-pat',
    title: 'GitHub personal access token (classic)',
    severity: 'critical',
    attack:
      'Acts as the user who made it: reads private code, pushes commits and changes workflows, as far as its scopes go.',
    rotate: 'github-pat',
    docs: formats,
    prefixes: ['ghp_'],
    body: checked(36),
    judge: byGithubChecksum,
    nearMisses: [altered('ghp_', 36)],
  }),
  token({
    ...shared,
    id: 'github-fine-grained-pat',
    title: 'GitHub personal access token (fine-grained)',
    severity: 'critical',
    attack: 'Acts as the user on the repositories that it was made for.',
    rotate: 'github-pat',
    docs: 'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens',
    prefixes: ['github_pat_'],
    body: {
      source: '[0-9A-Za-z]{22}_[0-9A-Za-z]{59}',
      end: 'A-Za-z0-9_',
      make: (make) => makeFineGrained(make).slice(11),
    },
    judge: bySilentChecksum(hasFineGrainedMark),
  }),
  token({
    ...shared,
    id: 'github-oauth-token',
    title: 'GitHub OAuth access token',
    severity: 'critical',
    attack: 'Acts as the user who let an OAuth app (or the gh command) in, within the scopes that were granted.',
    rotate: 'github-oauth-app-tokens',
    docs: formats,
    prefixes: ['gho_'],
    body: checked(36),
    judge: byGithubChecksum,
    nearMisses: [altered('gho_', 36)],
  }),
  token({
    ...shared,
    id: 'github-app-user-token',
    title: 'GitHub App user token',
    severity: 'high',
    attack: 'Acts for a user through a GitHub App; it lives eight hours unless the app turned that off.',
    rotate: 'github-oauth-app-tokens',
    docs: formats,
    prefixes: ['ghu_'],
    body: checked(36),
    judge: byGithubChecksum,
    nearMisses: [altered('ghu_', 36)],
  }),
  token({
    ...shared,
    id: 'github-app-installation-token',
    title: 'GitHub App installation token',
    severity: 'medium',
    attack: 'Acts as a GitHub App on the repositories where it is installed, for one hour.',
    rotate: 'github-installation-token',
    docs: 'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
    prefixes: ['ghs_'],
    body: checked(36),
    // Not every issuer of this prefix is known to follow the scheme: a wrong checksum proves nothing here.
    judge: bySilentChecksum((secret) => hasCrc32Base62(secret.slice(4))),
  }),
  longToken({
    ...shared,
    id: 'github-app-installation-jwt',
    title: 'GitHub App installation token (stateless form)',
    severity: 'medium',
    attack: 'Acts as a GitHub App on the repositories where it is installed, for one hour.',
    rotate: 'github-installation-token',
    docs: 'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
    anchors: [{ text: 'ghs_' }],
    maxBytes: 2048,
    pattern: new RegExp(
      String.raw`${wordStart}(?<secret>(?<prefix>ghs_)[0-9]{1,12}_eyJ[\w-]{10,600}\.eyJ[\w-]{10,1000}\.[\w-]{20,800})(?![\w-])`,
    ),
    judge: (match) => {
      const facts = parseJwt(match.secret.slice(match.secret.indexOf('eyJ')));
      if (facts === null) return null;
      const expires = facts.expires === undefined ? {} : { expires: facts.expires };
      return because('format', 'likely', 'The token holds a JSON Web Token, as the stateless form does.', expires);
    },
    examples: [(make) => `GITHUB_TOKEN=ghs_${make.digits(6)}_${makeJwt(make, { iss: 'github', exp: 1_790_000_000 })}`],
    nearMisses: [
      (make) => `GITHUB_TOKEN=ghs_${make.digits(6)}_eyJ${make.base62(20)}.eyJ${make.base62(20)}.${make.base62(30)}`,
    ],
  }),
  token({
    ...shared,
    id: 'github-refresh-token',
    title: 'GitHub App refresh token',
    severity: 'high',
    attack: 'Mints user tokens of a GitHub App for six months, together with the secret of the app.',
    rotate: 'github-oauth-app-tokens',
    docs: formats,
    prefixes: ['ghr_'],
    body: checked(76),
    judge: byGithubChecksum,
    nearMisses: [altered('ghr_', 76)],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'github-legacy-token',
    title: 'GitHub token (before 2021)',
    severity: 'high',
    attack: 'Acts as the user who made it, if it was used at least once a year since.',
    rotate: 'github-pat',
    docs: formats,
    anchors: [
      { text: 'github_token', ignoreCase: true, assigned: true },
      { text: 'github_pat', ignoreCase: true, assigned: true },
      { text: 'github_api_token', ignoreCase: true, assigned: true },
      { text: 'githubtoken', ignoreCase: true, assigned: true },
      { text: 'gh_token', ignoreCase: true, assigned: true },
    ],
    pattern:
      /(?:github_?(?:api_?)?(?:token|pat)|gh_token)\w{0,16}["'\])]{0,3}\s{0,4}(?::=|=>|[:=])\s{0,4}["'`]?(?<secret>[0-9a-f]{40})(?![0-9A-Za-z_])/i,
    textOnly: true,
    judge: byShape(),
    examples: [(make) => `GITHUB_TOKEN=${make.hex(40)}`, (make) => `"github_token": "${make.hex(40)}"`],
    nearMisses: [(make) => `github_commit=${make.hex(40)}`, (make) => `GITHUB_TOKEN=${make.hex(64)}`],
  },
  named({
    ...shared,
    id: 'github-oauth-client-secret',
    title: 'GitHub OAuth client secret',
    severity: 'high',
    attack: 'Completes the login of the app in its name, and checks or revokes its tokens.',
    rotate: 'github-oauth-app-tokens',
    docs: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
    names: ['github', 'gh_client_secret', 'gh_oauth'],
    rest: 'secret',
    body: hexBody(40),
  }),
];
