import type { LongMatch } from '../rule.ts';
import { judgeCertificate, readCertificate } from './certificate.ts';
import { readElement } from './der.ts';
import { judgeKey } from './judge-key.ts';
import { judgePgp } from './judge-pgp.ts';
import {
  beginLineAt,
  closedBlock,
  decodeBase64,
  openBlock,
  type PemBlock,
  pemBodyOf,
  rawLength,
  rescuedBytesOf,
} from './pem.ts';
import { readPgpSecretKey, startsAsPgpSecretKey } from './pgp.ts';
import { readKeyBytes, readPrivateKeyBlock } from './read-block.ts';
import { unescapeText } from './wrapping.ts';

/** A key of 16,384 bits in literals of one line each stays far below. */
export const pemKeyBytes = 32 * 1024;
export const pgpBytes = 64 * 1024;

type Find = (text: Uint8Array, anchorAt: number) => LongMatch | null;

const isSshLabel = (label: string): boolean => /^(?:OPENSSH|SSH2)\b.*PRIVATE KEY$/.test(label);

/** PEM blocks of every label that ends in PRIVATE KEY but SSH's own. */
export const findPemKey: Find = (text, anchorAt) =>
  findKey(text, anchorAt, (label) => label.endsWith('PRIVATE KEY') && !isSshLabel(label));

/** `OPENSSH PRIVATE KEY`, `SSH2 ENCRYPTED PRIVATE KEY`. */
export const findSshKey: Find = (text, anchorAt) => findKey(text, anchorAt, isSshLabel);

export const findPgpKey: Find = (text, anchorAt) => {
  const begin = beginLineAt(text, anchorAt);
  const block = begin?.label === 'PGP PRIVATE KEY BLOCK' ? closedBlock(text, begin, pgpBytes) : null;
  if (block === null) return null;
  const bytes = pemBodyOf(block.content)?.bytes ?? rescuedBytesOf(unescapeText(block.raw));
  const facts = bytes && readPgpSecretKey(bytes);
  if (facts) return matchOf(text, block, judgePgp(facts));
  if (!bytes || !startsAsPgpSecretKey(bytes)) return null;
  const why = 'It begins as such a key does, and then does not parse.';
  return matchOf(text, block, judgeKey({ state: 'unproved', name: 'PGP private key', why, fits: true }, bytes));
};

export const findCertificate: Find = (text, anchorAt) => {
  const begin = beginLineAt(text, anchorAt);
  if (begin === null || !/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(begin.label)) return null;
  const block = closedBlock(text, begin, pemKeyBytes);
  if (block === null) return null;
  const der = pemBodyOf(block.content)?.bytes ?? rescuedBytesOf(unescapeText(block.raw));
  const outer = der && readElement(der, 0);
  const facts = der && outer ? readCertificate(der.subarray(0, outer.end)) : null;
  return facts && matchOf(text, block, judgeCertificate(facts));
};

const findKey = (text: Uint8Array, anchorAt: number, isMine: (label: string) => boolean): LongMatch | null => {
  const begin = beginLineAt(text, anchorAt);
  if (begin === null || !isMine(begin.label)) return null;
  const block = closedBlock(text, begin, pemKeyBytes);
  if (block !== null) {
    const found = readPrivateKeyBlock(block);
    return found && matchOf(text, block, judgeKey(found.reading, found.bytes));
  }
  // Without an END only proof counts: everything else is text about keys.
  const open = openBlock(text, begin, pemKeyBytes);
  const bytes = open && wholeDer(open);
  const reading = bytes && readKeyBytes(bytes);
  if (!open || !bytes || reading?.state !== 'plain') return null;
  const end = open.end - open.raw.length + rawLength(open.raw, Math.ceil(bytes.length / 3) * 4);
  return matchOf(text, { ...open, end }, judgeKey(reading, bytes));
};

/** The text that follows a key without END may be base64 too: only the outermost element says where it stops. */
const wholeDer = (block: PemBlock): Uint8Array | null => {
  const bytes = decodeBase64(block.content.replace(/\s|=[\s\S]*/g, ''));
  const outer = bytes && readElement(bytes, 0);
  return bytes && outer ? bytes.subarray(0, outer.end) : null;
};

const matchOf = (text: Uint8Array, block: PemBlock, judgement: LongMatch['judgement']): LongMatch => ({
  start: block.start,
  end: block.end,
  secret: text.slice(block.start, block.end),
  judgement,
});
