import type { Units } from '../kernel/index.ts';

/**
 * Text whose characters are wider than a byte, narrowed to a byte a character, so that every rule reads it. A character outside
 * ASCII becomes 0xff: no anchor and no alphabet of a token has it. Offsets map back by a multiplication.
 */
export interface Narrowing extends Units {
  readonly wrapping: 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';
}

/**
 * Which narrowings a text with `zeros` zero bytes deserves: by its byte order mark, else by the density of zeros: text may lie at any
 * offset inside a binary. The same place may come out twice, once in each order; the first one counts.
 */
export const narrowingsOf = (text: Uint8Array, zeros: number): readonly Narrowing[] => {
  if (zeros === 0) return [];
  const [a, b, c, d] = text;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return [unit('utf-32le', 4, 4, 0)];
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return [unit('utf-32be', 4, 4, 3)];
  if (a === 0xff && b === 0xfe) return [unit('utf-16le', 2, 2, 0)];
  if (a === 0xfe && b === 0xff) return [unit('utf-16be', 2, 2, 1)];
  if (zeros * 16 < text.length) return [];
  // No mark: the text may start anywhere, so both orders at both phases; four of each where there are zeros enough.
  const sixteen = [0, 1].flatMap((start) => [unit('utf-16le', 2, start, 0), unit('utf-16be', 2, start, 1)]);
  if (zeros * 2 < text.length) return sixteen;
  return [
    ...sixteen,
    ...[0, 1, 2, 3].flatMap((start) => [unit('utf-32le', 4, start, 0), unit('utf-32be', 4, start, 3)]),
  ];
};

const unit = (wrapping: Narrowing['wrapping'], unitBytes: 2 | 4, start: number, lowByte: number): Narrowing => ({
  wrapping,
  unitBytes,
  start,
  lowByte,
});
