import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { placeholderReason, referenceDefault, referenceReason } from '../../src/rules/index.ts';
import { latin1, utf8Bytes } from '../../src/text/index.ts';

const verdictOf = (value: string, name?: string): string | undefined => placeholderReason(value, name)?.verdict;

test('what people type to fill a place is inert', () => {
  const values = [
    '',
    'xxxxxxxxxxxx',
    'abcd********',
    'sk-...1234',
    '12345678',
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    'abcabcabcabc',
  ];
  for (const value of values) expect(verdictOf(value), value).toBe('inert');
  for (const value of ['a1b2c3d4e5f6', 'abcdefghijklmnop', '0000-0000-0000', 'deadbeefdeadbeef']) {
    expect(verdictOf(value), value).toBe('inert');
  }
});

test('words of examples are inert, in several languages and one decoding further', () => {
  const values = [
    'your-api-key-here',
    'changeme',
    'my_secret_token',
    'EXAMPLE_TOKEN',
    'test-token',
    'password',
    'YOUR_TOKEN',
  ];
  for (const value of values) expect(verdictOf(value), value).toBe('inert');
  expect(verdictOf(latin1(utf8Bytes('密码')))).toBe('inert');
  expect(verdictOf(Buffer.from('changeme').toString('base64'))).toBe('inert');
  expect(verdictOf(Buffer.from('example-key').toString('hex'))).toBe('inert');
});

test('a value that only repeats its name says nothing; a word in the name does not excuse another value', () => {
  expect(verdictOf('stripe_api_key', 'STRIPE_API_KEY')).toBe('inert');
  expect(verdictOf('stripe_api_key', 'token')).toBeUndefined();
  expect(verdictOf('bluemonkey', 'db_password_bluemonkey2')).toBe('inert');
  expect(verdictOf('orangeviolin', 'db_password')).toBeUndefined();
});

test('a common word with digits is weak, but may be real', () => {
  expect(verdictOf('admin123')).toBe('possible');
  expect(verdictOf('Password1')).toBe('possible');
});

test('random values of every usual alphabet are no placeholders', () => {
  let flagged = 0;
  for (let seed = 0; seed < 600; seed++) {
    const bytes = createHash('sha512').update(`seed ${seed}`).digest();
    const values = [
      bytes.toString('hex').slice(0, 40),
      bytes.toString('hex').slice(0, 64),
      bytes.toString('base64url').slice(0, 22),
    ];
    values.push(
      bytes.toString('base64').slice(0, 40),
      bytes
        .toString('base64')
        .replace(/[^a-z0-9]/g, '')
        .slice(0, 20),
    );
    for (const value of values) if (placeholderReason(value) !== null) flagged++;
  }
  expect(flagged).toBeLessThanOrEqual(1);
});

test('references and templates are no secrets', () => {
  const values = [
    '$TOKEN',
    '${TOKEN}',
    '${{ secrets.TOKEN }}',
    '{{ .Values.token }}',
    '<your token>',
    '%TOKEN%',
    '%(token)s',
  ];
  values.push(
    'process.env.TOKEN',
    "os.environ['TOKEN']",
    'var.token',
    '!Ref Token',
    'op://vault/item',
    '@TOKEN@',
    '#{token}',
  );
  values.push('<%= token %>', 'getToken()', '$(cat token)', '__TOKEN__', 'vault:secret/data/x#y');
  for (const value of values) expect(referenceReason(value)?.kind, value).toBe('reference');
});

test('encrypted values are said to be encrypted', () => {
  for (const value of ['ENC[AES256_GCM,data:abc]', 'ENC(abc)', '{cipher}0a1b', '$ANSIBLE_VAULT;1.1;AES256']) {
    expect(referenceReason(value)?.kind, value).toBe('encrypted');
  }
});

test('literals are no references, also with signs that references use', () => {
  for (const value of ['Pa$sword', 'a{b', 'x%y', 'c@d', '<3', 'plain', 'J%m9$Kq(2'])
    expect(referenceReason(value), value).toBeNull();
});

test('a default inside a reference is a literal to be judged', () => {
  expect(referenceDefault('${TOKEN:-s3cr1t}')).toBe('s3cr1t');
  expect(referenceDefault('${token:s3cr1t}')).toBe('s3cr1t');
  expect(referenceDefault("{{ x | default('s3cr1t') }}")).toBe('s3cr1t');
  expect(referenceDefault('${TOKEN:-}')).toBeNull();
  expect(referenceDefault('${TOKEN:?missing}')).toBeNull();
});
