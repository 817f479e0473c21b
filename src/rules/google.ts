import { byShape } from './judge.ts';
import type { Rule } from './rule.ts';
import { base64urlBody, longToken, token } from './token.ts';

const shared = { provider: 'Google', category: 'cloud' } as const;

export const googleRules: readonly Rule[] = [
  token({
    ...shared,
    id: 'google-api-key',
    title: 'Google API key',
    severity: 'medium',
    attack:
      'Calls Google APIs on the bill of the project, as far as the key is not restricted; keys of web and mobile apps are public by design.',
    rotate: 'google-api-key',
    docs: 'https://cloud.google.com/docs/authentication/api-keys',
    prefixes: ['AIza'],
    body: base64urlBody(35),
  }),
  token({
    ...shared,
    id: 'google-auth-key',
    title: 'Google Gemini API key (bound to a service account)',
    severity: 'high',
    attack: 'Calls Gemini on the bill of the project.',
    rotate: 'google-api-key',
    docs: 'https://ai.google.dev/gemini-api/docs/api-key',
    prefixes: ['AQ.Ab8RN6'],
    body: base64urlBody(44),
  }),
  token({
    ...shared,
    id: 'google-oauth-client-secret',
    title: 'Google OAuth client secret',
    severity: 'medium',
    attack: 'Poses as the OAuth client; secrets of installed apps are public by design.',
    rotate: 'google-oauth-client-secret',
    docs: 'https://developers.google.com/identity/protocols/oauth2',
    prefixes: ['GOCSPX-'],
    body: base64urlBody(28),
  }),
  longToken({
    ...shared,
    id: 'google-oauth-access-token',
    title: 'Google OAuth access token',
    severity: 'low',
    attack: 'Acts for a user or service account for one hour.',
    rotate: 'google-oauth-token',
    docs: 'https://developers.google.com/identity/protocols/oauth2',
    anchors: [{ text: 'ya29.' }],
    maxBytes: 2100,
    pattern: /(?<![A-Za-z0-9_.-])(?<secret>(?<prefix>ya29\.)[A-Za-z0-9_.-]{40,2000})(?![A-Za-z0-9_-])/,
    judge: byShape(),
    examples: [(make) => `Authorization: Bearer ya29.${make.base64url(160)}`],
    nearMisses: [(make) => `ya29.${make.base62(12)}`, () => `ya29.${'x'.repeat(60)}`],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'google-oauth-refresh-token',
    title: 'Google OAuth refresh token',
    severity: 'high',
    attack: 'Mints access tokens for a user, with the client id and secret of the app, until the user takes it back.',
    rotate: 'google-oauth-token',
    docs: 'https://developers.google.com/identity/protocols/oauth2',
    anchors: [{ text: '1//0' }],
    pattern: /(?<![A-Za-z0-9_/:.])(?<secret>(?<prefix>1\/\/0)[A-Za-z0-9_-]{40,200})(?![A-Za-z0-9_-])/,
    judge: byShape(),
    examples: [(make) => `refresh_token: "1//0${make.base64url(96)}"`],
    nearMisses: [(make) => `x = 1//0${make.base62(20)}`, (make) => `http://127.0.0.1//0${make.base62(60)}`],
  },
];
