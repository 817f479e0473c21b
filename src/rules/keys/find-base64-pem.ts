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
  const before = latin1(text, Math.max(0, groupAt - 400), groupAt);
  const lead = /(?:[A-Za-z0-9+/\s]|\\[nr])*$/.exec(before)?.[0] ?? '';
  const leadCharacters = lead.replace(/\\[nr]|\s/g, '');
  const skipped = leadCharacters.length % 4;
  const zone = latin1(text, groupAt, Math.min(text.length, anchorAt + base64PemBytes));
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

const indexOfFirst = (text: string): number => Math.max(0, text.search(/[A-Za-z0-9+/]/));
