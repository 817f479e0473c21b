import { latin1 } from '../text/index.ts';

/** The claims of a JSON Web Token that say what it is; whatever is missing or of another type is absent. */
export interface JwtFacts {
  readonly algorithm: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly role?: string;
  /** ISO 8601, UTC. */
  readonly expires?: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Reads header and payload of `header.payload.signature`; checks no signature.
 * @returns null where either part is not a JSON object, or the header names no algorithm. Total: never throws.
 */
export const parseJwt = (token: string): JwtFacts | null => {
  const [header, payload] = token.split('.');
  const head = parseJsonPart(header);
  const claims = parseJsonPart(payload);
  const algorithm = head?.['alg'];
  if (head === null || claims === null || typeof algorithm !== 'string') return null;
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    algorithm,
    claims,
    ...optional('issuer', text('iss')),
    ...optional('subject', text('sub')),
    ...optional('audience', text('aud')),
    ...optional('role', text('role')),
    ...optional('expires', isoDate(claims['exp'])),
  };
};

/** @returns the object that a base64 (either alphabet) JSON text holds, or null. */
export const parseJsonPart = (part: string | undefined): Readonly<Record<string, unknown>> | null => {
  if (part === undefined || part.length > 65_536) return null;
  return parseJsonObject(latin1(Buffer.from(part, 'base64')));
};

export const parseJsonObject = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null; // the error quotes its input, and the input may hold a secret
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param seconds since 1970; outside of the years 2000 to 9999 it is none. */
export const isoDate = (seconds: unknown): string | undefined => {
  if (typeof seconds !== 'number' || !(seconds > 946_684_800 && seconds < 253_402_300_800)) return undefined;
  return new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');
};

const optional = <Name extends string>(name: Name, value: string | undefined): { readonly [K in Name]?: string } =>
  value === undefined ? {} : ({ [name]: value } as { [K in Name]: string });
