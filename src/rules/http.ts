import { createHmac, timingSafeEqual } from 'node:crypto';
import { latin1Bytes } from '../text/index.ts';
import { credentialBytes, defaultReason } from './default-credentials.ts';
import { because, byShape, type Judge } from './judge.ts';
import { type JwtFacts, parseJsonPart, parseJwt } from './jwt.ts';
import { makeJwt } from './jwt-maker.ts';
import { placeholderReason } from './placeholder.ts';
import type { Judgement, Rule } from './rule.ts';
import { isSequence } from './sequence.ts';
import { longToken, wordStart } from './token.ts';
import type { Reason } from './verdict.ts';

const shared = { provider: 'HTTP', category: 'saas' } as const;

/** Secrets that documentation and tutorials sign with: whoever knows them can forge such a token. */
const weakSecrets = [
  'secret',
  'your-256-bit-secret',
  'password',
  'changeme',
  'test',
  'key',
  'jwt',
  'shhhhh',
  'mysecret',
];

const judgeJwt: Judge = (match) => {
  const facts = parseJwt(match.secret);
  if (facts === null || facts.claims['enc'] !== undefined) return null;
  if (facts.algorithm.toLowerCase() === 'none')
    return because('unsigned', 'inert', 'The token is not signed (alg none).');
  if (isSample(facts))
    return because('documented-example', 'inert', 'The token of a specification or of a documentation.');
  const judged = judgeIssuer(facts);
  const weak = isWeaklySigned(match.secret, facts)
    ? [
        {
          kind: 'weak-secret',
          verdict: 'possible',
          detail: 'It is signed with a secret that stands in tutorials: a sample, or anyone can forge it.',
        } as const,
      ]
    : [];
  const verdict = weak.length > 0 ? 'possible' : judged.verdict;
  const expires = facts.expires === undefined ? {} : { expires: facts.expires };
  return { ...judged, verdict, reasons: [...weak, ...judged.reasons, ...expiryReasons(facts)], ...expires };
};

/** The judge has no clock: it says when, and `Judgement.expires` lets whoever knows the time decide. */
const expiryReasons = (facts: JwtFacts): Judgement['reasons'] =>
  facts.expires === undefined
    ? [{ kind: 'no-expiry', verdict: 'likely', detail: 'The token names no time at which it expires.' }]
    : [{ kind: 'expires', verdict: 'likely', detail: `The token expires at ${facts.expires}.` }];

const judgeIssuer = (facts: JwtFacts): Judgement => {
  const issuer = facts.issuer ?? '';
  if (issuer === 'supabase-demo') return because('documented-example', 'inert', 'The demonstration key of Supabase.');
  if (issuer === 'supabase' && facts.role === 'service_role') {
    const more = { title: 'Supabase service_role key', severity: 'critical' } as const;
    return because('issuer', 'likely', 'A Supabase key that passes by row-level security.', more);
  }
  if (issuer === 'supabase' && facts.role === 'anon') {
    const more = { title: 'Supabase anon key', severity: 'info' } as const;
    return because('public-by-design', 'likely', 'A Supabase key that is meant for browsers.', more);
  }
  if (issuer.startsWith('kubernetes/serviceaccount') || facts.subject?.startsWith('system:serviceaccount:') === true) {
    const more = { title: 'Kubernetes service account token', severity: 'high' } as const;
    return because('issuer', 'likely', 'A token of a Kubernetes service account.', more);
  }
  if (issuer === 'argocd') {
    return because('issuer', 'likely', 'A token of Argo CD.', { title: 'Argo CD token', severity: 'critical' });
  }
  if (!registeredClaims.some((name) => facts.claims[name] !== undefined)) {
    return because(
      'no-claims',
      'possible',
      'A signed JSON Web Token, but its payload says neither for whom nor until when.',
    );
  }
  return because('format', 'likely', 'Header and payload are those of a signed JSON Web Token.');
};

const registeredClaims = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'scope', 'scp', 'email', 'role', 'roles'];

const isSample = (facts: JwtFacts): boolean =>
  (facts.subject === '1234567890' && facts.claims['name'] === 'John Doe') ||
  (facts.issuer === 'joe' && facts.claims['exp'] === 1_300_819_380);

const isWeaklySigned = (token: string, facts: JwtFacts): boolean => {
  const digest = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[facts.algorithm];
  if (digest === undefined) return false;
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const signed = latin1Bytes(token.slice(0, end));
  return weakSecrets.some((secret) => {
    const wanted = createHmac(digest, secret).update(signed).digest();
    return wanted.length === signature.length && timingSafeEqual(wanted, signature);
  });
};

const judgeBasic: Judge = (match) => {
  const text = Buffer.from(match.secret, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 0 || !/^[\x20-\x7e\x80-\xff]{3,}$/.test(text)) return null;
  const user = text.slice(0, colon);
  const password = text.slice(colon + 1);
  if (password === '' && user.length < 16) return null;
  const canonical = credentialBytes(user, password, '');
  const fake =
    defaultReason(user, password) ??
    (password === '' ? null : (placeholderReason(password) ?? sequenceReason(match.secret)));
  if (fake !== null) return { verdict: fake.verdict, reasons: [fake], canonical };
  if (/^[a-z]{1,10}$|^[A-Z]{1,10}$/.test(password)) {
    return because('typed', 'possible', 'It decodes to a user and a short word: a weak password, or an example.', {
      canonical,
    });
  }
  return because('decoded', 'likely', 'It decodes to a user and a password.', { canonical });
};

const sequenceReason = (encoded: string): Reason | null =>
  isSequence(encoded)
    ? { kind: 'placeholder', verdict: 'inert', detail: 'Most of the value is a run of one character.' }
    : null;

export const httpRules: readonly Rule[] = [
  longToken({
    ...shared,
    id: 'jwt',
    provider: 'JWT',
    title: 'JSON Web Token',
    severity: 'medium',
    attack: 'Acts as whoever the token was issued for, until it expires.',
    rotate: 'session-secret',
    docs: 'https://www.rfc-editor.org/rfc/rfc7519',
    anchors: [
      { text: 'eyJhbGciO' },
      { text: 'eyJ0eXAiO' },
      { text: 'eyJraWQiO' },
      { text: 'eyJqa3UiO' },
      { text: 'eyJ4NXQiO' },
      { text: 'eyJjdHkiO' },
    ],
    maxBytes: 16_384,
    pattern: new RegExp(
      String.raw`${wordStart}(?<secret>eyJ[A-Za-z0-9_-]{10,1500}\.eyJ[A-Za-z0-9_-]{6,12000}\.[A-Za-z0-9_-]{20,1400})(?![A-Za-z0-9_-])`,
    ),
    judge: judgeJwt,
    examples: [
      (make) =>
        `Authorization: Bearer ${makeJwt(make, { iss: 'https://issuer.acme.test/', sub: make.hex(8), exp: 1_900_000_000 })}`,
      (make) => `key=${makeJwt(make, { iss: 'supabase', role: 'service_role', ref: make.of('abcdefghij', 20) })}`,
    ],
    nearMisses: [
      (make) => makeJwt(make, { sub: '1234567890', name: 'John Doe', iat: 1_516_239_022 }),
      (make) => makeJwt(make, { sub: make.hex(8) }, { alg: 'none' }),
      (make) => `eyJhbGciO${make.base62(20)}.eyJ${make.base62(20)}.${make.base62(30)}`,
    ],
  }),
  {
    ...shared,
    reach: 'near',
    id: 'http-basic-header',
    title: 'HTTP Basic authorization',
    category: 'password',
    severity: 'high',
    attack: 'Signs in with the user and password that it holds.',
    rotate: 'basic-auth-url',
    docs: 'https://www.rfc-editor.org/rfc/rfc7617',
    anchors: [{ text: 'Basic ' }, { text: 'basic ' }],
    pattern: /\b[Bb]asic {1,3}(?<secret>[A-Za-z0-9+/]{8,220}={0,2})(?![A-Za-z0-9+/=._-])/,
    judge: judgeBasic,
    examples: [(make) => `Authorization: Basic ${Buffer.from(`deployer:${make.base62(16)}`).toString('base64')}`],
    nearMisses: [
      () => 'Basic authentication of users',
      () => `Authorization: Basic ${Buffer.from('user:password').toString('base64')}`,
      () => `Authorization: Basic ${Buffer.from('Aladdin:open sesame').toString('base64')}`,
      (make) => `Authorization: Basic ${make.base62(40)}`,
    ],
  },
  {
    ...shared,
    reach: 'near',
    id: 'http-bearer-header',
    title: 'HTTP bearer token',
    severity: 'medium',
    attack: 'Acts as whoever the token was issued for.',
    rotate: 'basic-auth-url',
    docs: 'https://www.rfc-editor.org/rfc/rfc6750',
    anchors: [{ text: 'Bearer ' }, { text: 'bearer ' }],
    pattern: /\b[Bb]earer {1,3}(?<secret>[A-Za-z0-9._~+/-]{24,250}={0,2})(?![A-Za-z0-9._~+/=-])/,
    textOnly: true,
    judge: (match) => {
      // Tokens with a prefix of their own are found by their own rules; names and paths have no digit, or many dots.
      if (knownPrefix.test(match.secret) || parseJsonPart(match.secret.split('.')[0]) !== null) return null;
      if (!/[0-9]/.test(match.secret) || /^[a-z]+(?:[._/-][a-z0-9]+){2,}$/i.test(match.secret)) return null;
      if (documentedBearers.some((head) => match.secret.startsWith(head))) {
        return because('documented-example', 'inert', 'The token of a specification.');
      }
      const shape = byShape('possible')(match);
      return shape?.reasons[0]?.kind === 'entropy' ? null : shape;
    },
    examples: [
      (make) => `Authorization: Bearer ${make.hex(40)}`,
      (make) => `-H "Authorization: Bearer ${make.base62(32)}"`,
    ],
    nearMisses: [
      () => 'Authorization: Bearer your_access_token_goes_here_1',
      () => 'the bearer of-this-letter-is-entitled-to-3-wishes',
    ],
  },
];

const knownPrefix =
  /^(?:gh[pousr]_|github_pat_|gl[a-z]{2,6}-|npm_|pypi-|xox[a-z]|xapp-|sk-|sk_|rk_|pk_|SG\.|ya29\.|hvs\.|dapi|lin_|ntn_|secret_|figd_|pat[A-Za-z0-9]{14}\.|hf_|dop_v1_|shp|sl\.|ATATT|AKIA|AIza|glsa_|glc_|NRAK-|sntry|dckr_|r8_|gsk_|pplx-|xai-|EAA|APP_USR-|access_token\$|dp\.|tvly-|os_v2_|napi_|sbp_|sb_)/;
const documentedBearers = ['mF_9.B5f-', '2YotnFZFEjr1z'];
