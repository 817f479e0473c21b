import type { Maker } from './rule.ts';

/** A JSON Web Token with these claims and a made-up signature: for the examples of rules. */
export const makeJwt = (
  make: Maker,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = { alg: 'HS256', typ: 'JWT' },
): string => `${encode(header)}.${encode(claims)}.${make.base64url(43)}`;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
