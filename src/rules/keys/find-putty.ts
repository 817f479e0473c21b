import { latin1 } from '../../text/index.ts';
import type { LongMatch } from '../rule.ts';
import { judgeKey } from './judge-key.ts';
import { readPuttyKey } from './putty-key.ts';
import { unwrap } from './wrapping.ts';

export const puttyBytes = 16 * 1024;

/** From `PuTTY-User-Key-File-` to the end of the MAC, in lines, escaped or in literals. */
export const findPuttyKey = (text: Uint8Array, anchorAt: number): LongMatch | null => {
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength).subarray(0, anchorAt + puttyBytes);
  const next = bytes.indexOf('PuTTY-User-Key-File-', anchorAt + 1, 'latin1');
  const zone = latin1(bytes, anchorAt, next < 0 ? bytes.length : next);
  const raw = /^PuTTY-User-Key-File-[\s\S]{60,16000}?Private-(?:MAC|Hash): {1,2}[0-9a-fA-F]{40,64}/.exec(zone)?.[0];
  if (raw === undefined) return null;
  const before = latin1(text, Math.max(0, anchorAt - 200), anchorAt);
  const reading = readPuttyKey(unwrap(raw, before).replace(/\n{2,}/g, '\n'));
  if (reading === null) return null;
  const end = anchorAt + raw.length;
  const secret = text.slice(anchorAt, end);
  return { start: anchorAt, end, secret, judgement: judgeKey(reading, secret) };
};
