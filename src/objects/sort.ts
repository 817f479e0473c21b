/**
 * A stable sort of 0 … `keys.length - 1` by their unsigned 32-bit keys: three passes of 11 bits, so its cost does not depend on the
 * keys, which a hostile index chooses.
 */
export const sortedByUint32 = (keys: Uint32Array): Uint32Array => resortedByUint32(identity(keys.length), keys);

/** The same for positions that stand in some order already; equal keys keep it. */
export const resortedByUint32 = (positions: Uint32Array, keys: Uint32Array): Uint32Array =>
  pass(pass(pass(positions, keys, 0), keys, 11), keys, 22);

/** 0 … `count - 1`. A loop: `from(keys())` costs a hundred times as much. */
export const identity = (count: number): Uint32Array => {
  const numbers = new Uint32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
};

const digits = 2048;

const pass = (positions: Uint32Array, keys: Uint32Array, shift: 0 | 11 | 22): Uint32Array => {
  const count = positions.length;
  const starts = new Uint32Array(digits + 1);
  for (let i = 0; i < count; i++) {
    const after = (((keys[i] ?? 0) >>> shift) & (digits - 1)) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const sorted = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const position = positions[i] ?? 0;
    const key = ((keys[position] ?? 0) >>> shift) & (digits - 1);
    const at = starts[key] ?? 0;
    sorted[at] = position;
    starts[key] = at + 1;
  }
  return sorted;
};
