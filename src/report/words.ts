/** `201,267`, the same on every machine. */
export const numberText = (value: number): string => String(Math.trunc(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `1 ref`, `14 refs`. */
export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `812 bytes`, `5.8 GB`; multiples of 1000, as disks and networks count. */
export const bytesText = (bytes: number): string => {
  if (bytes < 1000) return countText(bytes, 'byte');
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : String(Math.round(value))} ${units[unit]}`;
};

/** `1.4 s`, `2 min 5 s`, `3 h 10 min`. */
export const durationText = (ms: number): string => {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `3 Mar 2024`, in UTC. @returns null where the text is no date. */
export const dayText = (iso: string | null): string | null => {
  const date = new Date(iso ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return null;
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
};

/** Whole days from a date to `now` (milliseconds since 1970), null where there is no date or it lies ahead. */
export const daysSince = (iso: string | null, now: number): number | null => {
  const days = Math.floor((now - new Date(iso ?? Number.NaN).getTime()) / 86_400_000);
  return days >= 0 ? days : null;
};

/** `main`, `origin/main`, `v2.1.0`; other refs by their full name. */
export const shortRef = (name: string): string => name.replace(/^refs\/(?:heads|tags|remotes)\//, '');

/** The digits of an object id that people compare. */
export const shortOid = (oid: string | null): string => (oid ?? '').slice(0, 10);

/** `a, b and c`. */
export const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
