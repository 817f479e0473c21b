const shape = /^(\d{1,15})(?:\s*([kmgt])(?:i?b)?|b)?$/i;
const factors = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

/**
 * A size as people write it: `512`, `64k`, `10M`, `2 GiB`. Multiples are of 1024, as in git's own settings.
 * @returns bytes, or null where the text is no size or too large to count exactly.
 */
export const parseSize = (text: string): number | null => {
  const match = shape.exec(text.trim());
  if (!match) return null;
  const unit = match[2]?.toLowerCase() as keyof typeof factors | undefined;
  const bytes = Number(match[1]) * (unit ? factors[unit] : 1);
  return Number.isSafeInteger(bytes) ? bytes : null;
};
