/**
 * Whether a text is a date that git's parser understands. Git itself takes every text for one, and what it does not know for "now":
 * a branch with a slip in its name would be a scan of nothing.
 * @see git's date.c, approxidate
 */
export const isDateText = (text: string): boolean => {
  const words = text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  return (
    /^[\w\s:.,/+-]+$/.test(text) && words.length > 0 && words.every((word) => /^\d+$/.test(word) || isDateWord(word))
  );
};

/** Dates that are written in digits: no revision, though they may look like the first digits of an oid. */
export const isPlainDate = (text: string): boolean =>
  /^(?:\d{4}|(?:19|20)\d{6}|\d{4}([-/.])\d\d?\1\d\d?)(?:[T ][\d:.]+)?\s*(?:Z|[+-][\d:]+)?$/.test(text);

/** A day alone begins at midnight; git would take the time of day at which it is asked. */
export const wholeDay = (text: string): string => (/^\d{4}-\d\d?-\d\d?$/.test(text) ? `${text} 00:00:00 +0000` : text);

const isDateWord = (word: string): boolean =>
  smallWords.has(word) || longWords.some((long) => word.length >= 3 && (long.startsWith(word) || `${long}s` === word));

const smallWords = new Set(['t', 'z', 'am', 'pm', 'st', 'nd', 'rd', 'th', 'of', 'the', 'utc', 'gmt']);

const longWords = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
  ...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  ...['second', 'minute', 'hour', 'day', 'week', 'month', 'year'],
  ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  ...['ago', 'now', 'today', 'yesterday', 'noon', 'midnight', 'last'],
];
