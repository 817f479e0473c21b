import { decodeText, type ObjectFormat, type Oid, oidBytes, parseOid } from '../git/index.ts';

export interface ReflogLine {
  readonly previous: Oid;
  readonly oid: Oid;
  /** `Name <email>` as written. */
  readonly who: string;
  /** Seconds since 1970, 0 where the line has no date. */
  readonly date: number;
  /** `+0200` */
  readonly zone: string;
  readonly message: string;
}

/** Parses a file of `logs/`, oldest line first. Total: counts the lines that are none. */
export const parseReflog = (
  bytes: Uint8Array,
  format: ObjectFormat,
): { readonly lines: readonly ReflogLine[]; readonly badCount: number } => {
  const lines: ReflogLine[] = [];
  let badCount = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = parseLine(decodeText(bytes.subarray(start, end)), oidBytes(format) * 2);
    if (line !== null) lines.push(line);
    else if (end > start) badCount += 1;
    start = end + 1;
  }
  return { lines, badCount };
};

const parseLine = (line: string, digits: number): ReflogLine | null => {
  const previous = parseOid(line.slice(0, digits));
  const oid = parseOid(line.slice(digits + 1, digits * 2 + 1));
  if (previous === null || oid === null || line[digits] !== ' ') return null;
  const rest = line.slice(digits * 2 + 1);
  const tab = rest.indexOf('\t');
  const head = tab === -1 ? rest : rest.slice(0, tab);
  const message = tab === -1 ? '' : rest.slice(tab + 1);
  const stamp = / (\d{1,15}) ([-+]\d{4})$/.exec(head);
  const who = (stamp === null ? head : head.slice(0, stamp.index)).trim();
  return { previous, oid, who, date: Number(stamp?.[1] ?? 0), zone: stamp?.[2] ?? '+0000', message };
};
