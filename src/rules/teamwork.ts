import { crc32Hex, crc32Of } from './checksum.ts';
import { because, byChecksum, byShape } from './judge.ts';
import { parseJsonPart } from './jwt.ts';
import type { Rule } from './rule.ts';
import { base62Body, hexBody, longToken, named, token, wordStart } from './token.ts';

const shared = { category: 'saas', rotate: 'generic-saas-api-key' } as const;

/** First six characters of the base64 of a CRC-32, its bytes in little-endian order. */
const confluentChecksum = (body: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc32Of(body));
  return bytes.toString('base64').slice(0, 6);
};

/** Base64 of the name of the first claim; a constant, so that the near miss below is no assignment. */
const miroHead = 'eyJtaXJvLm9yaWdpbiI6';

export const teamworkRules: readonly Rule[] = [
  token({
    ...shared,
    id: 'trello-token',
    provider: 'Atlassian',
    title: 'Trello token',
    severity: 'high',
    attack: 'Reads and changes the boards of the member, often for ever.',
    docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/',
    prefixes: ['ATTA'],
    body: {
      source: '[0-9a-f]{64}[0-9A-F]{8}',
      end: 'A-Za-z0-9_',
      make: (make) => {
        const random = make.hex(64);
        return random + crc32Hex(`ATTA${random}`).toUpperCase();
      },
    },
    judge: byChecksum((secret) => crc32Hex(secret.slice(0, 68)).toUpperCase() === secret.slice(68)),
    nearMisses: [(make) => `ATTA${make.hex(64)}00000000`],
  }),
  token({
    ...shared,
    id: 'confluent-cloud-secret',
    provider: 'Confluent',
    title: 'Confluent Cloud secret',
    category: 'database',
    severity: 'critical',
    attack: 'Reads and writes a Kafka cluster, or administers the cloud.',
    rotate: 'confluent-key',
    docs: 'https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html',
    prefixes: ['cflt'],
    body: {
      source: '[A-Za-z0-9+/]{60}',
      end: 'A-Za-z0-9_+/=',
      make: (make) => {
        const random = make.base62(54);
        return random + confluentChecksum(random);
      },
    },
    judge: byChecksum((secret) => confluentChecksum(secret.slice(4, 58)) === secret.slice(58)),
    nearMisses: [(make) => `cflt${make.base62(54)}000000`],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'intercom-access-token',
    provider: 'Intercom',
    title: 'Intercom access token',
    severity: 'high',
    attack: 'Reads conversations and contacts.',
    docs: 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication',
    anchors: [{ text: 'dG9rO' }],
    pattern: /(?<![A-Za-z0-9+/])(?<secret>(?<prefix>dG9rO)[A-Za-z0-9+/]{54}=)(?![A-Za-z0-9+/=])/,
    judge: (match) =>
      /^tok:[0-9a-f]{8}_[0-9a-f]{4}_[0-9a-f]{4}_[0-9a-f]{4}_[0-9a-f]{12}:\d:\d$/.test(
        Buffer.from(match.secret, 'base64').toString('latin1'),
      )
        ? because('format', 'likely', 'It decodes to a token and its version.')
        : null,
    examples: [
      (make) =>
        `token: ${Buffer.from(`tok:${[8, 4, 4, 4, 12].map((size) => make.hex(size)).join('_')}:1:0`).toString('base64')}`,
    ],
    nearMisses: [(make) => `token: dG9rO${make.base62(54)}=`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'asana-pat',
    provider: 'Asana',
    title: 'Asana personal access token',
    severity: 'high',
    attack: 'Reads and changes tasks as the user.',
    docs: 'https://developers.asana.com/docs/personal-access-token',
    anchors: [{ text: 'asana', ignoreCase: true, assigned: true }],
    pattern:
      /asana[\w.-]{0,32}[ \t"'`\])]{0,4}[=:>]{1,3}[ \t"'`([{]{0,4}(?<secret>(?:2\/[0-9]{14,18}\/[0-9]{14,18}:|1\/[0-9]{14,16}:|0\/)[0-9a-f]{32})(?![0-9A-Za-z])/i,
    textOnly: true,
    judge: (match) => byShape()({ ...match, secret: match.secret.slice(-32) }),
    examples: [(make) => `ASANA_TOKEN=2/${make.digits(16)}/${make.digits(16)}:${make.hex(32)}`],
    nearMisses: [(make) => `ASANA_PROJECT=${make.digits(16)}`],
  },
  named({
    ...shared,
    id: 'jira-confluence-pat',
    provider: 'Atlassian',
    title: 'Jira or Confluence Data Center token',
    severity: 'high',
    attack: 'Acts as the user.',
    rotate: 'jira-dc-pat',
    docs: 'https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html',
    names: ['jira', 'confluence', 'atlassian'],
    rest: 'token|pat|key|secret|pass',
    body: {
      source: '[MNO][A-Za-z0-9+/]{43}',
      end: 'A-Za-z0-9_+/=',
      make: (make) => Buffer.from(`${make.digits(12)}:${make.base62(20)}`, 'latin1').toString('base64'),
    },
    judge: (match) =>
      /^\d{12}:/.test(Buffer.from(match.secret, 'base64').toString('latin1')) ? byShape()(match) : null,
    nearMisses: [(make) => `jira_token = M${make.base62(43)}`],
  }),
  longToken({
    ...shared,
    id: 'miro-access-token',
    provider: 'Miro',
    title: 'Miro access token',
    severity: 'high',
    attack: 'Reads and changes the boards of a team.',
    docs: 'https://developers.miro.com/reference/get-token-info',
    anchors: [{ text: 'eyJtaXJvLm9yaWdpbiI6' }],
    maxBytes: 300,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<body>eyJtaXJvLm9yaWdpbiI6[A-Za-z0-9-]{4,60})_[A-Za-z0-9_-]{20,64})(?![A-Za-z0-9_-])`,
    ),
    judge: (match) =>
      parseJsonPart(match.groups['body']) === null ? null : byShape()({ ...match, secret: match.secret.slice(-20) }),
    examples: [(make) => `token: ${Buffer.from('{"miro.origin":"eu01"}').toString('base64url')}_${make.base62(27)}`],
    nearMisses: [(make) => `token: ${miroHead}${make.base62(8)}_${make.base62(27)}`],
  }),
  named({
    ...shared,
    id: 'zendesk-api-token',
    provider: 'Zendesk',
    title: 'Zendesk API token',
    severity: 'critical',
    attack: 'Reads and changes tickets in the name of any agent.',
    docs: 'https://developer.zendesk.com/api-reference/introduction/security-and-auth/',
    names: ['zendesk'],
    rest: 'token|key|secret|pass',
    body: base62Body(40),
  }),
  token({
    ...shared,
    id: 'segment-public-api-token',
    provider: 'Segment',
    title: 'Segment Public API token',
    severity: 'high',
    attack: 'Manages the sources and destinations of the workspace.',
    docs: 'https://segment.com/docs/api/public-api/',
    prefixes: ['sgp_'],
    body: base62Body(60, 70),
  }),
  named({
    ...shared,
    id: 'sumologic-access-key',
    provider: 'Sumo Logic',
    title: 'Sumo Logic access key',
    category: 'monitoring',
    severity: 'high',
    attack: 'Acts as the user, together with the access id.',
    rotate: 'sumologic-key',
    docs: 'https://help.sumologic.com/docs/manage/security/access-keys/',
    names: ['sumo'],
    rest: 'key|secret',
    body: base62Body(64),
  }),
  named({
    ...shared,
    id: 'rollbar-access-token',
    provider: 'Rollbar',
    title: 'Rollbar access token',
    category: 'monitoring',
    severity: 'medium',
    attack: 'Reports errors, or reads and changes the project, by its scope.',
    docs: 'https://docs.rollbar.com/docs/access-tokens',
    names: ['rollbar'],
    rest: 'token|key|secret',
    body: hexBody(32),
  }),
  {
    ...shared,
    reach: 'near',
    id: 'cloudinary-url',
    provider: 'Cloudinary',
    title: 'Cloudinary URL with its secret',
    category: 'connection-string',
    severity: 'high',
    attack: 'Uploads, changes and deletes media.',
    docs: 'https://cloudinary.com/documentation/cloudinary_credentials_tutorial',
    anchors: [{ text: 'cloudinary://' }],
    pattern: /cloudinary:\/\/[0-9]{15}:(?<secret>[A-Za-z0-9_-]{27})@[a-z0-9_-]{1,60}/,
    judge: byShape(),
    examples: [(make) => `CLOUDINARY_URL=cloudinary://${make.digits(15)}:${make.base64url(27)}@acme`],
    nearMisses: [() => 'CLOUDINARY_URL=cloudinary://<api_key>:<api_secret>@acme'],
  },
];
