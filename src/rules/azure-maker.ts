import { caskChecksums, entraChecksum, marvin32, withDevopsChecksum } from './azure-checksum.ts';
import { base32 } from './checksum.ts';
import type { Maker } from './rule.ts';

/** Keys in Microsoft's formats, checksum included: for the examples of rules. */
export const azureMaker = (
  make: Maker,
): {
  readonly identifiable: (signature: string, sizeBytes: number, seed: string, url: boolean) => string;
  readonly cask: (signature: string) => string;
  readonly entra: () => string;
  readonly devops: () => string;
} => ({
  identifiable: (signature, sizeBytes, seed, url) => {
    const characters = Math.ceil((sizeBytes * 8) / 6);
    const head = make.base62(characters - 6 - signature.length) + signature;
    const bytes = Buffer.from(`${head}AAAAAA`, 'base64').subarray(0, sizeBytes);
    bytes.writeUInt32LE(marvin32(seed, bytes.subarray(0, -4)), sizeBytes - 4);
    const text = bytes.toString('base64');
    return url ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
  },
  cask: (signature) => {
    const head = `${make.base62(52)}JQQJ99BC${make.base62(12)}AAAA${signature}`;
    return head + (caskChecksums(head)[0] ?? '');
  },
  entra: () => {
    const head = `${make.base62(3)}8Q~${make.base62(31)}`;
    return head + entraChecksum(head);
  },
  devops: () => base32(withDevopsChecksum(Buffer.from(make.hex(64), 'hex'))).toLowerCase(),
});
