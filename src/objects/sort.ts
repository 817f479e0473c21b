/**
 * A stable sort of positions by an unsigned 32-bit key: two passes of 16 bits, so its cost does not depend on the keys, which
 * a hostile index chooses.
 * @param positions each below `keys.length`; not changed.
 */
export const sortedByUint32 = (positions: Uint32Array, keys: Uint32Array): Uint32Array =>
  pass(pass(positions, keys, 0), keys, 16);

const pass = (positions: Uint32Array, keys: Uint32Array, shift: 0 | 16): Uint32Array => {
  const starts = new Uint32Array(0x1_0001);
  for (const position of positions) {
    const after = digit(keys, position, shift) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const sorted = new Uint32Array(positions.length);
  for (const position of positions) {
    const key = digit(keys, position, shift);
    const at = starts[key] ?? 0;
    sorted[at] = position;
    starts[key] = at + 1;
  }
  return sorted;
};

const digit = (keys: Uint32Array, position: number, shift: 0 | 16): number =>
  ((keys[position] ?? 0) >>> shift) & 0xffff;
