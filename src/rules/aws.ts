import { awsAccountOf } from './checksum.ts';
import { because, bodyOf, byShape, type Judge } from './judge.ts';
import { isoDate, parseJsonPart } from './jwt.ts';
import { placeholderReason } from './placeholder.ts';
import { entropyOf } from './randomness.ts';
import type { Maker, Rule } from './rule.ts';
import { bodyOfAlphabet, longToken, token, wordStart } from './token.ts';

const shared = { provider: 'AWS', category: 'cloud' } as const;
const docs = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html';
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const keyIdBody = { source: '[A-Z2-7]{16}', end: 'A-Za-z0-9_', make: (make: Maker) => make.of(base32, 16) } as const;

const judgeKeyId: Judge = (match) => {
  const fake = placeholderReason(bodyOf(match));
  if (fake !== null) return { verdict: 'inert', reasons: [fake] };
  const shape = byShape()(match);
  const account = awsAccountOf(match.secret);
  if (shape === null || account === null) return shape;
  const detail = `The key belongs to AWS account ${account}.`;
  return { ...shape, reasons: [...shape.reasons, { kind: 'account', verdict: shape.verdict, detail }] };
};

/** Forty characters of base64 that are neither a digest, nor a path, nor a sentence. */
const judgeSecretKey: Judge = (match) => {
  const { secret } = match;
  const fake = placeholderReason(secret);
  if (fake !== null) return { verdict: fake.verdict, reasons: [fake] };
  if (!/[a-z]/.test(secret) || !/[A-Z]/.test(secret) || !/[0-9]/.test(secret)) return null;
  if (/^[0-9a-fA-F]{40}$/.test(secret) || (secret.match(/\//g)?.length ?? 0) > 5) return null;
  if (entropyOf(secret) < 4.2)
    return because('entropy', 'possible', 'Length and alphabet fit, but the characters are not random enough.');
  return because(
    'format',
    'likely',
    'Forty characters as random as a secret access key, beside its name or its key id.',
  );
};

const makeSecretKey = (make: Maker): string => `${make.of(base64, 36)}a1B+`;

/** Base64 of the text that session tokens begin with; a constant, so that the examples below are no assignments. */
const sessionHead = 'IQoJb3JpZ2luX2Vj';

export const awsRules: readonly Rule[] = [
  token({
    ...shared,
    id: 'aws-access-key-id',
    title: 'AWS access key id',
    severity: 'low',
    attack: 'Names the account; with the secret key that belongs to it, it acts as an IAM user.',
    rotate: 'aws-access-key',
    docs,
    prefixes: ['AKIA'],
    body: keyIdBody,
    judge: judgeKeyId,
  }),
  token({
    ...shared,
    id: 'aws-temporary-access-key-id',
    title: 'AWS temporary access key id',
    severity: 'low',
    attack: 'Names the account and a session that lives 36 hours at most.',
    rotate: 'aws-session-token',
    docs,
    prefixes: ['ASIA'],
    body: keyIdBody,
    judge: judgeKeyId,
  }),
  {
    ...shared,
    reach: 'near',
    id: 'aws-secret-access-key',
    title: 'AWS secret access key',
    severity: 'critical',
    attack: 'Acts as the IAM user: reads data, starts machines and mints further keys, as far as its policies go.',
    rotate: 'aws-access-key',
    docs,
    anchors: [
      { text: 'secret_access_key', ignoreCase: true },
      { text: 'secretaccesskey', ignoreCase: true },
      { text: 'secret-access-key', ignoreCase: true },
      { text: 'aws_secret', ignoreCase: true },
      { text: 'awssecret', ignoreCase: true },
    ],
    pattern:
      /(?:aws_?secret|secret[_-]?access[_-]?key)[\w.-]{0,24}["'`\])}]{0,3}[\s:=>,("'`]{1,12}(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/i,
    textOnly: true,
    judge: judgeSecretKey,
    examples: [
      (make) => `AWS_SECRET_ACCESS_KEY=${makeSecretKey(make)}`,
      (make) => `"secretAccessKey": "${makeSecretKey(make)}"`,
      (make) => `export AWS_SECRET='${makeSecretKey(make)}'`,
    ],
    nearMisses: [
      (make) => `AWS_SECRET_ACCESS_KEY=${make.hex(40)}`,
      (make) => `AWS_SECRET_ACCESS_KEY=${make.base62(30)}${['EXAMPLE', 'KEY'].join('')}`,
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'aws-secret-access-key-beside-id',
    title: 'AWS secret access key',
    severity: 'critical',
    attack: 'Acts as the IAM user: reads data, starts machines and mints further keys, as far as its policies go.',
    rotate: 'aws-access-key',
    docs,
    anchors: [{ text: 'AKIA' }, { text: 'ASIA' }],
    pattern:
      /(?<![A-Za-z0-9_])A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9_])[^\0]{1,180}?(?<![A-Za-z0-9+/=])(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/,
    textOnly: true,
    judge: (match) => {
      const judged = judgeSecretKey(match);
      // Further away than one line the pair is a guess.
      return judged?.verdict === 'possible' ? null : judged;
    },
    examples: [
      (make) => `AKIA${make.of(base32, 16)}:${makeSecretKey(make)}`,
      (make) => `id,secret\nAKIA${make.of(base32, 16)},${makeSecretKey(make)}\n`,
    ],
    nearMisses: [(make) => `AKIA${make.of(base32, 16)}\ncommit ${make.hex(40)}`],
  },
  longToken({
    ...shared,
    id: 'aws-session-token',
    title: 'AWS session token',
    severity: 'medium',
    attack: 'Acts, with its key pair, as a role or user until the session ends (36 hours at most).',
    rotate: 'aws-session-token',
    docs: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html',
    anchors: [{ text: 'IQoJb3JpZ2luX2Vj' }, { text: 'FwoGZXIvYXdz' }, { text: 'FQoGZXIvYXdz' }, { text: 'FQoDYXdz' }],
    maxBytes: 2048,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<prefix>IQoJb3JpZ2luX2Vj|FwoGZXIvYXdz|FQoGZXIvYXdz|FQoDYXdz)[A-Za-z0-9+/]{200,1800}={0,2})(?![A-Za-z0-9+/=])`,
    ),
    judge: byShape(),
    examples: [(make) => `aws_session_token = ${sessionHead}${make.of(base64, 400)}==`],
    nearMisses: [(make) => `aws_session_token = ${sessionHead}${make.of(base64, 40)}`],
  }),
  longToken({
    ...shared,
    id: 'aws-bedrock-api-key',
    title: 'Amazon Bedrock API key',
    severity: 'high',
    attack: 'Calls models on the bill of the account.',
    rotate: 'aws-access-key',
    docs: 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
    anchors: [{ text: 'ABSKQmVkcm9ja0FQSUtleS' }],
    maxBytes: 512,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<prefix>ABSKQmVkcm9ja0FQSUtleS)[A-Za-z0-9+/]{80,260}={0,2})(?![A-Za-z0-9+/=])`,
    ),
    judge: (match) => {
      const text = Buffer.from(match.secret.slice(4), 'base64').toString('latin1');
      const account = /^BedrockAPIKey-[\w+-]{1,40}-at-(\d{12}):/.exec(text)?.[1];
      if (account === undefined) return byShape('possible')(match);
      return because('account', 'likely', `The key belongs to AWS account ${account}.`);
    },
    examples: [
      (make) =>
        `ABSK${Buffer.from(`BedrockAPIKey-${make.hex(4)}-at-${make.digits(12)}:${make.of(base64, 44)}`).toString('base64')}`,
    ],
    nearMisses: [() => ['ABSKQmVkcm9ja0', 'FQSUtleSshort'].join('')],
  }),
  longToken({
    ...shared,
    id: 'aws-ecr-password',
    title: 'Amazon ECR registry password',
    severity: 'medium',
    attack: 'Pulls and pushes images for twelve hours.',
    rotate: 'aws-session-token',
    docs: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html',
    anchors: [{ text: 'eyJwYXlsb2FkIjoi' }],
    maxBytes: 8192,
    pattern: new RegExp(
      `${wordStart}(?<secret>(?<prefix>eyJwYXlsb2FkIjoi)[A-Za-z0-9+/]{300,6000}={0,2})(?![A-Za-z0-9+/=.])`,
    ),
    judge: (match) => {
      const facts = parseJsonPart(match.secret);
      if (facts === null || facts['datakey'] === undefined) return null;
      const expires = isoDate(facts['expiration']);
      return because(
        'format',
        'likely',
        'The JSON inside is that of a registry password.',
        expires === undefined ? {} : { expires },
      );
    },
    examples: [
      (make) =>
        Buffer.from(
          JSON.stringify({ payload: make.of(base64, 400), datakey: make.of(base64, 60), expiration: 1_790_000_000 }),
        ).toString('base64'),
    ],
    nearMisses: [(make) => Buffer.from(JSON.stringify({ payload: make.of(base64, 400) })).toString('base64')],
  }),
  token({
    ...shared,
    id: 'aws-appsync-key',
    title: 'AWS AppSync API key',
    severity: 'low',
    attack: 'Calls the API as an anonymous client; what that opens depends on its schema.',
    rotate: 'generic-saas-api-key',
    docs: 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html',
    prefixes: ['da2-'],
    body: bodyOfAlphabet('0-9a-z', '0123456789abcdefghijklmnopqrstuvwxyz', 26),
  }),
  token({
    ...shared,
    id: 'aws-mws-token',
    title: 'Amazon Marketplace Web Service token',
    severity: 'low',
    attack: 'Reached the data of a seller; the service was switched off in 2024.',
    rotate: 'generic-saas-api-key',
    docs: 'https://developer-docs.amazon.com/sp-api/',
    prefixes: ['amzn.mws.'],
    body: {
      source: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
      end: 'A-Za-z0-9_-',
      make: (make) => [8, 4, 4, 4, 12].map((length) => make.hex(length)).join('-'),
    },
  }),
  token({
    ...shared,
    id: 'amazon-oauth-client-secret',
    title: 'Amazon OAuth client secret',
    severity: 'high',
    attack: 'Poses as a seller or login application.',
    rotate: 'generic-saas-api-key',
    docs: 'https://developer.amazon.com/docs/login-with-amazon/security-profile.html',
    prefixes: ['amzn1.oa2-cs.v1.'],
    body: { source: '[0-9a-f]{64}', end: 'A-Za-z0-9_', make: (make) => make.hex(64) },
  }),
];
