import { crc32Of } from './checksum.ts';
import { because, byChecksum, byShape } from './judge.ts';
import { parseJsonPart } from './jwt.ts';
import { placeholderReason } from './placeholder.ts';
import type { Rule } from './rule.ts';
import {
  base62Body,
  base64urlBody,
  bodyOfAlphabet,
  hexBody,
  longToken,
  named,
  token,
  uuidBody,
  wordStart,
} from './token.ts';

const shared = { category: 'monitoring' } as const;
const upper36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const datadog = {
  ...shared,
  provider: 'Datadog',
  rotate: 'datadog-key',
  docs: 'https://docs.datadoghq.com/account_management/api-app-keys/',
} as const;
const newRelic = {
  ...shared,
  provider: 'New Relic',
  rotate: 'newrelic-key',
  docs: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
} as const;
const sentry = {
  ...shared,
  provider: 'Sentry',
  rotate: 'sentry-auth-token',
  docs: 'https://docs.sentry.io/account/auth-tokens/',
} as const;
const grafana = { ...shared, provider: 'Grafana', rotate: 'grafana-token' } as const;

/** CRC-32 of prefix and secret, its four bytes in little-endian order, in hexadecimal. */
const grafanaChecksum = (text: string): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(crc32Of(text));
  return bytes.toString('hex');
};

const base64Json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

export const monitoringRules: readonly Rule[] = [
  token({
    ...datadog,
    id: 'datadog-app-key',
    title: 'Datadog application key',
    severity: 'high',
    attack: 'Reads and changes monitoring as the user or service account.',
    prefixes: ['ddapp_'],
    body: base62Body(34),
  }),
  token({
    ...datadog,
    id: 'datadog-access-token',
    title: 'Datadog access token',
    severity: 'high',
    attack: 'Works alone, as a person or service account, within its scopes.',
    prefixes: ['ddpat_', 'ddsat_'],
    body: {
      source: '[0-9A-Za-z]{18,24}_[0-9A-Za-z]{44,54}',
      end: 'A-Za-z0-9_',
      make: (make) => `${make.base62(22)}_${make.base62(49)}`,
    },
  }),
  named({
    ...datadog,
    id: 'datadog-api-key',
    title: 'Datadog API key',
    severity: 'high',
    attack: 'Sends made-up telemetry; with an application key it reads and changes monitoring.',
    names: ['datadog', 'dd_api_key'],
    body: hexBody(32),
  }),
  named({
    ...datadog,
    id: 'datadog-app-key-legacy',
    title: 'Datadog application key (without prefix)',
    severity: 'high',
    attack: 'Reads and changes monitoring as the user who made it.',
    names: ['datadog', 'dd_app_key', 'dd_application_key'],
    body: hexBody(40),
  }),
  token({
    ...newRelic,
    id: 'newrelic-user-key',
    title: 'New Relic user key',
    severity: 'high',
    attack: 'Reads all data and changes configuration as the user.',
    prefixes: ['NRAK-'],
    body: bodyOfAlphabet('0-9A-Z', upper36, 27),
  }),
  {
    ...newRelic,
    reach: 'near',
    id: 'newrelic-license-key',
    title: 'New Relic license key',
    severity: 'medium',
    attack: 'Sends made-up telemetry into the account; reads nothing.',
    anchors: [{ text: 'FFFFNRAL' }],
    pattern: /(?<![0-9A-Za-z])(?<secret>(?:[0-9a-f]{32}|[a-z]{2}[0-9]{2}xx[0-9a-f]{26})FFFFNRAL)(?![0-9A-Za-z])/,
    judge: (match) => byShape()({ ...match, secret: match.secret.slice(6, 32) }),
    examples: [
      (make) => `license_key: ${make.hex(32)}FFFFNRAL`,
      (make) => `license_key: eu01xx${make.hex(26)}FFFFNRAL`,
    ],
    nearMisses: [(make) => `license_key: ${make.hex(12)}FFFFNRAL`],
  },
  token({
    ...newRelic,
    id: 'newrelic-insights-key',
    title: 'New Relic Insights key',
    severity: 'high',
    attack: 'Reads every event of the account (query key), or inserts events (insert key).',
    prefixes: ['NRIQ-', 'NRII-'],
    body: base64urlBody(25, 32),
  }),
  token({
    ...newRelic,
    id: 'newrelic-admin-key',
    title: 'New Relic admin or REST API key',
    severity: 'high',
    attack: 'Administers the account.',
    prefixes: ['NRRA-', 'NRAA-'],
    body: { source: '[0-9A-Za-z._]{42}', end: 'A-Za-z0-9_', make: (make) => make.base62(42) },
  }),
  longToken({
    ...sentry,
    id: 'sentry-org-token',
    title: 'Sentry organisation token',
    severity: 'high',
    attack: 'Uploads releases and source maps of the organisation.',
    anchors: [{ text: 'sntrys_eyJ' }],
    maxBytes: 600,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<prefix>sntrys_)(?<body>eyJ[A-Za-z0-9+/=_-]{60,400})_[A-Za-z0-9+/_-]{43})(?![A-Za-z0-9+/=_-])`,
    ),
    judge: (match) => {
      const facts = parseJsonPart(match.groups['body']);
      if (facts === null || typeof facts['org'] !== 'string' || facts['iat'] === undefined) return null;
      const fake = placeholderReason(match.secret.slice(-43));
      if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
      return because('format', 'likely', 'The JSON inside names the organisation and the time of issue.');
    },
    examples: [
      (make) =>
        `SENTRY_AUTH_TOKEN=sntrys_${base64Json({ iat: 1_700_000_000.5, url: 'https://sentry.test', region_url: 'https://us.sentry.test', org: make.of('abcdef', 6) })}_${make.base62(43)}`,
    ],
    nearMisses: [(make) => `SENTRY_AUTH_TOKEN=sntrys_eyJ${make.base62(100)}_${make.base62(43)}`],
  }),
  token({
    ...sentry,
    id: 'sentry-user-token',
    title: 'Sentry user token',
    severity: 'high',
    attack: 'Acts as the user, within its scopes.',
    prefixes: ['sntryu_'],
    body: hexBody(64),
  }),
  token({
    ...sentry,
    id: 'sentry-integration-token',
    title: 'Sentry integration token',
    severity: 'high',
    attack: 'Acts with the permissions of an integration.',
    prefixes: ['sntrya_', 'sntryi_'],
    body: hexBody(64),
  }),
  named({
    ...sentry,
    id: 'sentry-token-legacy',
    title: 'Sentry token (without prefix)',
    severity: 'high',
    attack: 'Acts as the user, within its scopes.',
    names: ['sentry'],
    rest: 'token|key|secret|auth',
    body: hexBody(64),
  }),
  token({
    ...grafana,
    id: 'grafana-service-account-token',
    title: 'Grafana service account token',
    severity: 'high',
    attack: 'Acts with the role of the service account, often as an administrator.',
    docs: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
    prefixes: ['glsa_'],
    body: {
      source: '[0-9A-Za-z]{32}_[0-9a-f]{8}',
      end: 'A-Za-z0-9_',
      make: (make) => {
        const random = make.base62(32);
        return `${random}_${grafanaChecksum(`glsa_${random}`)}`;
      },
    },
    judge: byChecksum((secret) => grafanaChecksum(secret.slice(0, 37)) === secret.slice(38)),
    nearMisses: [(make) => `token: glsa_${make.base62(32)}_00000000`],
  }),
  longToken({
    ...grafana,
    id: 'grafana-cloud-token',
    title: 'Grafana Cloud access policy token',
    severity: 'high',
    attack: 'Reads or writes telemetry, or administers the stack, as its policy says.',
    docs: 'https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/',
    anchors: [{ text: 'glc_eyJ' }],
    maxBytes: 600,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<prefix>glc_)(?<body>eyJ[A-Za-z0-9+/]{50,400})={0,2})(?![A-Za-z0-9+/=])`,
    ),
    judge: (match) => {
      const facts = parseJsonPart(match.groups['body']);
      const key = facts?.['k'];
      if (typeof key !== 'string' || (facts?.['o'] ?? facts?.['id']) === undefined) return null;
      const fake = placeholderReason(key);
      if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
      return because('format', 'likely', 'The JSON inside names organisation and policy, and holds a key.');
    },
    examples: [(make) => `glc_${base64Json({ o: '1', n: 'stack-1-writer', k: make.base62(24), m: { r: 'eu' } })}`],
    nearMisses: [(make) => `glc_${base64Json({ a: make.base62(60) })}`],
  }),
  longToken({
    ...grafana,
    id: 'grafana-api-key-legacy',
    title: 'Grafana API key (legacy)',
    severity: 'high',
    attack: 'Acts with the role of the key, up to administrator.',
    docs: 'https://grafana.com/docs/grafana/latest/developers/http_api/auth/',
    anchors: [{ text: 'eyJrIjoi' }],
    maxBytes: 600,
    pattern: new RegExp(`${wordStart}(?<secret>(?<prefix>eyJrIjoi)[A-Za-z0-9+/]{40,400}={0,2})(?![A-Za-z0-9+/=.])`),
    judge: (match) => {
      const facts = parseJsonPart(match.secret);
      const key = facts?.['k'];
      if (typeof key !== 'string' || facts?.['n'] === undefined || facts['id'] === undefined) return null;
      const fake = placeholderReason(key);
      if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
      return because('format', 'likely', 'The JSON inside holds a key, its name and its organisation.');
    },
    examples: [(make) => `Authorization: Bearer ${base64Json({ k: make.base62(32), n: 'ci', id: 1 })}`],
    nearMisses: [(make) => `x ${base64Json({ k: make.base62(40) })}`],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'dynatrace-token',
    provider: 'Dynatrace',
    title: 'Dynatrace token',
    severity: 'high',
    attack: 'Reads monitoring data and, by its scopes, changes configuration.',
    rotate: 'generic-saas-api-key',
    docs: 'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens',
    anchors: [{ text: 'dt0c01.' }, { text: 'dt0s0' }, { text: 'dt0s16.' }],
    pattern: /(?<![A-Za-z0-9_])(?<secret>(?<prefix>dt0[cs][0-9]{2}\.[A-Z2-7]{24}\.)[A-Z2-7]{64})(?![A-Za-z0-9_])/,
    judge: byShape(),
    examples: [
      (make) =>
        `Api-Token dt0c01.${make.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 24)}.${make.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 64)}`,
    ],
    nearMisses: [(make) => `Api-Token dt0c01.${make.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 24)}`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'honeycomb-key',
    provider: 'Honeycomb',
    title: 'Honeycomb key',
    severity: 'high',
    attack: 'Writes events, or manages environments and keys of the team.',
    rotate: 'generic-saas-api-key',
    docs: 'https://docs.honeycomb.io/api/authentication',
    anchors: ['a', 'b', 'x', 'l', 'p'].flatMap((letter) =>
      ['ik_', 'ic_', 'mk_'].map((kind) => ({ text: `hc${letter}${kind}` })),
    ),
    pattern:
      /(?<![A-Za-z0-9_])(?<secret>(?<prefix>hc[a-z](?:ik|ic|mk)_)(?:[0-9a-z]{58}|[0-9A-Za-z]{26}:[0-9A-Za-z]{32}))(?![A-Za-z0-9_])/,
    judge: byShape(),
    examples: [(make) => `HONEYCOMB_API_KEY=hcaik_${make.of('0123456789abcdefghijklmnopqrstuvwxyz', 58)}`],
    nearMisses: [(make) => `HONEYCOMB_API_KEY=hcaik_${make.base62(20)}`],
  },
  {
    ...shared,
    reach: 'near',
    id: 'pagerduty-oauth-token',
    provider: 'PagerDuty',
    title: 'PagerDuty OAuth token',
    severity: 'high',
    attack: 'Reads and changes incidents, within the scopes of the app.',
    rotate: 'pagerduty-key',
    docs: 'https://developer.pagerduty.com/docs/app-oauth-token',
    anchors: [{ text: 'pdus+_' }, { text: 'pdeu+_' }],
    pattern: new RegExp(
      `(?<![A-Za-z0-9_])(?<secret>(?<prefix>pd[ue][su]\\+_)[01][0-9A-Z]{6}_${uuidBody.source})(?![A-Za-z0-9_-])`,
    ),
    judge: byShape(),
    examples: [(make) => `token: pdus+_0${make.of(upper36, 6)}_${uuidBody.make(make)}`],
    nearMisses: [(make) => `token: pdus+_0${make.of(upper36, 6)}`],
  },
  named({
    ...shared,
    id: 'pagerduty-api-key',
    provider: 'PagerDuty',
    title: 'PagerDuty API key',
    severity: 'high',
    attack: 'Reads and changes incidents, schedules and contacts.',
    rotate: 'pagerduty-key',
    docs: 'https://developer.pagerduty.com/docs/authentication',
    names: ['pagerduty', 'pager_duty'],
    rest: 'token|key|secret',
    body: { source: '(?:u\\+|y_)?[A-Za-z0-9_+-]{18,20}', end: 'A-Za-z0-9_+-', make: (make) => make.base62(20) },
    nearMisses: [() => 'pagerduty_service_key_name: pagerduty-integration'],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'sentry-dsn',
    provider: 'Sentry',
    title: 'Sentry DSN',
    severity: 'info',
    attack: 'Submits made-up events; it is public by design in client code.',
    rotate: 'sentry-dsn',
    docs: 'https://docs.sentry.io/concepts/key-terms/dsn-explainer/',
    anchors: [
      { text: 'ingest.sentry.io' },
      { text: 'ingest.us.sentry.io' },
      { text: 'ingest.de.sentry.io' },
      { text: '@sentry.io' },
    ],
    pattern:
      /https:\/\/(?<secret>[0-9a-f]{32}(?::[0-9a-f]{32})?)@(?:o[0-9]{1,12}\.)?(?:ingest\.)?(?:us\.|de\.)?sentry\.io\/[0-9]{1,18}(?![0-9A-Za-z])/,
    judge: (match) => {
      const shape = byShape()({ ...match, secret: match.secret.slice(-32) });
      return shape !== null && match.secret.includes(':') ? { ...shape, severity: 'low' } : shape;
    },
    examples: [(make) => `dsn: "https://${make.hex(32)}@o${make.digits(6)}.ingest.sentry.io/${make.digits(7)}"`],
    nearMisses: [() => 'dsn: "https://examplePublicKey@o0.ingest.sentry.io/0"'],
  },
];
