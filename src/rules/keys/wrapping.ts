/**
 * Undoes what source code, configuration and markup do to a block of lines: escapes (`\n`, `\\n`, `\u002b`, `%2B`, `&#10;`), one
 * string literal a line with its glue, comment leaders, indentation, the marks of a diff.
 * @param raw the block as it is stored, Latin-1.
 * @param before what stands before the block, as far as the caller looked; its end says how the block is wrapped.
 * @returns the lines, with `\n` between them. Only base64 and headers survive for sure: blanks and quotes may be lost.
 */
export const unwrap = (raw: string, before: string): string => {
  const text = unescapeText(raw);
  const lead = unescapeText(before);
  const quote = /["'`]$/.exec(lead)?.[0];
  if (quote !== undefined && text.includes(quote)) return inLiterals(text, quote);
  return withoutLeaders(text, lead.slice(lead.lastIndexOf('\n') + 1));
};

/** Every kind only where its sign occurs; base64 holds none of the three. */
export const unescapeText = (text: string): string => {
  let plain = text;
  if (plain.includes('&'))
    plain = plain.replace(/&(?:#(\d{1,3})|#[xX]([0-9a-fA-F]{1,2})|(quot|apos|amp));/g, fromEntity);
  if (plain.includes('%')) plain = plain.replace(/%([0-7][0-9a-fA-F])/g, (_, hex: string) => fromHex(hex));
  if (!plain.includes('\\')) return plain;
  return plain
    .replace(/\\{1,8}(?:u00|x)([0-7][0-9a-fA-F])/g, (_, hex: string) => fromHex(hex))
    .replace(/\\{1,8}[nr]/g, '\n')
    .replace(/\\{1,8}([/"'`])/g, '$1')
    .replace(/\\{1,8}/g, ' ');
};

const fromHex = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

const fromEntity = (_: string, decimal?: string, hex?: string, name?: string): string => {
  if (decimal !== undefined) return String.fromCharCode(Number(decimal) & 0xff);
  if (hex !== undefined) return fromHex(hex);
  return name === 'quot' ? '"' : name === 'apos' ? "'" : '&';
};

/** The block began inside a literal: what stands between literals (`+`, `.`, `,`, calls) is glue. */
const inLiterals = (text: string, quote: string): string =>
  text
    .split(quote)
    .filter((_, index) => index % 2 === 0)
    .join('\n');

/** What leads the first line (`# `, ` * `, `+`) leads the others; a leader that a blank follows is one anywhere. */
const withoutLeaders = (text: string, lead: string): string => {
  const mark = /[A-Za-z0-9]/.test(lead) ? '' : lead.trim();
  return text
    .split(/\r\n|\n|\r|<br ?\/?>/)
    .map((line) => {
      const trimmed = line.trim();
      const rest = mark !== '' && trimmed.startsWith(mark) ? trimmed.slice(mark.length) : trimmed;
      return rest.replace(/^(?:[#*;|>%!]{1,4}|\/{2,4}|--)(?=\s|$)/, '').trim();
    })
    .join('\n');
};
