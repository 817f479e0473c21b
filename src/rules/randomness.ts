/** Shannon entropy in bits per character. */
export const entropyOf = (text: string): number => {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
};

/**
 * Whether the text is random enough for its length and its own alphabet. Random strings do not reach log2(alphabet) at
 * usual lengths; simulated, four fifths of what they could reach at most is passed by 99 of 100.
 */
export const looksRandom = (text: string): boolean => {
  if (text.length < 8) return false;
  const size = Math.min(text.length, alphabetSize(text));
  return entropyOf(text) >= 0.8 * Math.log2(size) && !isWordy(text);
};

/** Made by a machine rather than typed by a person: letters and digits mixed, long, and random enough. */
export const looksGenerated = (password: string): boolean =>
  password.length >= 12 && /[0-9]/.test(password) && /[A-Za-z]/.test(password) && looksRandom(password);

const alphabetSize = (text: string): number => {
  if (/^[0-9]+$/.test(text)) return 10;
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(text)) return 16;
  if (/^[a-z]+$|^[A-Z]+$/.test(text)) return 26;
  if (/^[a-z0-9]+$|^[A-Z0-9]+$/.test(text)) return 36;
  return 62;
};

/** Mixed-case letters whose class changes rarely: camelCase. Random ones change at every second character. */
const isWordy = (text: string): boolean => {
  if (text.length < 12 || !/^[A-Za-z_-]+$/.test(text) || !/[a-z]/.test(text)) return false;
  if (/^[a-z]+$/.test(text)) return vowelShare(text) > 0.3 && vowelShare(text) < 0.48 && !/[^aeiouy]{5}/.test(text);
  let changes = 0;
  for (let at = 1; at < text.length; at++) if (classOf(text[at]) !== classOf(text[at - 1])) changes++;
  return changes / (text.length - 1) < 0.3;
};

const vowelShare = (text: string): number => (text.match(/[aeiou]/g)?.length ?? 0) / text.length;

const classOf = (character: string | undefined): number => {
  if (character === undefined) return 0;
  return character >= 'a' && character <= 'z' ? 1 : character >= 'A' && character <= 'Z' ? 2 : 3;
};
