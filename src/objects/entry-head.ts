/** Git's numbers for entries that are deltas; all others are objects, by their `typeCodes`. */
export const deltaKinds = { ofs: 6, ref: 7 } as const;

/**
 * What stands before the compressed bytes of a pack's entry, read into one object again and again: a history has a million of
 * them. Says what `parseEntryHeader` and `parseBaseDistance` say, which are the readable ones.
 * @see gitformat-pack(5)
 */
export class EntryHead {
  /** One of `typeCodes` or `deltaKinds`. */
  kind = 0;
  /** What the entry claims to inflate to: a claim, never a reason to allocate. */
  sizeBytes = 0;
  /** Of an ofs-delta: how far back its base starts, at least 1. */
  distance = 0;
  /** Of a ref-delta: index of its base's raw oid. */
  baseAt = 0;
  /** Index of the first compressed byte. */
  next = 0;

  /**
   * Parses the head that starts at `at` and ends before `end`.
   * @param end at most `bytes.length`.
   * @returns null, or why it is no head; the fields then mean nothing.
   */
  parse(bytes: Uint8Array, at: number, end: number, oidLength: number): string | null {
    if (at >= end) return runsOut;
    let byte = bytes[at++] ?? 0;
    const kind = (byte >> 4) & 7;
    if (kind === 0 || kind === 5) return 'its entry is of no known type';
    let sizeBytes = byte & 15;
    // Multiplied, not shifted: shifts wrap at 2 GiB.
    for (let factor = 16; byte & 0x80; factor *= 128) {
      if (at >= end) return runsOut;
      byte = bytes[at++] ?? 0;
      sizeBytes += (byte & 0x7f) * factor;
      if (factor > largestFactor || sizeBytes > Number.MAX_SAFE_INTEGER) return 'its entry claims 2^53 bytes or more';
    }
    this.kind = kind;
    this.sizeBytes = sizeBytes;
    if (kind === deltaKinds.ofs) return this.#parseDistance(bytes, at, end);
    this.baseAt = at;
    this.next = kind === deltaKinds.ref ? at + oidLength : at;
    return this.next > end ? runsOut : null;
  }

  #parseDistance(bytes: Uint8Array, at: number, end: number): string | null {
    if (at >= end) return runsOut;
    let byte = bytes[at++] ?? 0;
    let distance = byte & 0x7f;
    while (byte & 0x80) {
      if (at >= end) return runsOut;
      byte = bytes[at++] ?? 0;
      distance = (distance + 1) * 128 + (byte & 0x7f);
      if (distance > Number.MAX_SAFE_INTEGER) return 'its base is 2^53 bytes away or more';
    }
    if (distance === 0) return 'it is a delta of itself';
    this.distance = distance;
    this.next = at;
    return null;
  }
}

/** No head of an entry is longer: ten bytes of type and size, and an oid or a distance. */
export const longestHeadBytes = 48;

const runsOut = 'the head of its entry is cut short';
/** As in `parseEntryHeader`. */
const largestFactor = 2 ** 53;
