import { createHash, createHmac } from 'node:crypto';
import type { KeyReading } from './key-reading.ts';
import { nameOf, publicKeyOfSshBlob } from './public-key.ts';
import { wireString } from './wire.ts';

/**
 * Reads a PuTTY private key, version 2 or 3, from its lines. The MAC of a key that is not encrypted proves every byte of it.
 * @returns null where the lines are none. @see the PuTTY manual, appendix C
 */
export const readPuttyKey = (text: string): KeyReading | null => {
  const lines = text.split('\n').map((line) => line.trim());
  const head = /^PuTTY-User-Key-File-([123]): (\S{1,40})$/.exec(lines[0] ?? '');
  const field = (name: string): string | null => {
    const line = lines.find((one) => one.startsWith(`${name}: `));
    return line === undefined ? null : line.slice(name.length + 2);
  };
  const encryption = field('Encryption');
  const open = linesBehind(lines, 'Public-Lines');
  const secret = linesBehind(lines, 'Private-Lines');
  const mac = field('Private-MAC') ?? field('Private-Hash');
  if (head === null || encryption === null || open === null || secret === null) return null;
  const key = publicKeyOfSshBlob(open);
  if (encryption !== 'none') {
    const isOld = head[1] !== '3';
    const how = `${encryption.slice(0, 40)}, ${isOld ? 'two rounds of SHA-1' : (field('Key-Derivation') ?? 'Argon2').slice(0, 40)}`;
    return { state: 'encrypted', key, how, weak: isOld ? 'The old form of PuTTY makes guessing fast.' : null };
  }
  const name = key ? nameOf(key).name : 'PuTTY';
  const comment = field('Comment') ?? '';
  const covered = [head[2] ?? '', encryption, comment].map((part) => wireString(Buffer.from(part, 'latin1')));
  const message = Buffer.concat([...covered, wireString(open), wireString(secret)]);
  if (key && mac !== null && mac.toLowerCase() === macOf(head[1] ?? '', message))
    return { state: 'plain', key, name, comment: Buffer.from(comment, 'latin1').toString('utf8', 0, 200) };
  return { state: 'unproved', name: `${name} private key`, why: 'Its checksum does not fit.', fits: true };
};

const macOf = (version: string, message: Uint8Array): string => {
  if (version === '3') return createHmac('sha256', '').update(message).digest('hex');
  const key = createHash('sha1').update('putty-private-key-file-mac-key').digest();
  return createHmac('sha1', key).update(message).digest('hex');
};

/** `Name: n` and the base64 of the n lines behind it. */
const linesBehind = (lines: readonly string[], name: string): Uint8Array | null => {
  const at = lines.findIndex((line) => line.startsWith(`${name}: `));
  const count = Number(lines[at]?.slice(name.length + 2));
  if (at < 0 || !Number.isInteger(count) || count < 1 || count > 1000) return null;
  const body = lines.slice(at + 1, at + 1 + count).join('');
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(body) ? Buffer.from(body, 'base64') : null;
};
