import { createPrivateKey, createPublicKey } from 'node:crypto';
import { utf8Bytes } from '../../text/index.ts';
import type { Judgement, LongMatch, PatternMatch } from '../rule.ts';
import { encode, encodeInteger, encodeOid, tags } from './der.ts';
import { oids } from './oids.ts';
import { beginLineAt, closedBlock, decodeBase64 } from './pem.ts';

/**
 * Judges the value of a WireGuard field: 32 bytes in base64. `wg genkey` clamps them; a field that is not clamped was made by
 * something else.
 */
export const judgeWireguardKey = ({ secret }: PatternMatch): Judgement | null => {
  const bytes = Buffer.from(secret, 'base64');
  if (bytes.length !== 32 || new Set(bytes).size < 12) return null;
  const isClamped = ((bytes[0] ?? 0) & 7) === 0 && ((bytes[31] ?? 0) & 0xc0) === 0x40;
  if (!isClamped) {
    const detail = 'It has the length of such a key, but was not made by wg genkey.';
    return { verdict: 'possible', reasons: [{ kind: 'format', verdict: 'possible', detail }] };
  }
  const open = publicX25519(bytes);
  const detail = `It has the form that wg genkey gives${open === null ? '' : `; its public half is ${open}`}.`;
  return { verdict: 'likely', reasons: [{ kind: 'format', verdict: 'likely', detail }] };
};

/** A shared key is random: nothing but its length can be checked. */
export const judgeWireguardSharedKey = ({ secret }: PatternMatch): Judgement | null => {
  const bytes = Buffer.from(secret, 'base64');
  if (bytes.length !== 32 || new Set(bytes).size < 12) return null;
  return {
    verdict: 'likely',
    reasons: [{ kind: 'format', verdict: 'likely', detail: 'It has the name and the length of such a key.' }],
  };
};

const publicX25519 = (secret: Uint8Array): string | null => {
  const algorithm = encode(tags.sequence, encodeOid(oids.x25519));
  const data = encode(tags.octetString, encode(tags.octetString, secret));
  const der = encode(tags.sequence, encodeInteger(Uint8Array.of(0)), algorithm, data);
  try {
    const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
    return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  } catch {
    return null;
  }
};

export const openvpnBytes = 8 * 1024;

/** 256 bytes in hex, or a tls-crypt-v2 key in base64. */
export const findOpenvpnKey = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  const begin = beginLineAt(text, anchorAt);
  const block = begin && closedBlock(text, begin, openvpnBytes);
  if (block === null) return null;
  const joined = block.content.replace(/[\s"'`,;.|&+]/g, '');
  const bytes = block.label.startsWith('OpenVPN Static key')
    ? hexBytes(joined)
    : /^OpenVPN tls-crypt-v2 (?:client|server) key$/.test(block.label)
      ? decodeBase64(joined)
      : null;
  if (bytes === null || bytes.length < 128 || new Set(bytes).size < 64) return null;
  const reasons = [
    { kind: 'format', verdict: 'likely', detail: 'The block is whole, and its bytes are random.' },
  ] as const;
  const judgement: Judgement = { verdict: 'likely', reasons, canonical: utf8Bytes(Buffer.from(bytes).toString('hex')) };
  return { start: block.start, end: block.end, secret: text.slice(block.start, block.end), judgement };
};

const hexBytes = (text: string): Uint8Array | null =>
  /^(?:[0-9a-fA-F]{2}){128,512}$/.test(text) ? Buffer.from(text, 'hex') : null;
