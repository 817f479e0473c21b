/** Where a byte stands for a reader: lines and columns count from 1, columns in UTF-16 code units, as SARIF has them. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const newline = 0x0a;

/** Counts lines over the parts of one text, in order; `unitBytes` is 1, or the width of a wide encoding. */
export class LineCounter {
  /** In the parts before. */
  #lines = 0;
  /** Where the last search in this part ended: findings come by place, and mostly a line further. */
  #last: Mark = start;

  /** @param bytes the part; @param at offset in it. */
  placeOf(bytes: Uint8Array, at: number, unitBytes: number): TextPlace {
    const from =
      this.#last.unitBytes === unitBytes && this.#last.lineStart <= at ? this.#last : { ...start, unitBytes };
    let { line, lineStart } = from;
    for (
      let next = bytes.indexOf(newline, lineStart);
      next >= 0 && next < at;
      next = bytes.indexOf(newline, next + 1)
    ) {
      if (!isNewline(bytes, next, unitBytes)) continue;
      line++;
      lineStart = next + 1;
    }
    this.#last = { line, lineStart, unitBytes };
    const length = Math.max(0, at - lineStart);
    const before = this.#lines + line + 1;
    if (unitBytes > 1) return { line: before, column: Math.floor(length / unitBytes) + 1 };
    return { line: before, column: utf8.decode(bytes.subarray(lineStart, at)).length + 1 };
  }

  /** The part's first `length` bytes are behind us. */
  pass(bytes: Uint8Array, length: number): void {
    for (let next = bytes.indexOf(newline); next >= 0 && next < length; next = bytes.indexOf(newline, next + 1))
      this.#lines++;
    this.#last = start;
  }
}

interface Mark {
  readonly line: number;
  readonly lineStart: number;
  readonly unitBytes: number;
}
const start: Mark = { line: 0, lineStart: 0, unitBytes: 1 };

const utf8 = new TextDecoder('utf-8');

/** In a wide encoding 0x0a is a newline only beside zeros: U+0A0A and U+010A are none. */
const isNewline = (bytes: Uint8Array, at: number, unitBytes: number): boolean =>
  unitBytes === 1 || bytes[at + 1] === 0 || bytes[at - 1] === 0;
