import { ecKey, ed25519Key, type MadeKey, opensshKey, rsaKey } from './keys.ts';
import { type SeededMaker, seededMaker } from './maker.ts';
import { awsKeyId, awsSecretKey, githubToken, npmToken, password, slackBotToken, stripeLiveKey } from './tokens.ts';

export const secretFormats = [
  'github-token',
  'slack-bot-token',
  'aws-key',
  'stripe-live-key',
  'npm-token',
  'rsa-key',
  'ec-key',
  'ed25519-key',
  'openssh-key',
  'postgres-uri',
  'dotenv-value',
] as const;
export type SecretFormat = (typeof secretFormats)[number];

/** A secret and how it stands in a file. */
export interface PlantedSecret {
  /** Names the value, so that a manifest never has to. */
  readonly key: string;
  readonly format: SecretFormat;
  /** The lines that hold it, ASCII, with a newline at the end. */
  readonly text: string;
  /** Just the value, as a person would copy it. */
  readonly value: string;
  /** What makes two findings the same credential: the value; of a key its public fingerprint; of a URI user, password and host. */
  readonly canonical: Uint8Array;
  /** Canonical bytes of what stands beside it and is a credential too: the id that an AWS secret key belongs to. */
  readonly companions: readonly Uint8Array[];
  /** Pieces of the value of which none may stand in any output: whatever shows one shows too much. */
  readonly pieces: readonly string[];
}

/** The same key and format give the same secret, whenever and wherever. */
export const makeSecret = (key: string, format: SecretFormat): PlantedSecret => ({
  key,
  format,
  ...makers[format](seededMaker(`${format} ${key}`)),
});

type Made = Omit<PlantedSecret, 'key' | 'format'>;

const token = (name: string, value: string, publicLength: number): Made => ({
  value,
  text: `${name}=${value}\n`,
  canonical: Buffer.from(value),
  companions: [],
  // The prefix is public and a report may show the last four characters.
  pieces: piecesOf(value.slice(publicLength, -4)),
});

const key = ({ pem, fingerprint }: MadeKey): Made => ({
  value: pem,
  text: pem,
  canonical: Buffer.from(fingerprint),
  companions: [],
  pieces: pem
    .split('\n')
    .slice(1, -2)
    .filter((line) => line.length >= 32),
});

/** Every third stretch of ten characters. */
const piecesOf = (text: string): string[] =>
  Array.from({ length: Math.max(1, Math.floor((text.length - 7) / 3)) }, (_, index) =>
    text.slice(index * 3, index * 3 + 10),
  );

const host = 'db.acme-corp.net';

const makers: Readonly<Record<SecretFormat, (make: SeededMaker) => Made>> = {
  'github-token': (make) => token('GITHUB_TOKEN', githubToken(make), 4),
  'slack-bot-token': (make) => token('SLACK_TOKEN', slackBotToken(make), 31),
  'aws-key': (make) => {
    const id = awsKeyId(make);
    const made = token('aws_secret_access_key', awsSecretKey(make), 0);
    return { ...made, text: `aws_access_key_id=${id}\n${made.text}`, companions: [Buffer.from(id)] };
  },
  'stripe-live-key': (make) => token('STRIPE_KEY', stripeLiveKey(make), 8),
  'npm-token': (make) => token('NPM_TOKEN', npmToken(make), 4),
  'rsa-key': (make) => key(rsaKey(make)),
  'ec-key': (make) => key(ecKey(make)),
  'ed25519-key': (make) => key(ed25519Key(make)),
  'openssh-key': (make) => key(opensshKey(make)),
  'postgres-uri': (make) => {
    const secret = password(make);
    const made = token('DATABASE_URL', `postgres://orders:${secret}@${host}:5432/orders`, 0);
    return { ...made, canonical: Buffer.from(`orders\0${secret}\0${host}`), pieces: piecesOf(secret) };
  },
  // Of a password nothing may be shown, not even its end.
  'dotenv-value': (make) => {
    const value = password(make);
    return { ...token('DB_PASSWORD', value, 0), pieces: piecesOf(value) };
  },
};
