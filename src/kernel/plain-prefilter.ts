/** An anchor as the kernel sees it: bytes, no rule. */
export interface KernelAnchor {
  readonly bytes: Uint8Array;
  /** ASCII letters match in either case. */
  readonly ignoreCase: boolean;
  /** Counts only where `followsAssignment` says so of the bytes behind it. */
  readonly assigned: boolean;
}

export interface AnchorHit {
  /** Index of the anchor in the list that the prefilter was made of. */
  readonly anchor: number;
  readonly start: number;
}

/**
 * The specification of the kernel's prefilter: every place where an anchor stands wholly inside the text, by start, then anchor.
 */
export const plainPrefilter = (text: Uint8Array, anchors: readonly KernelAnchor[]): AnchorHit[] => {
  const hits: AnchorHit[] = [];
  for (let start = 0; start < text.length; start++) {
    anchors.forEach((anchor, index) => {
      if (!standsAt(text, start, anchor)) return;
      if (anchor.assigned && !followsAssignment(text, start + anchor.bytes.length)) return;
      hits.push({ anchor: index, start });
    });
  }
  return hits;
};

const standsAt = (text: Uint8Array, start: number, { bytes, ignoreCase }: KernelAnchor): boolean => {
  if (start + bytes.length > text.length) return false;
  const fold = ignoreCase ? foldCase : (byte: number): number => byte;
  return bytes.every((byte, index) => fold(text[start + index] ?? 0) === fold(byte));
};

const foldCase = (byte: number): number => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);

const nameRest = /[A-Za-z0-9_.-]/;
const betweenNameAndOperator = /[ \t"'`\])]/;
const operator = /[=:>]/;
const betweenOperatorAndValue = /[ \t"'`([{]/;
const noValue = /[,;)}\]<]/;

/**
 * Whether an assignment goes on at `at`, the byte behind an anchor: at most 32 more bytes of a name, at most 4 quotes, brackets or
 * blanks, 1 to 3 operator bytes, again at most 4, and the first byte of a value.
 */
export const followsAssignment = (text: Uint8Array, at: number): boolean => {
  const skip = (set: RegExp, from: number, most: number): number => {
    let next = from;
    while (next < text.length && next - from < most && set.test(String.fromCharCode(text[next] ?? 0))) next++;
    return next;
  };
  const nameEnd = skip(nameRest, at, 32);
  const operatorAt = skip(betweenNameAndOperator, nameEnd, 4);
  const operatorEnd = skip(operator, operatorAt, 3);
  if (operatorEnd === operatorAt) return false;
  const valueAt = skip(betweenOperatorAndValue, operatorEnd, 4);
  const value = text[valueAt];
  return value !== undefined && value > 0x20 && value !== 0x7f && !noValue.test(String.fromCharCode(value));
};
