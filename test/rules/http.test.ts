import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';
import { makeJwt } from '../../src/rules/jwt-maker.ts';
import { latin1, latin1Bytes } from '../../src/text/index.ts';

const make = createMaker('http');
const detector = new Detector(
  catalogue.filter((rule) => ['jwt', 'http-basic-header', 'http-bearer-header'].includes(rule.id)),
);
const only = (text: string) => {
  const found = detector.find(latin1Bytes(text));
  expect(found, text).toHaveLength(1);
  return found[0];
};

test('a JSON Web Token says when it expires; whoever knows the time decides', () => {
  const token = makeJwt(make, { iss: 'https://issuer.acme.io', sub: 'me', exp: 1_500_000_000 });
  expect(only(token)?.judgement).toMatchObject({ verdict: 'likely', expires: '2017-07-14T02:40:00Z' });
  expect(only(makeJwt(make, { sub: 'me' }))?.judgement.expires).toBeUndefined();
});

test('a long token is found whole, also without anything around it', () => {
  const token = makeJwt(make, { sub: 'me', groups: Array.from({ length: 200 }, (_, index) => `group-${index}`) });
  expect(token.length).toBeGreaterThan(2000);
  expect(only(token)?.span).toEqual({ start: 0, end: token.length });
});

test('a token that is signed with the secret of a tutorial is only possible', () => {
  const token = makeJwt(make, { sub: 'me' });
  const signed = token.slice(0, token.lastIndexOf('.'));
  const weak = `${signed}.${createHmac('sha256', 'your-256-bit-secret').update(signed).digest('base64url')}`;
  expect(only(weak)?.judgement).toMatchObject({ verdict: 'possible', reasons: [{ kind: 'weak-secret' }, {}, {}] });
});

test('the issuer decides what a token opens', () => {
  expect(only(makeJwt(make, { iss: 'supabase', role: 'service_role' }))?.judgement.severity).toBe('critical');
  expect(only(makeJwt(make, { iss: 'supabase', role: 'anon' }))?.judgement.severity).toBe('info');
  expect(only(makeJwt(make, { iss: 'kubernetes/serviceaccount' }))?.judgement.title).toBe(
    'Kubernetes service account token',
  );
});

test('Basic authorization is the login that it encodes', () => {
  const password = `p${make.base62(15)}7`;
  const found = only(`Authorization: Basic ${Buffer.from(`deployer:${password}`).toString('base64')}`);
  expect(latin1(found?.secret.reveal() ?? new Uint8Array())).toBe(`deployer\0${password}\0`);
});

test('a bearer token that another rule knows better is left to it', () => {
  expect(detector.find(latin1Bytes(`Authorization: Bearer ghp_${make.base62(36)}`))).toEqual([]);
  expect(only(`Authorization: Bearer ${makeJwt(make, { sub: 'me' })}`)?.rule.id).toBe('jwt');
});
