import { createHash } from 'node:crypto';

/** Characters and bytes from a seed; every call goes on where the last one ended. */
export interface SeededMaker {
  bytes(length: number): Buffer;
  of(alphabet: string, length: number): string;
}

export const digits = '0123456789';
export const upperCase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const lowerCase = upperCase.toLowerCase();
/** In the order of GitHub's checksum. */
export const base62 = digits + upperCase + lowerCase;

export const seededMaker = (seed: string): SeededMaker => {
  let calls = 0;
  const bytes = (length: number): Buffer => {
    calls += 1;
    // An extendable hash is the shortest stream of bytes that is equal on every machine.
    return createHash('shake256', { outputLength: length }).update(`${seed}\0${calls}`).digest();
  };
  const of = (alphabet: string, length: number): string =>
    Array.from(
      bytes(length * 2)
        .toString('latin1')
        .matchAll(/../gs),
      ([pair]) => alphabet.charAt((pair.charCodeAt(0) * 256 + pair.charCodeAt(1)) % alphabet.length),
    ).join('');
  return { bytes, of };
};
