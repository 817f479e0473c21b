import { trimmed } from './der.ts';
import { dsaOf, ed25519Of, pointOf, primesFit } from './key-proof.ts';
import type { KeyReading } from './key-reading.ts';
import { nameOf, type PublicKey, publicKeyOfSshBlob } from './public-key.ts';
import { WireReader } from './wire.ts';

const magic = 'openssh-key-v1\0';

/**
 * Reads OpenSSH's own format. The public half is in clear even where the rest is encrypted.
 * @returns null where the bytes are none. @see openssh-portable, PROTOCOL.key
 */
export const readOpensshKey = (bytes: Uint8Array): KeyReading | null => {
  if (Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') !== magic) return null;
  const wire = new WireReader(bytes, magic.length);
  const [cipher, kdf, options] = [wire.text(), wire.text(), wire.string()];
  const count = wire.uint32();
  const blob = wire.string();
  const section = wire.string();
  if (cipher === null || kdf === null || options === null || count === null || blob === null || section === null)
    return unproved('OpenSSH private key', 'It is cut or changed.', bytes.length >= 150);
  const key = publicKeyOfSshBlob(blob);
  const type = new WireReader(blob).text() ?? '';
  if (/^(?:sk-ssh-ed25519|sk-ecdsa-sha2-nistp256)@openssh\.com$/.test(type))
    return { state: 'stub', key: null, name: 'FIDO', where: 'a handle that needs the hardware token' };
  if (cipher !== 'none' || kdf !== 'none')
    return { state: 'encrypted', key, how: howOf(cipher, kdf, options), weak: null };
  if (key === null) return unproved('OpenSSH private key', 'Its type is not known here.', true);
  return readPlain(section, type, key);
};

const howOf = (cipher: string, kdf: string, options: Uint8Array): string => {
  const wire = new WireReader(options);
  wire.string(); // the salt
  const rounds = kdf === 'bcrypt' ? wire.uint32() : null;
  return `${cipher.slice(0, 40)}, ${kdf.slice(0, 40)}${rounds === null ? '' : ` with ${rounds} rounds`}`;
};

/** Two equal numbers, the type, the numbers of the key, its comment. */
const readPlain = (section: Uint8Array, type: string, key: PublicKey): KeyReading => {
  const wire = new WireReader(section);
  const [check, again] = [wire.uint32(), wire.uint32()];
  const { name } = nameOf(key);
  if (check === null || check !== again || wire.text() !== type || !provesSecret(wire, key))
    return unproved(`${name} private key`, 'Its two halves do not fit.', true);
  const comment = wire.string();
  return { state: 'plain', key, name, comment: Buffer.from(comment ?? []).toString('utf8', 0, 200) };
};

const provesSecret = (wire: WireReader, key: PublicKey): boolean => {
  const number = (): Uint8Array => trimmed(wire.string() ?? new Uint8Array(0));
  switch (key.type) {
    case 'rsa': {
      const [n, , , , p, q] = [number(), number(), number(), number(), number(), number()];
      return isSame(n, key.n) && primesFit(n, p, q);
    }
    case 'dsa': {
      const [, , , , x] = [number(), number(), number(), number(), number()];
      const made = dsaOf(key.p, key.q, key.g, x);
      return made?.type === 'dsa' && isSame(made.y, key.y);
    }
    case 'ec': {
      const [, , scalar] = [wire.string(), wire.string(), number()];
      const point = pointOf(key.curve, scalar);
      return point != null && isSame(point, key.point);
    }
    case 'ed25519': {
      const [, secret] = [wire.string(), wire.string()];
      const made = secret?.length === 64 ? ed25519Of(secret.subarray(0, 32)) : null;
      return made !== null && isSame(made, key.key);
    }
    case 'other':
      return false;
  }
};

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/**
 * Reads the body of a private key of SSH.COM, Tectia or Reflection; its label says ENCRYPTED whether it is or not.
 * @returns null where the bytes are none. @see PuTTY, import.c
 */
export const readSsh2Key = (bytes: Uint8Array): KeyReading | null => {
  const wire = new WireReader(bytes);
  if (wire.uint32() !== 0x3f6ff9eb) return null;
  wire.uint32();
  const type = wire.text();
  const cipher = wire.text();
  const body = wire.string();
  if (type === null || cipher === null || body === null)
    return unproved('SSH2 private key', 'It ends too early.', false);
  if (cipher !== 'none') return { state: 'encrypted', key: null, how: cipher.slice(0, 40), weak: null };
  return unproved('SSH2 private key', 'Its cipher is none, so it is readable.', true);
};

const unproved = (name: string, why: string, fits: boolean): KeyReading => ({ state: 'unproved', name, why, fits });
