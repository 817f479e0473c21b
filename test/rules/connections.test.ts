import { describe, expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { hostClass } from '../../src/rules/connection-host.ts';
import { judgeLogin } from '../../src/rules/connections.ts';
import { defaultReason } from '../../src/rules/default-credentials.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';
import { latin1, latin1Bytes } from '../../src/text/index.ts';

const make = createMaker('connections');
const password = `p${make.base62(15)}7`;
const detector = new Detector(catalogue.filter((rule) => rule.category === 'connection-string'));
const only = (text: string) => {
  const found = detector.find(latin1Bytes(text));
  expect(found, text).toHaveLength(1);
  return found[0];
};

describe('the host beside a password', () => {
  test.each([
    ['localhost:5432', 'local'],
    ['127.0.0.1', 'local'],
    ['[::1]:6379', 'local'],
    ['postgres', 'local'],
    ['/tmp/mysql.sock', 'local'],
    ['10.1.2.3', 'private'],
    ['172.31.0.9:3306', 'private'],
    ['db.prod.svc.cluster.local', 'private'],
    ['db.example.com', 'documentation'],
    ['203.0.113.7', 'documentation'],
    ['anything.test', 'documentation'],
    ['%HOSTIP', 'variable'],
    ['172.32.0.1', 'public'],
    ['db.acme-corp.io', 'public'],
  ] as const)('%s is %s', (host, expected) => {
    expect(hostClass(host)).toBe(expected);
  });

  test('decides how much the password is worth', () => {
    const judged = (host: string) => judgeLogin({ user: 'deployer', password, host }, 'high');
    expect(judged('db.acme-corp.io')).toMatchObject({ verdict: 'likely', severity: 'high' });
    expect(judged('10.1.2.3')).toMatchObject({ verdict: 'likely', severity: 'medium' });
    expect(judged('localhost')).toMatchObject({ verdict: 'likely', severity: 'medium' });
    expect(judged('db.example.org')).toMatchObject({ verdict: 'inert' });
    expect(
      judgeLogin({ user: 'deployer', password: ['vio', 'lins'].join(''), host: 'localhost' }, 'high'),
    ).toMatchObject({
      verdict: 'possible',
      severity: 'low',
    });
  });
});

test('what a product comes with is weak, what documentation uses is inert', () => {
  expect(defaultReason('postgres', 'postgres')).toMatchObject({ kind: 'default-password', verdict: 'possible' });
  expect(defaultReason('Alice2', 'alice2')).toMatchObject({ kind: 'default-password' });
  expect(defaultReason('user', 'password')).toMatchObject({ kind: 'documented-example', verdict: 'inert' });
  expect(defaultReason('deployer', password)).toBeNull();
});

describe('a URI with a password', () => {
  test('is one credential by user, password and host, however it is spelled', () => {
    const uri = only(`postgres://deployer:${password}%21@DB.acme-corp.io/main`);
    expect(latin1(uri?.secret.reveal() ?? new Uint8Array())).toBe(`deployer\0${password}!\0db.acme-corp.io`);
    const dsn = only(`deployer:${password}!@tcp(db.acme-corp.io)/main`);
    expect(dsn?.secret.reveal()).toEqual(uri?.secret.reveal());
  });

  test('ends its password at the last @ before the path', () => {
    const found = only(`mysql://deployer:${password}@x@db.acme-corp.io/a@b`);
    expect(latin1(found?.secret.reveal() ?? new Uint8Array())).toContain(`${password}@x`);
    expect(found?.redacted).not.toContain(password.slice(0, 4));
  });

  test('spans its password alone, so that a rewrite leaves the host', () => {
    const text = `url: rediss://:${password}@cache.acme-corp.io:6379/0`;
    const span = only(text)?.span;
    expect(text.slice(span?.start, span?.end)).toBe(password);
  });

  test('is left to the rule of the token that stands in it', () => {
    const text = `https://x-access-token:ghp_${make.base62(36)}@github.com/a/b`;
    expect(detector.find(latin1Bytes(text))).toEqual([]);
  });

  test('is none where the password is a variable; a variable host does not hide a literal', () => {
    expect(detector.find(latin1Bytes('postgres://a:${PASSWORD}@db.acme-corp.io/x'))).toEqual([]);
    expect(detector.find(latin1Bytes('https://a:$PASSWORD@db.acme-corp.io/x'))).toEqual([]);
    expect(only(`postgres://a:${password}@\${HOST}/x`)?.judgement.reasons[0]?.kind).toBe('variable-host');
  });
});
