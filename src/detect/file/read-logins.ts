import { endOfLine } from './lines.ts';
import { decodeBase64Text, maxPairs, type Pair, type Reader } from './pair.ts';
import { readJson } from './read-json.ts';
import { readLines } from './read-lines.ts';

/** `machine HOST login USER password PASS`, in any spacing. @see the manual of GNU inetutils, "The .netrc file" */
export const readNetrc: Reader = (text) => {
  const pairs: Pair[] = [];
  const word = /\S+/g;
  for (let match = word.exec(text); match !== null && pairs.length < maxPairs; match = word.exec(text)) {
    if (match[0].startsWith('#')) word.lastIndex = endOfLine(text, match.index);
    if (match[0] !== 'password' && match[0] !== 'account') continue;
    const value = word.exec(text);
    if (value === null) break;
    if (match[0] === 'password') pairs.push(passwordPair(value[0], value.index));
  }
  return pairs;
};

/** `host:port:database:user:password`; a colon or backslash inside is escaped. @see libpq, "The Password File" */
export const readPgpass: Reader = (text) => {
  const line = /^(?!#)(?:(?:\\.|[^:\\\n]){1,255}:){4}((?:\\.|[^:\\\r\n]){1,1000})\r?$/gm;
  return [...text.matchAll(line)].slice(0, maxPairs).map((match) => {
    const raw = match[1] ?? '';
    const start = match.index + match[0].replace(/\r$/, '').length - raw.length;
    const value = raw.replace(/\\(.)/g, '$1');
    return { name: 'password', value, span: { start, end: start + raw.length }, known: 'password' as const };
  });
};

/** One `user:hash` a line; also `shadow`, whose hash is followed by more fields, and htdigest. The hash is the value. */
export const readHtpasswd: Reader = (text) => {
  const line =
    /^([\w.@-]{1,100}):((?:[^:\n]{1,100}:)?)(\$[^:\r\n]{10,200}|\{[A-Z0-9]{2,10}\}[^:\r\n]{4,200}|[0-9a-f]{32}|[./0-9A-Za-z]{13})(?=:|\r?$)/gm;
  return [...text.matchAll(line)].slice(0, maxPairs).map((match) => {
    const value = match[3] ?? '';
    const start = match.index + match[0].length - value.length;
    return { name: 'password', value, span: { start, end: start + value.length }, known: 'password' as const };
  });
};

/** `//host/path/:_authToken=…`, `_password` and `_auth` in base64. @see npm, "npmrc" */
export const readNpmrc: Reader = (text, skim) =>
  readLines(text, skim).flatMap((pair): readonly Pair[] => {
    const key = /(?:^|:)(_authToken|_auth|_password|npmAuthToken|token|password)$/i.exec(pair.name)?.[1]?.toLowerCase();
    if (key === undefined) return [];
    const decoded = key === '_auth' || key === '_password' ? decodeBase64Text(pair.value) : null;
    if (decoded === null) return [{ ...pair, name: key, known: 'token' }];
    return [{ ...pair, name: 'password', value: afterColon(decoded), known: 'password', wrapping: 'base64' }];
  });

/** `auth` is base64 of `user:password`. @see Docker, "docker login" */
export const readDockerConfig: Reader = (text, skim) =>
  readJson(text, skim).flatMap((pair): readonly Pair[] => {
    if (/^(?:identitytoken|registrytoken|password)$/i.test(pair.name)) return [{ ...pair, known: 'token' }];
    if (pair.name !== 'auth') return [];
    const decoded = decodeBase64Text(pair.value);
    if (decoded === null || !decoded.includes(':')) return [];
    return [{ ...pair, name: 'password', value: afterColon(decoded), known: 'password', wrapping: 'base64' }];
  });

/** One `scheme://user:password@host` a line. @see git-credential-store(1) */
export const readUrls: Reader = (text) => {
  const url = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,200}:([^\s@/]{1,500})@[^\s/]/gi;
  return [...text.matchAll(url)].slice(0, maxPairs).map((match) => {
    const raw = match[1] ?? '';
    const end = match.index + match[0].length - 2;
    const span = { start: end - raw.length, end };
    return { name: 'password', value: percentDecoded(raw), span, known: 'password' as const };
  });
};

/** The one secret that is the whole file: a line without blanks, at most a few more of comment. */
export const readWhole = (text: string): readonly Pair[] => {
  const lines = text.split('\n', 10).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [line] = lines;
  if (line === undefined || lines.length > 1 || text.startsWith('#!')) return [];
  const value = line.replace(/^\xef\xbb\xbf/, '').trim();
  if (value === '' || value.length > 1000 || /\s/.test(value)) return [];
  const start = text.indexOf(value);
  const known = value.length > 80 ? 'secret' : 'password';
  return [{ name: 'secret', value, span: { start, end: start + value.length }, known }];
};

const passwordPair = (value: string, start: number): Pair => ({
  name: 'password',
  value,
  span: { start, end: start + value.length },
  known: 'password',
});

const afterColon = (text: string): string => text.slice(text.indexOf(':') + 1).trim();

const percentDecoded = (raw: string): string =>
  raw.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
