export const encodings = [
  'utf-8',
  'utf-8-bom',
  'utf-16le',
  'utf-16le-bom',
  'utf-16be',
  'utf-16be-bom',
  'utf-32le-bom',
  'latin-1',
  'crlf',
  'nul',
] as const;
export type Encoding = (typeof encodings)[number];

/**
 * A file as an editor or a program would leave it: a comment line that shows the encoding, then the text (ASCII).
 * `nul`: between records of a binary format.
 */
export const encode = (text: string, encoding: Encoding): Buffer => {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(comment + text);
    case 'utf-8-bom':
      return Buffer.from(bom + comment + text);
    case 'utf-16le':
      return Buffer.from(comment + text, 'utf16le');
    case 'utf-16le-bom':
      return Buffer.from(bom + comment + text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(comment + text, 'utf16le').swap16();
    case 'utf-16be-bom':
      return Buffer.from(bom + comment + text, 'utf16le').swap16();
    case 'utf-32le-bom':
      return utf32(bom + comment + text);
    case 'latin-1':
      return Buffer.from(comment + text, 'latin1');
    case 'crlf':
      return Buffer.from((comment + text).replaceAll('\n', '\r\n'));
    case 'nul':
      return Buffer.concat([Buffer.of(0, 0, 1, 0xfe), Buffer.from(text), Buffer.of(0, 2, 0x80), Buffer.alloc(40)]);
  }
};

const bom = '\ufeff';
const comment = '# Réglages généraux\n';

/** All of it stands in the basic plane: one UTF-16 unit is one character. */
const utf32 = (text: string): Buffer =>
  Buffer.concat(Array.from(text, (character) => Buffer.from(`${character}\0`, 'utf16le')));
