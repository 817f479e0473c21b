import { latin1 } from '../../text/index.ts';
import type { LongMatch } from '../rule.ts';
import { readElement, tags } from './der.ts';
import { readDerPrivateKey } from './der-private-key.ts';
import { judgeKey } from './judge-key.ts';
import { decodeBase64, rawLength } from './pem.ts';
import { unescapeText } from './wrapping.ts';

export const derBytes = 16 * 1024;

/** The heads of PKCS#8 (RSA, EC, Ed25519), PKCS#1 and SEC1, from the version on, as they stand in binary files. */
export const derAnchors: readonly string[] = [
  '\x02\x01\x00\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x04\x82',
  '\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x6d\x30',
  '\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x04\x81',
  '\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20',
  '\x02\x01\x00\x02\x81\x81\x00',
  '\x02\x01\x00\x02\x82\x01\x01\x00',
  '\x02\x01\x00\x02\x82\x01\x81\x00',
  '\x02\x01\x00\x02\x82\x02\x01\x00',
  '\x30\x77\x02\x01\x01\x04\x20',
];

/** The same heads in base64, where a DER key stands bare in a text. */
export const base64DerAnchors: readonly string[] = [
  'IBADANBgkqhkiG9w0BAQEFAASC',
  'AgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w',
  'AgEAMBAGByqGSM49AgEGBSuBBAAi',
  'MC4CAQAwBQYDK2VwBCIEI',
  'IBAAKBgQ',
  'IBAAKCAQEA',
  'IBAAKCAYEA',
  'IBAAKCAgEA',
  'MHcCAQEEI',
  'MIGkAgEBBD',
];

/** How far before an anchor a key may begin: PKCS#8 stands around PKCS#1. */
const mostBefore = 34;

/** A DER key inside binary bytes; only one that proves itself, with what stands around it if that is one key too. */
export const findDerKey = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  for (let start = Math.max(0, anchorAt - mostBefore); start <= anchorAt; start += 1) {
    if (text[start] !== tags.sequence) continue;
    const outer = readElement(text, start, Math.min(text.length, start + derBytes));
    if (outer === null || outer.end <= anchorAt) continue;
    const reading = readDerPrivateKey(text.subarray(start, outer.end));
    if (reading?.state !== 'plain') continue;
    const bytes = text.slice(start, outer.end);
    return { start, end: outer.end, secret: bytes, judgement: judgeKey(reading, bytes) };
  }
  return null;
};

/** A DER key in base64 without armor, on one line or several. Armored ones belong to the rules for PEM. */
export const findBase64DerKey = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  const before = latin1(text, Math.max(0, anchorAt - 200), anchorAt);
  if (before.includes('PRIVATE KEY')) return null;
  // Ten characters before the anchor at most: the SEQUENCE and its length, of which the first is always M.
  const lead = /[A-Za-z0-9+/]*$/.exec(before.slice(-12))?.[0] ?? '';
  for (let at = 0; at <= lead.length; at += 1) {
    const start = anchorAt - lead.length + at;
    if (text[start] !== 0x4d) continue;
    const zone = latin1(text, start, start + mostCharacters(latin1(text, start, start + 16)));
    const raw = /^(?:[A-Za-z0-9+/\s]|\\{1,4}[nr])*={0,2}/.exec(zone)?.[0] ?? '';
    const found = readPrefix(unescapeText(raw).replace(/\s/g, ''));
    if (found === null) continue;
    const end = start + rawLength(raw, found.characters);
    return { start, end, secret: text.slice(start, end), judgement: found.judgement };
  }
  return null;
};

/** How far to look, by the length that the head declares; nothing where the head is not that of a key. */
const mostCharacters = (head: string): number => {
  const bytes = Buffer.from(head, 'base64');
  const short = [0x81, 0x82].includes(bytes[1] ?? 0) ? (bytes[1] ?? 0) - 0x80 : 0;
  const length = short === 0 ? (bytes[1] ?? 0) : bytes.readUIntBE(2, short);
  const isKey = bytes[0] === tags.sequence && bytes[2 + short] === tags.integer && bytes[3 + short] === 1;
  // Line breaks take room too: two bytes for every twenty are more than any wrapping has.
  return isKey ? Math.min(derBytes, Math.ceil(length * 1.5) + 64) : 0;
};

/** What follows the key in the same run is not part of it. */
const readPrefix = (
  base64: string,
): { readonly characters: number; readonly judgement: LongMatch['judgement'] } | null => {
  const bytes = decodeBase64(base64.replace(/=.*/, ''));
  const outer = bytes && readElement(bytes, 0);
  if (!bytes || outer?.tag !== tags.sequence) return null;
  const der = bytes.subarray(0, outer.end);
  const reading = readDerPrivateKey(der);
  if (reading?.state !== 'plain') return null;
  return { characters: Math.ceil(der.length / 3) * 4, judgement: judgeKey(reading, Uint8Array.from(der)) };
};
