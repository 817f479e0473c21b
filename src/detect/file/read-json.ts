import { maxPairs, type Pair, type Reader } from './pair.ts';

interface Frame {
  /** The key under which the object or list stands. */
  readonly key: string;
  /** The key that was read last, until its value comes. */
  pending: string | null;
  /** Of `{"name": "PASSWORD", "value": "…"}`: the two halves, in whatever order. */
  named: string | null;
  value: Omit<Pair, 'name'> | null;
}

/** Deeper nesting is no configuration; it is still scanned, but keys below are read as if they stood here. */
const maxDepth = 200;

/**
 * Reads the string members of JSON, JSON5 and JSON with comments, also where it is cut off or broken. Elements of a list take the
 * list's key; `{"name": K, "value": V}` and `{"key": K, "value": V}` are read as K and V.
 */
export const readJson: Reader = (text) => {
  const pairs: Pair[] = [];
  const stack: Frame[] = [];
  let frame = newFrame('');
  for (let at = 0; at < text.length && pairs.length < maxPairs; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      const end = endOfString(text, at, character);
      takeString(text, at + 1, end, frame, pairs);
      at = end;
    } else if (character === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if ((character === '{' || character === '[') && stack.length < maxDepth) {
      stack.push(frame);
      frame = newFrame(frame.pending ?? frame.key);
      if (character === '[') frame.pending = frame.key;
    } else if (character === '}' || character === ']') {
      flush(frame, pairs);
      frame = stack.pop() ?? newFrame('');
    } else if (character === ',' && text[at - 1] !== ':') {
      frame.pending = frame.pending === frame.key ? frame.key : null;
    }
  }
  return pairs;
};

const newFrame = (key: string): Frame => ({ key, pending: null, named: null, value: null });

/** @returns where the closing quote stands; the end of the line where there is none. */
const endOfString = (text: string, at: number, quote: string): number => {
  let end = at + 1;
  while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  return Math.min(end, text.length);
};

const takeString = (text: string, start: number, end: number, frame: Frame, pairs: Pair[]): void => {
  const raw = text.slice(start, end);
  if (isKey(text, end + 1)) {
    frame.pending = raw;
    return;
  }
  const key = frame.pending;
  if (key === null || raw === '') return;
  const value = { value: decodeEscapes(raw), span: { start, end } };
  if (/^(?:name|key|variable)$/i.test(key)) frame.named = value.value;
  if (!/^(?:value|default|content|defaultvalue)$/i.test(key)) pairs.push({ name: key, ...value });
  else frame.value = value;
};

const isKey = (text: string, at: number): boolean => {
  let next = at;
  while (next - at < 8 && /\s/.test(text[next] ?? 'x')) next++;
  return text[next] === ':';
};

const flush = (frame: Frame, pairs: Pair[]): void => {
  if (frame.value !== null) pairs.push({ name: frame.named ?? frame.key, ...frame.value });
};

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const decodeEscapes = (raw: string): string => {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, character: string | undefined) =>
    hex === undefined
      ? (escapes[character ?? ''] ?? character ?? '')
      : Buffer.from(String.fromCharCode(Number.parseInt(hex, 16)), 'utf8').toString('latin1'),
  );
};
