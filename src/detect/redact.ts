import { latin1 } from '../text/index.ts';

const mask = '************';

/**
 * What may be shown of a secret: its known public prefix, and at most four characters of its end, never more than a fifth of what
 * is secret. The mask has one width, so the length stays unknown. Of a password nothing is shown.
 * @param prefixLength bytes of the public prefix.
 */
export const redact = (secret: Uint8Array, prefixLength: number, showEnds: boolean): string => {
  if (!showEnds) return mask;
  const hidden = secret.length - prefixLength;
  const tail = Math.min(4, Math.floor(hidden / 5));
  return latin1(secret, 0, prefixLength) + mask + latin1(secret, secret.length - tail);
};
