import { crc32Hex, hasAtlassianChecksum } from './checksum.ts';
import { byChecksum, byShape } from './judge.ts';
import type { Maker, Rule } from './rule.ts';
import { type Body, token } from './token.ts';

const shared = { provider: 'Atlassian', category: 'saas' } as const;
const judge = byChecksum(hasAtlassianChecksum);

/** `length` characters, an `=` (escaped in files of properties and URLs), eight hexadecimal digits of checksum. */
const checked = (prefix: string, length: number): Body => ({
  source: String.raw`[A-Za-z0-9_-]{80,230}(?:\\?=|%3D)[0-9A-F]{8}`,
  end: 'A-Za-z0-9_-',
  make: (make) => withChecksum(`${prefix}${make.base64url(length)}=`).slice(prefix.length),
});

const withChecksum = (head: string): string => head + crc32Hex(head).toUpperCase();

const altered = (prefix: string) => (make: Maker) => `token: ${prefix}${make.base64url(171)}=00000000`;

export const atlassianRules: readonly Rule[] = [
  token({
    ...shared,
    id: 'atlassian-api-token',
    title: 'Atlassian API token',
    severity: 'critical',
    attack: 'Acts as the user in Jira, Confluence and Bitbucket.',
    rotate: 'atlassian-api-token',
    docs: 'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/',
    prefixes: ['ATATT3xFfGF0'],
    body: checked('ATATT3xFfGF0', 171),
    judge,
    nearMisses: [altered('ATATT3xFfGF0')],
  }),
  token({
    ...shared,
    id: 'atlassian-access-token',
    title: 'Atlassian organisation or repository access token',
    severity: 'critical',
    attack: 'Administers the users of an organisation, or reads and writes the code of repositories.',
    rotate: 'bitbucket-token',
    docs: 'https://support.atlassian.com/bitbucket-cloud/docs/repository-access-tokens/',
    prefixes: ['ATCTT3xFfG'],
    body: checked('ATCTT3xFfG', 173),
    judge,
    nearMisses: [altered('ATCTT3xFfG')],
  }),
  token({
    ...shared,
    id: 'bitbucket-app-password',
    title: 'Bitbucket Cloud app password',
    category: 'vcs',
    severity: 'high',
    attack: 'Reads or writes repositories as the user.',
    rotate: 'bitbucket-token',
    docs: 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/',
    prefixes: ['ATBB'],
    body: {
      source: '[0-9A-Za-z]{24}[0-9A-F]{8}',
      end: 'A-Za-z0-9_',
      make: (make) => withChecksum(`ATBB${make.base62(24)}`).slice(4),
    },
    judge,
    nearMisses: [(make) => `password: ATBB${make.base62(24)}00000000`],
  }),
  token({
    ...shared,
    id: 'bitbucket-server-access-token',
    title: 'Bitbucket Data Center access token',
    category: 'vcs',
    severity: 'high',
    attack: 'Reads or writes the repositories of a user or project.',
    rotate: 'bitbucket-token',
    docs: 'https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html',
    prefixes: ['BBDC-'],
    body: {
      source: '[MNO][A-Za-z0-9+/_@-]{43}',
      end: 'A-Za-z0-9_+/-',
      make: (make) => Buffer.from(`${make.digits(12)}:${make.base62(20)}`).toString('base64'),
    },
    judge: (match) =>
      /^\d{4,}:/.test(Buffer.from(match.secret.slice(5), 'base64').toString('latin1'))
        ? byShape('possible')(match)
        : null,
    nearMisses: [(make) => `token: BBDC-M${make.base62(43)}`],
  }),
];
