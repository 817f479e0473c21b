/** The Adler-32 checksum (RFC 1950) of [at, end). Up to 15 bytes behind `end` are read, and mean nothing. */
export function adler32(at: usize, end: usize): u32 {
  const falling0 = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const falling1 = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  const ones = i16x8.splat(1);
  let low: u32 = 1;
  let high: u32 = 0;
  while (at + 16 <= end) {
    // 5,552 bytes are the most that 32 bits bear before they are reduced (as zlib has it).
    const count = min<usize>((end - at) >>> 4, 5552 >>> 4);
    high += low * <u32>(count << 4);
    let sums = i32x4.splat(0);
    let earlier = i32x4.splat(0);
    let weighed = i32x4.splat(0);
    for (const chunkEnd = at + (count << 4); at < chunkEnd; at += 16) {
      const bytes = v128.load(at);
      const first = i16x8.extend_low_i8x16_u(bytes);
      const second = i16x8.extend_high_i8x16_u(bytes);
      earlier = i32x4.add(earlier, sums);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.add(first, second), ones));
      weighed = i32x4.add(weighed, i32x4.add(i32x4.dot_i16x8_s(first, falling0), i32x4.dot_i16x8_s(second, falling1)));
    }
    high = (high + (sumOf(earlier) << 4) + sumOf(weighed)) % 65521;
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
  return (
    i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1) + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3)
  );
}
