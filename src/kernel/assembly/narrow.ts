/**
 * Narrows text of `unit` bytes a character, in place: the byte at `low` of each unit where all its others are zero, else 0xff.
 * @param at where the first unit stands; the narrowed text goes to `to`, which is not behind it.
 */
export function narrow(at: usize, count: usize, unit: usize, low: usize, to: usize): void {
  for (let index: usize = 0; index < count; index++, at += unit) {
    let others: u32 = 0;
    for (let offset: usize = 0; offset < unit; offset++) {
      if (offset != low) others |= load<u8>(at + offset);
    }
    store<u8>(to + index, others == 0 ? load<u8>(at + low) : 0xff);
  }
}
