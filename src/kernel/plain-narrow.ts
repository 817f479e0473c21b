/** Where the characters of wide text stand. */
export interface Units {
  /** Offset of the first unit. */
  readonly start: number;
  readonly unitBytes: 2 | 4;
  /** Which byte of a unit holds ASCII. */
  readonly lowByte: number;
}

/** The specification of the kernel's `narrow`: a byte a unit, 0xff for every character that is not ASCII-like. */
export const plainNarrow = (text: Uint8Array, { start, unitBytes, lowByte }: Units): Uint8Array =>
  Uint8Array.from({ length: Math.max(0, Math.floor((text.length - start) / unitBytes)) }, (_, index) => {
    const unit = text.subarray(start + index * unitBytes, start + (index + 1) * unitBytes);
    return unit.every((byte, offset) => offset === lowByte || byte === 0) ? (unit[lowByte] ?? 0) : 0xff;
  });
