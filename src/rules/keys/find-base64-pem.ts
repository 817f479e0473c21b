import { latin1 } from '../../text/index.ts';
import type { LongMatch } from '../rule.ts';
import { findPemKey, findPgpKey, findSshKey, pemKeyBytes } from './find-pem.ts';
import { rawLength } from './pem.ts';

export const base64PemBytes = pemKeyBytes;

/** `PRIVATE KEY` in base64, by how many bytes of its group of three stand before it. */
export const base64PemAnchors = ['UFJJVkFURSBLRV', 'BSSVZBVEUgS0VZ', 'QUklWQVRFIEtFW'] as const;

/** Where each begins within its group of four characters. */
const groupOffsets = [0, 2, 3];

/** A PEM block that was put into base64 once more: Kubernetes secrets, CI variables, kubeconfig files. */
export const findBase64Pem = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  const here = latin1(text, anchorAt, anchorAt + 16);
  const kind = base64PemAnchors.findIndex((anchor) => here.startsWith(anchor));
  const groupAt = anchorAt - (groupOffsets[kind] ?? 0);
  if (kind < 0 || groupAt < 0) return null;
  const lead = runBefore(latin1(text, Math.max(0, groupAt - 400), groupAt));
  const leadCharacters = lead.replace(/\\[nr]|\s/g, '');
  const skipped = leadCharacters.length % 4;
  if (!Buffer.from(leadCharacters.slice(skipped), 'base64').includes('BEGI', 0, 'latin1')) return null;
  const zone = latin1(text, groupAt, secondNext(text, anchorAt, Math.min(text.length, anchorAt + base64PemBytes)));
  const raw = /^(?:[A-Za-z0-9+/\s]|\\[nr])*={0,2}/.exec(zone)?.[0] ?? '';
  const leadBytes = ((leadCharacters.length - skipped) / 4) * 3;
  const whole = leadCharacters.slice(skipped) + raw.replace(/\\[nr]|\s/g, '');
  const decoded = Buffer.from(whole, 'base64');
  const at = decoded.indexOf('PRIVATE KEY', Math.max(0, leadBytes - 2), 'latin1');
  if (at < 0 || at > leadBytes + 3) return null;
  const found = findPemKey(decoded, at) ?? findSshKey(decoded, at) ?? findPgpKey(decoded, at);
  if (found === null) return null;
  const all = lead + raw;
  const first = skipped + Math.floor(found.start / 3) * 4;
  const start = groupAt - lead.length + (first === 0 ? indexOfFirst(all) : rawLength(all, first + 1) - 1);
  const end = groupAt - lead.length + rawLength(all, skipped + Math.ceil(found.end / 3) * 4);
  const { judgement } = found;
  const reasons = [
    ...judgement.reasons,
    { kind: 'base64', verdict: judgement.verdict, detail: 'The whole block is wrapped in base64.' },
  ];
  return { start, end, secret: text.slice(start, end), judgement: { ...judgement, reasons } };
};

/** The end of `text` that may be base64, with the line breaks in it. */
const runBefore = (text: string): string => {
  let at = text.length;
  while (at > 0 && isOfRun(text.charCodeAt(at - 1), text.charCodeAt(at))) at -= 1;
  return text.slice(at);
};

/** A character of base64, a blank, or the backslash of an escaped line break. */
const isOfRun = (code: number, next: number): boolean => {
  if (code === 0x5c) return next === 0x6e || next === 0x72;
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x2f && code <= 0x39) || code === 0x2b
  );
};

/** The next place like this is the END of the block, and the one behind it another block; what lies further costs time. */
const secondNext = (text: Uint8Array, from: number, limit: number): number => {
  const zone = Buffer.from(text.buffer, text.byteOffset, text.byteLength).subarray(0, limit);
  const next = (at: number): number =>
    Math.min(
      ...base64PemAnchors
        .map((anchor) => zone.indexOf(anchor, at, 'latin1'))
        .map((found) => (found < 0 ? limit : found)),
    );
  const end = next(from + 14);
  return end === limit ? limit : next(end + 14);
};

const indexOfFirst = (text: string): number => Math.max(0, text.search(/[A-Za-z0-9+/]/));
