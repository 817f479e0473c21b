/**
 * What `JSON.stringify(value, null, indent)` gives, with two differences: lists of whole numbers stand on one line, since a
 * report has thousands of refs an exposure, and characters that a terminal or the log of a CI service acts upon are written
 * as escapes, so that the value stays the same. Written in one go: joining the lines of 2.6 million numbers afterwards, on
 * curl, took longer than everything else.
 * @param indent spaces a level; 0: everything on one line.
 */
export const jsonText = (value: unknown, indent = 0): string => jsonPieces(value, indent).join('');

/** The same in pieces of some 64 Ki characters: one name that is no Latin-1 makes a text that holds it twice as large. */
export const jsonPieces = (value: unknown, indent = 0): string[] => {
  const page = new Page(indent);
  write(asJson(value), '', page);
  return page.take();
};

class Page {
  /** What a level adds to the margin; empty: no line breaks. */
  readonly step: string;
  /** By length and ends: what many exposures have in common, such as their refs, is written once. */
  readonly lists = new Map<string, { readonly list: readonly unknown[]; readonly text: string }>();
  readonly #pieces: string[] = [];
  #open: string[] = [];
  #openLength = 0;

  constructor(indent: number) {
    this.step = ' '.repeat(indent);
  }

  put(text: string): void {
    this.#openLength += text.length;
    this.#open.push(text);
    if (this.#openLength >= pieceLength) this.#close();
  }

  take(): string[] {
    this.#close();
    return this.#pieces;
  }

  #close(): void {
    if (this.#open.length > 0) this.#pieces.push(this.#open.join(''));
    this.#open = [];
    this.#openLength = 0;
  }
}

const pieceLength = 1 << 16;

/** A secret says itself what may be shown of it. */
const asJson = (value: unknown): unknown => (hasOwnJson(value) ? value.toJSON() : value);

const hasOwnJson = (value: unknown): value is { readonly toJSON: () => unknown } =>
  typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function';

const write = (value: unknown, margin: string, page: Page): void => {
  if (typeof value === 'string') page.put(stringText(value));
  else if (Array.isArray(value)) writeList(value, margin, page);
  else if (typeof value === 'object' && value !== null) writeFields(Object.entries(value), margin, page);
  else page.put(JSON.stringify(value) ?? 'null');
};

const writeList = (list: readonly unknown[], margin: string, page: Page): void => {
  if (isWholeNumber(list[0]) && isWholeNumber(list.at(-1))) {
    const text = numbersText(list, page);
    if (text !== null) {
      page.put(text);
      return;
    }
  }
  const inner = margin + page.step;
  const lineBreak = page.step === '' ? '' : `\n${inner}`;
  let before = `[${lineBreak}`;
  for (const each of list) {
    page.put(before);
    write(asJson(each), inner, page);
    before = `,${lineBreak}`;
  }
  page.put(list.length === 0 ? '[]' : closing(']', margin, page));
};

/** @returns null where something in the list is no whole number. */
const numbersText = (list: readonly unknown[], { lists, step }: Page): string | null => {
  const key = `${list.length} ${list[0]} ${list.at(-1)}`;
  const known = lists.get(key);
  if (known !== undefined && isSame(known.list, list)) return known.text;
  if (!list.every(isWholeNumber)) return null;
  const text = `[${list.join(step === '' ? ',' : ', ')}]`;
  lists.set(key, { list, text });
  return text;
};

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => {
  if (a === b) return true;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
};

/** Such that JSON writes it in digits alone. */
const isWholeNumber = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < 1e21;

const writeFields = (entries: readonly (readonly [string, unknown])[], margin: string, page: Page): void => {
  const fields = entries.map(([key, value]) => [key, asJson(value)] as const).filter(([, value]) => isJson(value));
  const inner = margin + page.step;
  const lineBreak = page.step === '' ? '' : `\n${inner}`;
  const colon = page.step === '' ? ':' : ': ';
  let before = `{${lineBreak}`;
  for (const [key, value] of fields) {
    page.put(before);
    page.put(stringText(key));
    page.put(colon);
    write(value, inner, page);
    before = `,${lineBreak}`;
  }
  page.put(fields.length === 0 ? '{}' : closing('}', margin, page));
};

/** JSON leaves out fields that are nothing it knows. */
const isJson = (value: unknown): boolean => !['undefined', 'function', 'symbol'].includes(typeof value);

const closing = (bracket: string, margin: string, { step }: Page): string =>
  step === '' ? bracket : `\n${margin}${bracket}`;

const stringText = (text: string): string => (isPlain.test(text) ? `"${text}"` : escaped(text));

/** Printable ASCII that means itself; "#" may begin a command. */
const isPlain = /^[ !$-[\]-~]*$/;

const escaped = (text: string): string =>
  JSON.stringify(text)
    .replace(/[\x7f-\x9f\u2028\u2029\p{Cf}]/gu, asEscapes)
    // "##[" and "##vso[" are commands anywhere in a line.
    .replaceAll('##', '#\\u0023');

const asEscapes = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
