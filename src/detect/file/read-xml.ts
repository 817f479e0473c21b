import { maxPairs, type Pair, type Reader } from './pair.ts';

/**
 * Reads XML and plists without a parser that could be led astray by entities: elements with text, attributes, and names beside values
 * (`<add key="K" value="V"/>`, `<entry key="K">V</entry>`, `<key>K</key><string>V</string>`).
 */
export const readXml: Reader = (text) => {
  const pairs: Pair[] = [];
  let named: string | null = null;
  let strays = 0;
  let at = text.indexOf('<');
  while (at >= 0 && pairs.length < maxPairs) {
    const end = endOfTag(text, at);
    if (end < 0) {
      // No tag: text that has a `<`. A file of nothing else is no XML, and looking for an end each time would take forever.
      if (++strays > 100) break;
      at = text.indexOf('<', at + 1);
      continue;
    }
    const tag = text.slice(at + 1, Math.min(end, at + 4096));
    const name = /^[A-Za-z_][\w.:-]{0,120}/.exec(tag)?.[0];
    if (name !== undefined) {
      const attributes = readAttributes(tag.slice(name.length), at + 1 + name.length);
      const own = attributes.find((one) => /^(?:key|name|option)$/i.test(one.name))?.value ?? null;
      pairs.push(...attributes.map((one) => (/^value$/i.test(one.name) ? { ...one, name: own ?? name } : one)));
      const content = tag.endsWith('/') ? null : readText(text, end + 1);
      if (content !== null) {
        const isName = /^(?:key|name|param-name)$/i.test(name);
        const isValue = /^(?:value|string|param-value)$/i.test(name);
        pairs.push({ ...content, name: own ?? (isValue ? (named ?? name) : name) });
        if (isName) named = content.value;
        else if (isValue) named = null;
      } else if (own !== null) named = own;
    }
    at = text.indexOf('<', end);
  }
  return pairs;
};

/** @returns where the tag's `>` stands, quotes respected, or -1; a comment ends at its own mark, but is read: it is as leaked. */
const endOfTag = (text: string, at: number): number => {
  if (text.startsWith('<!--', at)) return at + 3;
  let quote = '';
  const limit = Math.min(text.length, at + 16 * 1024);
  for (let next = at + 1; next < limit; next++) {
    const character = text[next] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return next;
  }
  return -1;
};

const attribute = /[\s]([A-Za-z_][\w.:-]{0,80})\s{0,8}=\s{0,8}(?:"([^"<]{0,2000})"|'([^'<]{0,2000})')/g;

const readAttributes = (tag: string, offset: number): readonly Pair[] =>
  [...tag.matchAll(attribute)].flatMap((match) => {
    const raw = match[2] ?? match[3] ?? '';
    const end = offset + match.index + match[0].length - 1;
    return raw === '' ? [] : [{ name: match[1] ?? '', value: decode(raw), span: { start: end - raw.length, end } }];
  });

const readText = (text: string, at: number): Pick<Pair, 'value' | 'span'> | null => {
  const end = text.indexOf('<', at);
  if (end < 0 || end - at > 8192 || !text.startsWith('</', end)) return null;
  const raw = text.slice(at, end);
  const value = raw.trim();
  if (value === '') return null;
  const start = at + raw.indexOf(value);
  return { value: decode(value), span: { start, end: start + value.length } };
};

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#34': '"',
};

const decode = (raw: string): string =>
  raw.includes('&') ? raw.replace(/&([a-z]{2,4}|#[0-9]{2});/g, (whole, name: string) => entities[name] ?? whole) : raw;
