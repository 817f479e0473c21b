import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { genericRules } from '../../src/rules/generic.ts';
import { createMaker, credentialName, credentialStems, judgeAssignment } from '../../src/rules/index.ts';
import { latin1, latin1Bytes } from '../../src/text/index.ts';

const detector = new Detector(genericRules);
const make = createMaker('generic');
const find = (text: string) =>
  detector.find(latin1Bytes(text)).map((one) => ({
    rule: one.rule.id,
    verdict: one.judgement.verdict,
    secret: latin1(one.secret.reveal()),
  }));
const alive = (text: string) => find(text).filter((one) => one.verdict !== 'inert');

describe('an assignment in any text', () => {
  const value = make.base62(32);

  test.each([
    `client_secret = "${value}"`,
    `"clientSecret": "${value}",`,
    `CLIENT_SECRET=${value}`,
    `  - CLIENT_SECRET=${value}`,
    `client_secret: ${value}`,
    `:client_secret => '${value}',`,
    `<clientSecret>${value}</clientSecret>`,
    `client_secret := "${value}"`,
    `clientSecret: str = "${value}"`,
    `config['client_secret'] = '${value}'`,
    `if (clientSecret == "${value}") {`,
    `# client_secret = ${value}`,
    `client_secret = b"${value}"`,
  ])('is found however it is spelled: %#', (line) => {
    expect(alive(`before\n${line}\nafter\n`)).toEqual([{ rule: 'generic-secret', verdict: 'likely', secret: value }]);
  });

  test('is likely only where name and value are strong', () => {
    const verdictOf = (line: string) => find(line)[0]?.verdict;
    expect(verdictOf(`signing_key = "${make.hex(64)}"`)).toBe('likely');
    expect(verdictOf(`some_key = "${make.hex(64)}"`)).toBe('possible');
    expect(verdictOf(`db_password = "${make.of('bcdfghjkmnp', 9)}"`)).toBe('possible');
    expect(verdictOf('db_password = "postgres"')).toBe('possible');
    expect(verdictOf('db_password = "changeme"')).toBe('inert');
    expect(verdictOf('db_password = "rootpassword"')).toBe('inert');
  });

  test('keeps the literal that a reference falls back to', () => {
    expect(alive(`PASSWORD=${'$'}{DB_PASSWORD:-${value}}`)).toMatchObject([
      { rule: 'generic-password', secret: value },
    ]);
  });

  test('a hash of a password is no password', () => {
    expect(alive(`password: "$2b$10$${make.base62(53)}"`)).toEqual([]);
  });
});

describe('no credential', () => {
  test.each([
    'token:\n  data: on the next line',
    'A_SECRET=\nB_SECRET=\n',
    '<annotationProcessor>org.example.SecretProcessor</annotationProcessor>',
    '<tag token="some.name">',
    "jq '.token' file.json",
    "import { token } from './tokens'",
    'RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci',
    'secret: DATABASE_SECRET_NAME',
    'password = user.getPassword()',
    'password = request.form["password"]',
    'password: string;',
    'password?: string | null',
    'String password = null;',
    'def login(user, password=None):',
    'passwd = getpass.getpass("Password: ")',
    '<input name="password" type="password" placeholder="Password">',
    'label_password: "Enter your password:"',
    "usernamePassword(credentialsId: 'id', usernameVariable: 'USERNAME', passwordVariable: 'PASSWORD')",
    'pIdxKey->default_rc==0',
    'doc.Security.KeySize = KeySize.Key128Bit',
    'primary_key = "users_pkey_2024_index_name_01"',
    'api_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"',
    'secret_file: /run/secrets/database_password_2024',
    'password_reset_url = "https://app.example.net/reset"',
    'token_endpoint: https://login.example.net/oauth2/token',
    `api_key: ${'$'}{{ secrets.API_KEY }}`,
    'password: {{ .Values.db.password }}',
    'passwordSecretRef: database-password',
    '"pbkdf2-password": "^1.2.1",',
    'export PWD="/some/where/else/2024"',
    `Sec-WebSocket-Key: ${make.base62(22)}==`,
    'pwd = "$base$rest"',
    'compass = "north-north-west-0123"',
    'monkey = "gorilla-chimpanzee-12345"',
    'x.author = "Some Body 12345678901234567890"',
  ])('%s', (line) => {
    expect(alive(`before\n${line}\nafter\n`)).toEqual([]);
  });

  test('an id, a date, a version, a colour and a number are none, whatever their name', () => {
    const uuid = [8, 4, 4, 4, 12].map((length) => make.hex(length)).join('-');
    for (const value of [uuid, '2024-05-17', '1.20.333', '#ff00aa', '1715904000', 'user@mail.invalid']) {
      expect(judgeAssignment('secret', value, { form: 'quoted' }), value).toBeNull();
    }
  });
});

test('a name is judged by its words', () => {
  const kindOf = (name: string) => credentialName(name)?.kind ?? null;
  expect(['db.password', 'DB_PASSWORD_2', 'userPwd', 'smtp_pass'].map(kindOf)).toEqual(Array(4).fill('password'));
  expect(['SECRET_KEY_BASE', 'clientSecret', 'aws_secret_access_key'].map(kindOf)).toEqual(Array(3).fill('secret'));
  expect(['APIKey', 'x-api-key', 'api_key'].map(kindOf)).toEqual(Array(3).fill('api-key'));
  for (const name of ['password_field', 'secretName', 'public_key', 'has_password', 'token_type', 'author', 'monkey']) {
    expect(kindOf(name), name).toBeNull();
  }
});

test('a name that counts has one of the stems in it, whatever words the table of names gets', () => {
  const table = readFileSync(new URL('../../src/rules/generic-names.ts', import.meta.url), 'utf8');
  const words = [...new Set(table.match(/[a-z]{2,}/g))];
  const hasStem = (name: string): boolean => credentialStems.some((stem) => name.includes(stem));
  const names = words.flatMap((word) => [word, ...words.map((other) => `${word}_${other}`)]);
  const counting = names.filter((name) => credentialName(name) !== null);
  expect(counting.length).toBeGreaterThan(5_000);
  expect(counting.filter((name) => !hasStem(name))).toEqual([]);
});

test('text with a hole in it is made at run time, wherever the match was cut', () => {
  expect(judgeAssignment('session_token', `IQoJb3JpZ2luX2Vj${'$'}{make.of(base64`, { form: 'bare' })).toBeNull();
  expect(judgeAssignment('session_token', `IQoJb3JpZ2luX2Vj#{rest}9sK2`, { form: 'quoted' })).toBeNull();
  expect(find(`\`aws_session_token = IQoJb3JpZ2luX2Vj${'$'}{make.of(base64, 400)}==\``)).toEqual([]);
});
