/** Where a byte stands for a reader: lines and columns count from 1, columns in UTF-16 code units, as SARIF has them. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const newline = 0x0a;

/** Counts lines over the parts of one text, in order; `unitBytes` is 1, or the width of a wide encoding. */
export class LineCounter {
  #lines = 0;

  /** @param bytes the part; @param at offset in it. */
  placeOf(bytes: Uint8Array, at: number, unitBytes: number): TextPlace {
    let line = this.#lines + 1;
    let lineStart = 0;
    for (let next = bytes.indexOf(newline); next >= 0 && next < at; next = bytes.indexOf(newline, next + 1)) {
      if (!isNewline(bytes, next, unitBytes)) continue;
      line++;
      lineStart = next + 1;
    }
    const length = Math.max(0, at - lineStart);
    if (unitBytes > 1) return { line, column: Math.floor(length / unitBytes) + 1 };
    return { line, column: new TextDecoder('utf-8').decode(bytes.subarray(lineStart, at)).length + 1 };
  }

  /** The part's first `length` bytes are behind us. */
  pass(bytes: Uint8Array, length: number): void {
    for (let next = bytes.indexOf(newline); next >= 0 && next < length; next = bytes.indexOf(newline, next + 1))
      this.#lines++;
  }
}

/** In a wide encoding 0x0a is a newline only beside zeros: U+0A0A and U+010A are none. */
const isNewline = (bytes: Uint8Array, at: number, unitBytes: number): boolean =>
  unitBytes === 1 || bytes[at + 1] === 0 || bytes[at - 1] === 0;
