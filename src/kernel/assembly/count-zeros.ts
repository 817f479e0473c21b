/** How many of the `length` bytes at `at` are zero. */
export function countZeros(at: usize, length: usize): u32 {
  const end = at + length;
  const vectorEnd = at + (length & ~15);
  const zero = i8x16.splat(0);
  let count: u32 = 0;
  while (at < vectorEnd) {
    count += popcnt<u32>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), zero)));
    at += 16;
  }
  while (at < end) {
    count += <u32>(load<u8>(at) == 0);
    at++;
  }
  return count;
}
