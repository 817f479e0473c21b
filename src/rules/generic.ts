import { judgeAssignment } from './generic-judge.ts';
import { type CredentialName, credentialName } from './generic-names.ts';
import type { Anchor, Judgement, Maker, NearRule, PatternMatch } from './rule.ts';

const alphanumeric = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const strong = (make: Maker, length = 32): string => make.of(alphanumeric, length);

/** Assignments anywhere in text, by the name's words and the value's shape. Quiet on purpose: `likely` needs both strong. */
export const genericRules: readonly NearRule[] = [
  genericRule({
    kind: 'password',
    id: 'generic-password',
    title: 'Password in an assignment',
    category: 'password',
    anchors: ['pass', 'pwd'],
    attack: 'Log in wherever this password is used.',
    rotate: 'generic-password',
    examples: [
      (make) => `db_password = "${strong(make, 20)}"`,
      (make) => `export SMTP_PASS='${strong(make, 18)}'`,
      (make) => `spring.datasource.password: ${strong(make, 16)}`,
      (make) => `<password>${strong(make, 16)}</password>`,
      (make) => `val password: String = "${strong(make, 16)}"`,
      (make) => `if (password == "${strong(make, 16)}") {`,
    ],
    nearMisses: [
      () => 'password = config.get("password")',
      () => 'password: string',
      () => `password: ${'$'}{DB_PASSWORD}`,
      () => '<input type="password" placeholder="Your password">',
      () => 'password_field = "loginPassword"',
      () => 'bypass: function (request) {',
    ],
  }),
  genericRule({
    kind: 'secret',
    id: 'generic-secret',
    title: 'Secret in an assignment',
    category: 'generic',
    anchors: [
      ...['secret', '_key', '.key', '-key', 'accesskey', 'privatekey', 'authkey', 'encryptionkey'],
      ...['signingkey', 'aeskey', 'hmackey', 'masterkey', 'sharedkey', 'accountkey', 'storagekey', 'credential'],
    ],
    attack: 'Sign, decrypt or log in as the application that holds this secret.',
    rotate: 'generic-password',
    examples: [
      (make) => `client_secret = "${make.hex(40)}"`,
      (make) => `"ClientSecret": "${strong(make)}"`,
      (make) => `ENCRYPTION_KEY=${make.hex(64)}`,
      (make) => `<signingKey>${strong(make)}</signingKey>`,
    ],
    nearMisses: [
      () => 'secretName: database-credentials',
      (make) => `public_key = "${make.hex(64)}"`,
      () => "secret = os.environ['SECRET']",
      () => '--mount=type=secret,id=npm',
      (make) => `kms_key_id = "${make.hex(32)}"`,
    ],
  }),
  genericRule({
    kind: 'api-key',
    id: 'generic-api-key',
    title: 'API key in an assignment',
    category: 'generic',
    anchors: ['apikey', 'api_key', 'api-key', 'appkey'],
    attack: 'Call the service that issued this key in your name, at your cost.',
    rotate: 'generic-saas-api-key',
    examples: [
      (make) => `const apiKey = '${strong(make)}';`,
      (make) => `X-Api-Key: ${strong(make, 40)}`,
      (make) => `API_KEY=${make.hex(32)}`,
    ],
    nearMisses: [
      () => `apiKey: ${'process'}.env.API_KEY`,
      () => 'api_key = "YOUR_API_KEY_GOES_HERE"',
      () => 'api_key_url = "https://api.example.net/keys"',
    ],
  }),
  genericRule({
    kind: 'token',
    id: 'generic-token',
    title: 'Token in an assignment',
    category: 'generic',
    anchors: ['token'],
    attack: 'Act as the account or application that this token was issued to.',
    rotate: 'generic-saas-api-key',
    examples: [
      (make) => `access_token: "${strong(make, 40)}"`,
      (make) => `token = "${strong(make)}"`,
      (make) => `AUTH_TOKEN=${make.hex(40)}`,
    ],
    nearMisses: [
      () => 'token_type = "bearer"',
      () => 'token: t.Token',
      () => '<tag token="some.name">',
      () => `token: "{{ lookup('env', 'TOKEN') }}"`,
      () => 'next_token = tokenizer.next()',
    ],
  }),
];

interface Generic
  extends Pick<NearRule, 'id' | 'title' | 'category' | 'attack' | 'rotate' | 'examples' | 'nearMisses'> {
  readonly kind: CredentialName['kind'];
  readonly anchors: readonly string[];
}

function genericRule({ kind, anchors, ...facts }: Generic): NearRule {
  return {
    ...facts,
    reach: 'near',
    provider: 'generic',
    severity: 'high',
    docs: 'https://cwe.mitre.org/data/definitions/798.html',
    anchors: anchors.map((text): Anchor => ({ text, ignoreCase: true, assigned: true })),
    textOnly: true,
    startsAtAnchor: true,
    pattern: assignment(anchors),
    judge: (match) => judgeMatch(match, kind),
  };
}

/** The rest of a name, what closes it, perhaps a type, an operator, then a string or a bare value. */
function assignment(words: readonly string[]): RegExp {
  const name = `(?:${words.join('|').replaceAll('.', '\\.')})[A-Za-z0-9_.-]{0,32}`;
  const type = String.raw`(?::\s{0,2}&?[A-Za-z][\w.<>\[\]?]{0,24}\s{0,2}(?==))?`;
  const operator = String.raw`["'\x60\])]{0,4}${type}(?<operator>[ \t]{0,24}(?::=|={1,3}>?|:|=>|>)[ \t]{0,24})[(\[{]?`;
  const opening = String.raw`(?:[bfrLu@$](?=["'\x60]))?(?<quote>["'\x60]?)`;
  // Without a quote the first branch cannot match: an empty back reference matches everywhere.
  const quoted = String.raw`(?:(?!\k<quote>)(?:\\.|[^\\\r\n])){1,250}(?=\k<quote>)`;
  const bare = String.raw`[^\s"'\x60,;<>(){}\[\]&]{4,250}`;
  const reference = String.raw`\$\{[^}\s]{1,200}\}`;
  return new RegExp(`(?<lead>${name}${operator}${opening})(?<secret>${quoted}|${reference}|${bare})`, 'i');
}

const judgeMatch = (match: PatternMatch, kind: CredentialName['kind']): Judgement | null => {
  const lead = match.groups['lead'] ?? '';
  const ahead = match.before.slice(0, match.before.length - lead.length);
  const start = nameBehind(ahead);
  const name = start + (/^[\w.-]+/.exec(lead)?.[0] ?? '');
  if (credentialName(name)?.kind !== kind) return null;
  const form = formOf(match, name, ahead.slice(0, ahead.length - start.length));
  return form === null ? null : judgeAssignment(name, match.secret, { form });
};

/** The end of a text, as far as a name may go. Walked back by hand: a pattern would try every place of the window first. */
const nameBehind = (text: string): string => {
  let at = text.length;
  while (at > 0 && text.length - at < 64 && isNameCharacter(text.charCodeAt(at - 1))) at--;
  return text.slice(at);
};

const isNameCharacter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  nameSigns.has(code);

const nameSigns: ReadonlySet<number> = new Set([...'_$@.-'].map((sign) => sign.charCodeAt(0)));

/**
 * How the value stands there.
 * @param ahead the window up to the name.
 * @returns null where it is no value: an open string, an expression that goes on, text behind a tag.
 */
const formOf = (match: PatternMatch, name: string, ahead: string): 'quoted' | 'bare' | 'line' | null => {
  const quote = match.groups['quote'] ?? '';
  const operator = match.groups['operator'] ?? '';
  if (operator.trim() === '>') return match.after.startsWith('</') ? 'quoted' : null;
  if (ahead.endsWith('${')) return null;
  if (quote !== '') return match.after.startsWith(quote) ? 'quoted' : null;
  // A call, an index, or a hole of a template (`prefix${make(`): no literal ends there.
  if (/^[([{]/.test(match.after)) return null;
  // `NAME=value` and `--name=value` of a command line end at the blank; all else must be alone on its line.
  const isArgument = operator === '=' && (/^[A-Z][A-Z0-9_]+$/.test(name) || name.startsWith('--'));
  if (isArgument && /^(?:$|[\s"'\x60\\])/.test(match.after)) return 'line';
  const isAlone = /(?:^|[\r\n])[ \t]*(?:[#;/*-]{1,3}[ \t]*)?(?:export |set |ENV |ARG )?["']?$/.test(ahead);
  const endsLine = /^[ \t]*(?:$|[\r\n]|#|\\[\r\n])/.test(match.after);
  if (!isAlone || !endsLine) return 'bare';
  // ` = ` without quotes is configuration or code: there only what no identifier looks like is a value.
  const isTight = operator === '=' || operator.trimStart().startsWith(':');
  return isTight || /[0-9].*[0-9]|[^\w.]/.test(match.secret) ? 'line' : 'bare';
};
