/** Bytes ↔ text without interpretation: one byte is one character (ISO 8859-1), so offsets stay byte offsets. */
export const latin1 = (bytes: Uint8Array, start = 0, end = bytes.length): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);

export const latin1Bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

export const utf8Bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

/** @returns `larger`, which begins as the old one: for a column that grows. */
export const grown = <T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(old: T, larger: T): T => {
  larger.set(old);
  return larger;
};
