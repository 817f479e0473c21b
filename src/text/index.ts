/**
 * What holds or shows dangerous text: the secret that cannot print itself, hostile text made safe to show, byte spans; and
 * what people type: a word with a typo, a size. And what bytes that are not what they claim are answered with: a failure, as a value.
 * Knows neither Git nor rules; reads nothing and writes nothing.
 */

export { type ByteSpan, contains, overlaps } from './byte-span.ts';
export { compareBytes, grown, latin1, latin1Bytes, utf8Bytes } from './bytes.ts';
export { decodeVisibly, display } from './display.ts';
export { nearestWord } from './nearest-word.ts';
export { isFailure, type ParseFailure } from './parse-failure.ts';
export { parseSize } from './parse-size.ts';
export { SecretBytes } from './secret-bytes.ts';
