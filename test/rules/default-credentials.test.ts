import { expect, test } from 'vitest';
import { credentialBytes } from '../../src/rules/default-credentials.ts';

const hostOf = (host: string): string | undefined =>
  Buffer.from(credentialBytes('ada', 'a password', host))
    .toString('latin1')
    .split('\0')[2];

test('a login is one credential whatever its port and the case of its host', () => {
  expect(hostOf('DB.acme-corp.net:5432')).toBe('db.acme-corp.net');
  expect(hostOf('db.acme-corp.net')).toBe('db.acme-corp.net');
  expect(hostOf('[2001:db8::1]:5432')).toBe('[2001:db8::1]');
  expect(hostOf('2001:db8::1')).toBe('2001:db8::1');
  expect(hostOf('one:5432,two:5433')).toBe('one:5432,two:5433');
});
