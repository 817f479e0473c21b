import { type RefName, refName } from './oid.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes that Git leaves without an encoding (ref names, people, messages): UTF-8 or, failing that, Latin-1. */
export const decodeText = (bytes: Uint8Array): string => {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
};

export const refNameFromBytes = (bytes: Uint8Array): RefName => refName(decodeText(bytes));

// Control characters, space, and what means something in revisions and refspecs.
const forbidden = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|^\/|^\.|[/.]$/;

/**
 * Whether git would take this for the name of a ref: a slash in it, or all capitals.
 * @see git-check-ref-format(1)
 */
export const isValidRefName = (name: string): boolean =>
  !forbidden.test(name) && (name.includes('/') || /^[A-Z_]+$/.test(name));
