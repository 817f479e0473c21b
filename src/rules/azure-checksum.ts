import { latin1, latin1Bytes } from '../text/index.ts';
import { base62, crc32Of, parseBase32 } from './checksum.ts';

/**
 * Marvin32 with the two halves folded into one, as Microsoft's identifiable keys use it.
 * @param seed eight ASCII letters, read as a big-endian number whose low half starts p0.
 * @see https://github.com/microsoft/security-utilities
 */
export const marvin32 = (seed: string, bytes: Uint8Array): number => {
  const seedView = viewOf(latin1Bytes(seed));
  let p0 = seedView.getUint32(4);
  let p1 = seedView.getUint32(0);
  const mix = (word: number): void => {
    p0 = (p0 + word) | 0;
    p1 ^= p0;
    p0 = (rotateLeft(p0, 20) + p1) | 0;
    p1 = rotateLeft(p1, 9) ^ p0;
    p0 = (rotateLeft(p0, 27) + p1) | 0;
    p1 = rotateLeft(p1, 19);
  };
  const view = viewOf(bytes);
  const whole = bytes.length - (bytes.length % 4);
  for (let at = 0; at < whole; at += 4) mix(view.getUint32(at, true));
  const tail = new Uint8Array(4);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  mix(viewOf(tail).getUint32(0, true));
  mix(0);
  return (p0 ^ p1) >>> 0;
};

/** @returns whether the last four decoded bytes are the checksum of those before them. */
export const hasMarvin = (base64: string, seed: string): boolean => {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 8) return false;
  return marvin32(seed, bytes.subarray(0, -4)) === bytes.readUInt32LE(bytes.length - 4);
};

/**
 * The four characters at the end of a "common annotated security key" (84 characters, or the first 84 of 88).
 * @returns the spellings of old and of new keys.
 */
export const caskChecksums = (key: string): readonly string[] => {
  const bytes = Buffer.from(key.slice(0, 80), 'base64');
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(marvin32('Default0', bytes.subarray(0, 60)));
  const number = checksum.readUInt32BE(0);
  return [base62(number, 1).padEnd(6, '0').slice(0, 4), checksum.toString('base64').slice(0, 4)];
};

export const hasCaskChecksum = (key: string): boolean => caskChecksums(key).includes(key.slice(80, 84));

/** Year and month that stand in a common annotated key, as `2025-03`; null where the letters are out of range. */
export const caskDate = (key: string): string | null => {
  const year = key.charCodeAt(58) - 65;
  const month = key.charCodeAt(59) - 64;
  if (year < 0 || year > 25 || month < 1 || month > 12) return null;
  return `${2024 + year}-${String(month).padStart(2, '0')}`;
};

const entraDigits = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~';

/** The last three characters of an Entra client secret of the `8Q~` form. */
export const entraChecksum = (rest: string): string => {
  let text = '';
  for (let value = marvin32('AadPwd00', latin1Bytes(rest)); value > 0; value = Math.floor(value / 66)) {
    text = (entraDigits[value % 66] ?? '') + text;
  }
  return text.padStart(6, 'a').slice(0, 3);
};

export const hasEntraChecksum = (secret: string): boolean => entraChecksum(secret.slice(0, -3)) === secret.slice(-3);

const devopsPlaces = [22, 8, 7, 2];
const devopsKinds = [0xe0b9692d, 0x1019f92e];

/** The 32 bytes of an old Azure DevOps token with its checksum put where it belongs (least significant byte at 22). */
export const withDevopsChecksum = (bytes: Uint8Array): Uint8Array => {
  const rest = bytes.filter((_, index) => !devopsPlaces.includes(index));
  const checksum = (crc32Of(latin1(rest)) ^ (devopsKinds[0] ?? 0)) >>> 0;
  const whole = Uint8Array.from(bytes);
  devopsPlaces.forEach((place, index) => {
    whole[place] = (checksum >>> (8 * index)) & 0xff;
  });
  return whole;
};

/** Whether one of the two kinds (of a user, of an application) fits. */
export const hasDevopsChecksum = (token: string): boolean => {
  const bytes = parseBase32(token);
  if (bytes?.length !== 32) return false;
  const rest = bytes.filter((_, index) => !devopsPlaces.includes(index));
  const held = devopsPlaces.reduce((sum, place, index) => sum + (bytes[place] ?? 0) * 2 ** (8 * index), 0);
  return devopsKinds.some((kind) => (crc32Of(latin1(rest)) ^ kind) >>> 0 === held);
};

const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
