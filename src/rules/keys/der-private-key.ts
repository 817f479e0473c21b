import {
  childrenOf,
  contentOf,
  type Element,
  encode,
  encodeBits,
  encodeInteger,
  magnitudeOf,
  oidOf,
  readElement,
  tags,
  wholeOf,
} from './der.ts';
import { dsaOf, pointOf, primesFit, publicHalfOf } from './key-proof.ts';
import type { KeyReading } from './key-reading.ts';
import { algorithmNames, oids, postQuantumNames } from './oids.ts';
import { readEncryption } from './pbe.ts';
import type { PublicKey } from './public-key.ts';

/**
 * Reads a private key in DER: PKCS#8 plain or encrypted, PKCS#1, SEC1, the old form of DSA. Bytes after the outer element
 * are ignored.
 * @returns null where the outer element is none, or is something else (a certificate, a request, PKCS#7).
 * @see RFC 5958, RFC 8017 A.1.2, RFC 5915
 */
export const readDerPrivateKey = (bytes: Uint8Array): KeyReading | null => {
  const outer = readElement(bytes, 0);
  if (outer?.tag !== tags.sequence) return null;
  const der = bytes.subarray(0, outer.end);
  const version = readElement(der, outer.start);
  if (version?.tag === tags.sequence) return readEncrypted(der, outer);
  if (version?.tag !== tags.integer || version.end - version.start !== 1 || (der[version.start] ?? 9) > 1) return null;
  const parts = childrenOf(der, outer);
  const second = readElement(der, version.end, outer.end);
  if (second === null) return unproved('Private key', 'The structure inside is broken.');
  switch (second.tag) {
    case tags.sequence:
      return readPkcs8(der, second, parts?.[2]);
    case tags.octetString:
      // Node's parser is slow to refuse: only what is whole is given to it.
      return parts
        ? readByNode(der, 'EC', outer, 'sec1')
        : unproved('EC private key', 'The structure inside is broken.');
    case tags.integer:
      if (parts?.length === 6) return readDsaForm(der, parts);
      return readRsa(der, outer, null);
    default:
      return unproved('Private key', 'The structure inside is broken.');
  }
};

const readEncrypted = (der: Uint8Array, outer: Element): KeyReading | null => {
  const [algorithm, data] = childrenOf(der, outer) ?? [];
  if (!algorithm || data?.tag !== tags.octetString) return null;
  const encryption = readEncryption(der, algorithm);
  return encryption && { state: 'encrypted', key: null, ...encryption };
};

const readPkcs8 = (der: Uint8Array, algorithm: Element, data: Element | undefined): KeyReading => {
  const [oid, parameters] = childrenOf(der, algorithm) ?? [];
  const name = oid && oidOf(der, oid);
  if (!name || data?.tag !== tags.octetString) return unproved('Private key', 'The structure inside is broken.');
  const inner = readElement(der, data.start, data.end);
  switch (name) {
    case oids.rsa:
      return readRsa(der, inner, null);
    case oids.rsaPss:
      return readRsa(der, inner, wholeOf(der, algorithm));
    case oids.dsa:
      return readDsa(der, parameters, inner);
    case oids.ec:
      return readByNode(der, 'EC', inner);
    case oids.ed25519:
    case oids.ed448:
    case oids.x25519:
    case oids.x448:
      return readByNode(der, algorithmNames.get(name) ?? name, null);
    default:
      return readUnknown(der, name, data);
  }
};

/** Not by Node: what the numbers prove (n = p·q) is more than that they are numbers, and costs less. */
const readRsa = (der: Uint8Array, sequence: Element | null, pss: Uint8Array | null): KeyReading => {
  const parts = sequence?.tag === tags.sequence ? childrenOf(der, sequence) : null;
  if (!parts || parts.length < 9 || !parts.slice(0, 9).every((part) => part.tag === tags.integer))
    return unproved('RSA private key', 'It is not built of the nine numbers that an RSA key has.');
  const [, n, e, , p, q] = parts.map((part) => magnitudeOf(der, part));
  if (!n || !e || !p || !q || n.length === 0 || e.length === 0)
    return unproved('RSA private key', 'A number of it is zero.');
  if (!primesFit(n, p, q)) return unproved('RSA private key', 'Its primes do not multiply to its modulus.');
  const key: PublicKey = pss
    ? { type: 'other', algorithm: oids.rsaPss, spki: pssSpki(pss, n, e) }
    : { type: 'rsa', n, e };
  return { state: 'plain', key, name: pss ? 'RSA-PSS' : 'RSA' };
};

const pssSpki = (algorithm: Uint8Array, n: Uint8Array, e: Uint8Array): Uint8Array =>
  encode(tags.sequence, algorithm, encodeBits(encode(tags.sequence, encodeInteger(n), encodeInteger(e))));

const readDsaForm = (der: Uint8Array, parts: readonly Element[]): KeyReading => {
  const [, p, q, g, y, x] = parts.map((part) => magnitudeOf(der, part));
  if (!p || !q || !g || !y || !x) return unproved('DSA private key', 'A number is missing.');
  const key = dsaOf(p, q, g, x);
  return key?.type === 'dsa' && Buffer.compare(key.y, y) === 0
    ? { state: 'plain', key, name: 'DSA' }
    : unproved('DSA private key', 'Its two halves do not fit.');
};

const readDsa = (der: Uint8Array, parameters: Element | undefined, inner: Element | null): KeyReading => {
  const [p, q, g] = (parameters && childrenOf(der, parameters)?.map((part) => magnitudeOf(der, part))) || [];
  const key = p && q && g && inner?.tag === tags.integer ? dsaOf(p, q, g, magnitudeOf(der, inner)) : null;
  return key ? { state: 'plain', key, name: 'DSA' } : unproved('DSA private key', 'A number is missing or too large.');
};

/**
 * @param ec the ECPrivateKey inside, whose scalar must give the public point: Node takes a stored point on trust.
 */
const readByNode = (
  der: Uint8Array,
  name: string,
  ec: Element | null,
  type: 'pkcs8' | 'sec1' = 'pkcs8',
): KeyReading => {
  const key = publicHalfOf(der, type);
  if (key === null) return unproved(`${name} private key`, 'It does not parse as such a key.');
  if (ec && key.type === 'ec' && !scalarGives(der, ec, key.curve, key.point))
    return unproved(`${name} private key`, 'Its two halves do not fit.');
  return { state: 'plain', key, name };
};

const scalarGives = (der: Uint8Array, ec: Element, curve: string, point: Uint8Array): boolean => {
  const scalar = childrenOf(der, ec)?.[1];
  if (scalar?.tag !== tags.octetString) return false;
  const made = pointOf(curve, contentOf(der, scalar));
  return made === undefined || (made !== null && Buffer.compare(made, point) === 0);
};

/** FIPS 203 to 205: seeds of 32 or 64 bytes in a choice, or the expanded key. */
const readUnknown = (der: Uint8Array, algorithm: string, data: Element): KeyReading => {
  const name = algorithmNames.get(algorithm);
  const sizeBytes = data.end - data.start;
  if (name !== undefined && postQuantumNames.has(algorithm) && sizeBytes >= 34 && isVaried(contentOf(der, data)))
    return { state: 'plain', key: null, name };
  return unproved(
    name ? `${name} private key` : 'Private key',
    name ? 'Its content is not that of such a key.' : `Its algorithm (${algorithm}) is not known here.`,
  );
};

const isVaried = (bytes: Uint8Array): boolean => new Set(bytes).size >= 16;

const unproved = (name: string, why: string): KeyReading => ({ state: 'unproved', name, why, fits: true });
