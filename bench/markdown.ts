export type Cell = string | number;

/** A Markdown table; a bar in a cell is escaped. */
export const renderTable = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(renderRow).join('\n');

const renderRow = (cells: readonly Cell[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

export const seconds = (ms: number): string => (ms / 1000).toFixed(2);

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

export const mebibytes = (bytes: number): string => String(Math.ceil(bytes / 2 ** 20));

export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

export const ratio = (of: number, to: number): string => (of / to).toFixed(2);

/** The middle one; of an even number the upper of the two. NaN of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
