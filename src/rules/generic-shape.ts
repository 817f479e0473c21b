import { wordsOf } from './placeholder.ts';
import { entropyOf } from './randomness.ts';

/** What a value looks like, whatever its name: `none` is no credential at all. */
export type Shape = 'random' | 'mixed' | 'plain' | 'none';

/**
 * Judges a literal by its alphabet and length. The entropy floor is the first percentile of random strings of the same
 * alphabet and length: a fixed one would reject nearly every random string under 20 characters.
 */
export const shapeOf = (value: string): Shape => {
  if (isNoLiteral(value)) return 'none';
  if (isRandom(value)) return 'random';
  if (isPath(value) || /^(?:\$\w+){2,}$/.test(value)) return 'none';
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((pattern) => pattern.test(value)).length;
  return classes >= 3 || (classes === 2 && /[0-9]/.test(value) && value.length >= 8) ? 'mixed' : 'plain';
};

const isNoLiteral = (value: string): boolean =>
  unprintable.test(value) ||
  /^[^A-Za-z0-9\x80-\xff]+$/.test(value) ||
  code.test(value) ||
  /^[a-z][a-z0-9+.-]{1,20}:\/\//.test(value) ||
  file.test(value) ||
  isNumberLike(value);

const unprintable = /[\x00-\x08\x0a-\x1f\x7f]/;
/** Syntax of programs and markup: brackets at an end, a call, an arrow, a tag, an operator between blanks. */
const code =
  /^[([{<]|[([{]$|=>|->|::|&&|\|\||\)[{;]|<\/?[A-Za-z]|\w\(|\\[nrt]|^([#%@_*~!])\1.*\1$|\$[({]| [=+?:|&] |^&|;$/;
const file =
  /\.(?:jpe?g|png|svg|gif|txt|tmpl|ya?ml|json|xml|pem|crt|cer|key|p12|jks|conf|cfg|ini|[cm]?[jt]sx?|py|go|rb|php|java|html?|css|md|sh|com|org|net|io)$/i;

/** One in 64 base64 strings starts as a path does, so this is asked only of what is not random. */
const isPath = (value: string): boolean => /^(?:\.{0,2}|~|[A-Za-z]:)[/\\]{1,2}\w/.test(value);

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const isNumberLike = (value: string): boolean =>
  /^[+-]?(?:0x[0-9a-f]{1,16}u?l{0,2}|[0-9]{1,12}(?:[.,:/-][0-9]{1,12}){1,8}|[0-9.]+(?:px|em|ms|s|m|h|d|kb|mb|gb|%)?)$/i.test(
    value,
  ) ||
  /^[\^~<>=v]{1,2} ?[0-9]+(?:\.[0-9x*]+){1,3}$/.test(value) ||
  uuid.test(value) ||
  /^#[0-9a-f]{3,8}$/i.test(value) ||
  /^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(value);

const isRandom = (value: string): boolean => {
  if (/^(?:[0-9a-f]{20,}|[0-9A-F]{20,})$/.test(value) && /[0-9]/.test(value) && /[a-f]/i.test(value))
    return entropyOf(value) >= floor(value.length, 16);
  if (!/^[A-Za-z0-9+/_.=~:!@#$%^&*-]{16,}$/.test(value) || isWrappedText(value)) return false;
  const hasBothCases = /[a-z]/.test(value) && /[A-Z]/.test(value);
  const transitions = transitionShare(value);
  const pieces = wordsOf(value.slice(0, 80));
  const pieceLength = pieces.reduce((sum, piece) => sum + piece.length, 0) / Math.max(1, pieces.length);
  if (!/[0-9]/.test(value)) return value.length >= 24 && hasBothCases && transitions >= 0.35 && pieceLength < 3;
  if (hasBothCases) return transitions >= 0.3 && pieceLength < 3 && entropyOf(value) >= floor(value.length, 62);
  // One case: a path of words and numbers changes classes as often, but has slashes, which no such alphabet has.
  if (value.length < 20 || value.includes('/')) return false;
  return transitions >= 0.25 && pieceLength < 4 && entropyOf(value) >= floor(value.length, 36);
};

/** Base64 of text is as readable as the text; random bytes are text once in 100,000 times. */
const isWrappedText = (value: string): boolean =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(value) && /^[\x20-\x7e\r\n]+$/.test(Buffer.from(value, 'base64').toString('latin1'));

/** Share of places where the class of the character changes: 0.62 in random alphanumerics, little in words. */
const transitionShare = (value: string): number => {
  let changes = 0;
  for (let at = 1; at < value.length; at++) if (classOf(value, at) !== classOf(value, at - 1)) changes++;
  return changes / (value.length - 1);
};

const classOf = (value: string, at: number): number => {
  const code = value.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return 0;
  if (code >= 0x41 && code <= 0x5a) return 1;
  return code >= 0x61 && code <= 0x7a ? 2 : 3;
};

/** First percentile of the entropy of random strings, simulated; between the lengths the shorter one's holds. */
const floor = (length: number, alphabet: 16 | 36 | 62): number => {
  const row = floors.findLast(([least]) => length >= least) ?? floors[0];
  return row?.[alphabet === 16 ? 1 : alphabet === 36 ? 2 : 3] ?? 0;
};

const floors: readonly (readonly [length: number, hex: number, lowerAndDigits: number, mixed: number])[] = [
  [8, 1.81, 2.16, 2.41],
  [12, 2.42, 2.69, 2.92],
  [16, 2.68, 2.95, 3.28],
  [20, 2.87, 3.41, 3.65],
  [24, 3.02, 3.55, 3.83],
  [32, 3.27, 3.89, 4.2],
  [40, 3.41, 4.15, 4.45],
  [64, 3.63, 4.41, 4.9],
];
