/** A half-open range of bytes inside one source: `start` is in it, `end` is not. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

export const overlaps = (a: ByteSpan, b: ByteSpan): boolean => a.start < b.end && b.start < a.end;

export const contains = (outer: ByteSpan, inner: ByteSpan): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;
