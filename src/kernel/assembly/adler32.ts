/**
 * The Adler-32 checksum (RFC 1950) of [at, end).
 *
 * `low` is the sum of all bytes, `high` the sum of all values that `low` takes: a byte counts in it as often as bytes follow, itself
 * included. So of each chunk the bytes of each of 32 columns are summed, and only the sums are multiplied.
 */
export function adler32(at: usize, end: usize): u32 {
  const zero = i32x4.splat(0);
  const ones = i16x8.splat(1);
  let low: u32 = 1;
  let high: u32 = 0;
  while (end - at >= 32) {
    // As many rows as 16 bits of a column bear, read as signed: 128 x 255; 32 bits bear more.
    const rows = min<usize>((end - at) >>> 5, 128);
    high += low * <u32>(rows << 5);
    let columns0 = zero;
    let columns1 = zero;
    let columns2 = zero;
    let columns3 = zero;
    let sums = zero;
    let earlier = zero;
    for (const chunkEnd = at + (rows << 5); at < chunkEnd; at += 32) {
      const left = v128.load(at);
      const right = v128.load(at, 16);
      earlier = i32x4.add(earlier, sums);
      const pairs = i16x8.add(i16x8.extadd_pairwise_i8x16_u(left), i16x8.extadd_pairwise_i8x16_u(right));
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(pairs, ones));
      columns0 = i16x8.add(columns0, i16x8.extend_low_i8x16_u(left));
      columns1 = i16x8.add(columns1, i16x8.extend_high_i8x16_u(left));
      columns2 = i16x8.add(columns2, i16x8.extend_low_i8x16_u(right));
      columns3 = i16x8.add(columns3, i16x8.extend_high_i8x16_u(right));
    }
    const weighed = i32x4.add(
      i32x4.add(
        i32x4.dot_i16x8_s(columns0, i16x8(32, 31, 30, 29, 28, 27, 26, 25)),
        i32x4.dot_i16x8_s(columns1, i16x8(24, 23, 22, 21, 20, 19, 18, 17)),
      ),
      i32x4.add(
        i32x4.dot_i16x8_s(columns2, i16x8(16, 15, 14, 13, 12, 11, 10, 9)),
        i32x4.dot_i16x8_s(columns3, i16x8(8, 7, 6, 5, 4, 3, 2, 1)),
      ),
    );
    high = (high + sumOf(i32x4.add(i32x4.shl(earlier, 5), weighed))) % 65521;
    low = (low + sumOf(sums)) % 65521;
  }
  for (; at < end; at++) {
    low += <u32>load<u8>(at);
    high += low;
  }
  return ((high % 65521) << 16) | (low % 65521);
}

// @ts-ignore: decorator
@inline
function sumOf(lanes: v128): u32 {
  const halves = i32x4.add(lanes, i8x16.shuffle(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  return i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
}
