/** Which names may matter to a reader. */
export interface NameWords {
  /** Lower-case letters, two or more: a name with one of them in it, in whatever case. */
  readonly inside: readonly string[];
  /** A name that is one of them, to the letter. */
  readonly whole?: readonly string[];
}

/**
 * Tells of a name whether one of some words is in it, byte for byte and without making a string of it: only where three letters of a
 * word stand in the name, it is looked at once more.
 */
export class NameMarks {
  readonly #nameBytes: Uint8Array;
  readonly #marked = new Uint8Array(1 << 15);
  readonly #inside: RegExp;
  readonly #whole: ReadonlySet<string>;

  /** @param nameBytes what a name is made of, as `bytesOf` gives it. */
  constructor(nameBytes: Uint8Array, { inside, whole = [] }: NameWords) {
    this.#nameBytes = nameBytes;
    this.#inside = new RegExp(inside.join('|'), 'i');
    this.#whole = new Set(whole);
    for (const word of [...inside, ...whole]) this.#mark(rarest(word.toLowerCase()));
  }

  /** @returns where the name that begins at `at` ends (there, if none does); -1 where a word is in it. */
  endOfPlainName(text: string, at: number, lineEnd: number): number {
    const nameBytes = this.#nameBytes;
    const marked = this.#marked;
    let marks = 0;
    let end = at;
    for (let three = 0; end < lineEnd; end++) {
      const code = text.charCodeAt(end);
      if (nameBytes[code] !== 1) break;
      three = follow(three, code);
      marks |= marked[three] ?? 0;
    }
    return marks !== 0 && this.#hasWord(text.slice(at, end)) ? -1 : end;
  }

  #hasWord(name: string): boolean {
    return this.#whole.has(name) || this.#inside.test(name);
  }

  #mark(letters: string): void {
    const codes = [...letters].map((letter) => letter.charCodeAt(0));
    // Of two letters: whatever stands before them.
    const starts = codes.length > 2 ? [0] : Array.from({ length: 32 }, (_, before) => before);
    for (const start of starts) this.#marked[codes.reduce(follow, start)] = 1;
  }
}

/** The last three bytes, five bits each: both cases of a letter are one, and what is no letter looks like one. */
const follow = (three: number, code: number): number => ((three << 5) | (code & 31)) & 0x7fff;

/** Three letters of the word that few other words have. Many words begin alike (`con…`): the first letter is a poor one. */
const rarest = (word: string): string => {
  const first = word.length > 4 ? 1 : 0;
  const threes = Array.from({ length: Math.max(1, word.length - 2 - first) }, (_, at) =>
    word.slice(first + at, first + at + 3),
  );
  return threes.reduce((best, three) => (rarity(three) > rarity(best) ? three : best));
};

const rarity = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum + 'etaoinshrdlucmfwypvbgkjqxz'.indexOf(letter), 0);
