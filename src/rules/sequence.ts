/**
 * Whether somebody typed the value to fill a place: runs of one character, ascending or descending runs, a short unit
 * repeated, very few distinct characters. The limits grow with the length and shrink with the alphabet, so that fewer
 * than one random value in ten thousand is called a sequence.
 */
export const isSequence = (value: string): boolean =>
  hasLongRun(value) || isRepeatedUnit(value) || hasFewCharacters(value) || isInterleaved(value);

/** `a1b2c3d4`: every other character runs on. */
const isInterleaved = (value: string): boolean => {
  if (value.length < 8) return false;
  return runShare(everyOther(value, 0)) >= 0.9 && runShare(everyOther(value, 1)) >= 0.9;
};

const everyOther = (value: string, from: number): string => {
  let text = '';
  for (let at = from; at < value.length; at += 2) text += value[at] ?? '';
  return text;
};

const hasLongRun = (value: string): boolean => {
  const limit = runLimit(value);
  return longestRun(value, limit, 0) || longestRun(value, limit, 1) || longestRun(value, limit, -1);
};

const runLimit = (value: string): number => {
  const bits = 32 - Math.clz32(value.length);
  return Math.max(4, bits) + (/^[0-9a-fA-F]+$/.test(value) && value.length > 12 ? 1 : 0);
};

const longestRun = (value: string, limit: number, step: number): boolean => {
  // Long base64 holds runs of A, / and _ where the bytes are 00 or FF: no sign of a person there.
  const skipFill = value.length >= 200 && step === 0;
  let length = 1;
  for (let at = 1; at < value.length; at++) {
    const code = value.charCodeAt(at);
    length = code - value.charCodeAt(at - 1) === step ? length + 1 : 1;
    if (length >= limit && !(skipFill && 'A/_=0'.includes(value[at] ?? ''))) return true;
  }
  return false;
};

/** The share of neighbours that are equal, or one step up or down. */
const runShare = (value: string): number => {
  let steps = 0;
  for (let at = 1; at < value.length; at++) {
    const difference = value.charCodeAt(at) - value.charCodeAt(at - 1);
    if (Math.abs(difference) <= 1 || (value[at - 1] === '9' && value[at] === '0')) steps++;
  }
  return value.length < 2 ? 0 : steps / (value.length - 1);
};

const isRepeatedUnit = (value: string): boolean => {
  if (value.length < 6) return false;
  for (let unit = 1; unit <= value.length / 2; unit++) {
    if (unit > 2 && value.length < 2 * unit + 2) break;
    if (value.startsWith(value.slice(unit))) return true;
  }
  return false;
};

const hasFewCharacters = (value: string): boolean => {
  if (value.length < 8) return false;
  const distinct = new Set(value).size;
  return distinct <= 3 || (distinct <= 4 && value.length >= 16) || (distinct <= 5 && value.length >= 32);
};
