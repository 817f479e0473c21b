/**
 * What holds or shows dangerous text: the secret that cannot print itself, hostile text made safe to show, byte spans.
 * Knows neither Git nor rules; reads nothing and writes nothing.
 */

export { type ByteSpan, contains, overlaps } from './byte-span.ts';
export { compareBytes, latin1, latin1Bytes, utf8Bytes } from './bytes.ts';
export { decodeVisibly, display } from './display.ts';
export { SecretBytes } from './secret-bytes.ts';
