/** A change of a text, at places that are taken modulo its length. */
export type Edit =
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly from: number; readonly length: number };

/** A part of the result: copied from the base, or new. */
type Part = { readonly from: number; readonly length: number } | Uint8Array;

const lengthOf = (part: Part): number => part.length;

/** Applies the edits one after another. */
export const edited = (base: Uint8Array, edits: readonly Edit[]): { result: Buffer; parts: readonly Part[] } => {
  let parts: Part[] = [{ from: 0, length: base.length }];
  for (const edit of edits) {
    const length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
    const at = edit.at % (length + 1);
    const behind = edit.kind === 'delete' ? at + edit.length : at;
    const between: Part[] = edit.kind === 'insert' ? [edit.bytes] : [];
    if (edit.kind === 'repeat') {
      const from = edit.from % (base.length + 1);
      between.push({ from, length: Math.min(edit.length, base.length - from) });
    }
    parts = [...slice(parts, 0, at), ...between, ...slice(parts, behind, length)].filter((part) => lengthOf(part) > 0);
  }
  const bytes = parts.map((part) =>
    part instanceof Uint8Array ? part : base.subarray(part.from, part.from + part.length),
  );
  return { result: Buffer.concat(bytes), parts };
};

const slice = (parts: readonly Part[], from: number, to: number): Part[] => {
  const out: Part[] = [];
  let at = 0;
  for (const part of parts) {
    const start = Math.max(0, from - at);
    const end = Math.min(lengthOf(part), to - at);
    if (end > start)
      out.push(
        part instanceof Uint8Array ? part.subarray(start, end) : { from: part.from + start, length: end - start },
      );
    at += lengthOf(part);
  }
  return out;
};

/** The delta of those parts, as git writes it: copies are cut at 64 KiB, inserts at 127 bytes. */
export const deltaOf = (base: Uint8Array, result: Uint8Array, parts: readonly Part[]): Uint8Array => {
  const body: number[] = [...sizeBytes(base.length), ...sizeBytes(result.length)];
  for (const part of parts) {
    const most = part instanceof Uint8Array ? 127 : 0x10000;
    for (let at = 0; at < part.length; at += most) {
      const length = Math.min(most, part.length - at);
      if (part instanceof Uint8Array) body.push(length, ...part.subarray(at, at + length));
      else body.push(...copyBytes(part.from + at, length));
    }
  }
  return Uint8Array.from(body);
};

const sizeBytes = (size: number): number[] =>
  size < 128 ? [size] : [(size % 128) + 128, ...sizeBytes(Math.floor(size / 128))];

const copyBytes = (start: number, size: number): number[] => {
  const bytes = [start, start >> 8, start >> 16, start >>> 24, size, size >> 8, size >> 16].map((part) => part & 0xff);
  const opcode = bytes.reduce((sum, byte, index) => (byte === 0 ? sum : sum | (1 << index)), 0x80);
  return [opcode, ...bytes.filter((byte) => byte !== 0)];
};
