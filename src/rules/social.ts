import { because, byShape } from './judge.ts';
import { placeholderReason } from './placeholder.ts';
import type { Rule } from './rule.ts';
import { base62Body, base64urlBody, bodyOfAlphabet, hexBody, named } from './token.ts';

const shared = { category: 'saas', rotate: 'generic-saas-api-key' } as const;
const twitter = {
  ...shared,
  provider: 'X (Twitter)',
  rotate: 'twitter-credential',
  docs: 'https://docs.x.com/fundamentals/authentication/overview',
} as const;

export const socialRules: readonly Rule[] = [
  {
    ...twitter,
    reach: 'near',
    id: 'twitter-bearer-token',
    title: 'X (Twitter) bearer token',
    severity: 'high',
    attack: 'Reads as the app and spends its quota.',
    // With what stands before the run: the run alone would be found at every byte of zeros in base64.
    anchors: ['"', "'", '=', ':', ' '].map((before) => ({ text: before + 'A'.repeat(21) })),
    pattern: /["'=: ](?<secret>(?<prefix>A{21})[A-Za-z0-9%]{20,60}(?:%3D|=)[A-Za-z0-9]{40,60})(?![A-Za-z0-9+/=])/,
    judge: byShape(),
    examples: [(make) => `bearer: ${'A'.repeat(21)}B${make.base62(25)}%3D${make.base62(50)}`],
    nearMisses: [() => 'A'.repeat(120), (make) => `${'A'.repeat(21)}${make.base62(100)}==`],
  },
  named({
    ...twitter,
    id: 'twitter-consumer-secret',
    title: 'X (Twitter) consumer secret',
    severity: 'high',
    attack: 'Acts as the app, and signs its requests.',
    names: ['twitter', 'tw_consumer_secret'],
    rest: 'secret',
    body: base62Body(50),
  }),
  named({
    ...twitter,
    id: 'twitter-access-token-secret',
    title: 'X (Twitter) access token secret',
    severity: 'high',
    attack: 'Acts, with its token and the pair of the app, as the user.',
    names: ['twitter'],
    rest: 'secret',
    body: base62Body(45),
  }),
  named({
    ...shared,
    id: 'twitch-secret',
    provider: 'Twitch',
    title: 'Twitch client secret or token',
    severity: 'high',
    attack: 'Acts as the app, or as the user within the granted scopes.',
    rotate: 'twitch-token',
    docs: 'https://dev.twitch.tv/docs/authentication/',
    names: ['twitch'],
    rest: 'secret|token|oauth|pass|key',
    body: bodyOfAlphabet('0-9a-z', '0123456789abcdefghijklmnopqrstuvwxyz', 30),
  }),
  {
    ...shared,
    reach: 'near',
    id: 'linkedin-client-secret',
    provider: 'LinkedIn',
    title: 'LinkedIn client secret',
    severity: 'high',
    attack: 'Poses as the application.',
    docs: 'https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow',
    anchors: [{ text: 'WPL_AP0.' }, { text: 'WPL_AP1.' }],
    pattern: /(?<![A-Za-z0-9_])(?<secret>(?<prefix>WPL_AP[01]\.)[0-9A-Za-z]{16}\.[A-Za-z0-9+/]{6}==)(?![A-Za-z0-9=])/,
    judge: byShape(),
    examples: [(make) => `client_secret: WPL_AP1.${make.base62(16)}.${make.base62(6)}==`],
    nearMisses: [(make) => `client_secret: WPL_AP1.${make.base62(16)}`],
  },
  named({
    ...shared,
    id: 'spotify-client-secret',
    provider: 'Spotify',
    title: 'Spotify client secret',
    severity: 'medium',
    attack: 'Reads the catalogue as the app; with a refresh token it acts as a user.',
    docs: 'https://developer.spotify.com/documentation/web-api/concepts/apps',
    names: ['spotify', 'spotipy'],
    rest: 'secret',
    body: hexBody(32),
  }),
  named({
    ...shared,
    id: 'reddit-client-secret',
    provider: 'Reddit',
    title: 'Reddit client secret',
    severity: 'medium',
    attack: 'Acts as the app; with the password of its owner it acts as the account.',
    docs: 'https://github.com/reddit-archive/reddit/wiki/OAuth2',
    names: ['reddit', 'praw'],
    rest: 'secret',
    body: base64urlBody(27, 30),
    judge: byShape('possible'),
  }),
  {
    ...shared,
    reach: 'near',
    id: 'firebase-cloud-messaging-key',
    provider: 'Google',
    title: 'Firebase Cloud Messaging server key (legacy)',
    severity: 'low',
    attack: 'Sent push messages to all users of the app; the interface was shut down in 2024.',
    rotate: 'firebase',
    docs: 'https://firebase.google.com/docs/cloud-messaging/migrate-v1',
    anchors: [{ text: ':APA91b' }],
    pattern: /(?<![A-Za-z0-9_-])(?<secret>AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134})(?![A-Za-z0-9_-])/,
    judge: (match) => {
      const fake = placeholderReason(match.secret.slice(18));
      if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
      return because(
        'format',
        'likely',
        'The number of the sender and the mark of the issuer stand where they belong.',
      );
    },
    examples: [(make) => `FCM_KEY=AAAA${make.base64url(7)}:APA91b${make.base64url(134)}`],
    nearMisses: [(make) => `FCM_TOKEN=${make.base64url(22)}:APA91b${make.base64url(134)}`],
  },
];
