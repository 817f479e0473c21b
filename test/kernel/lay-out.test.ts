import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnchorTables, type KernelAnchor, Prefilter, plainLayOut } from '../../src/kernel/index.ts';
import { layout, recordBytes, slotCount } from '../../src/kernel/layout.ts';
import { catalogue } from '../../src/rules/index.ts';
import { latin1Bytes } from '../../src/text/index.ts';

/** The tables as the kernel left them; records stand behind the room for 64 entries an anchor. */
const tablesOf = (anchors: readonly KernelAnchor[], entryCount: number): Omit<AnchorTables, 'deepest'> => {
  const { bytes } = new Prefilter(anchors).memory;
  const part = (at: number, sizeBytes: number): ArrayBuffer => bytes.slice(at, at + sizeBytes).buffer;
  const recordsAt = layout.entries + anchors.length * 64 * 8;
  return {
    t1: new Uint8Array(part(layout.t1, 1 << 18)),
    t2: new BigUint64Array(part(layout.t2, slotCount * 16)),
    heads: new Uint32Array(part(layout.heads, (slotCount + 1) * 4)),
    entries: new Int32Array(part(layout.entries, entryCount * 4)),
    records: new Uint8Array(part(recordsAt, anchors.length * recordBytes)),
  };
};

const expectEqual = (anchors: readonly KernelAnchor[]): void => {
  const { deepest: _, ...expected } = plainLayOut(anchors);
  const found = tablesOf(anchors, expected.entries.length);
  for (const name of ['t1', 't2', 'heads', 'entries', 'records'] as const)
    expect(Buffer.from(found[name].buffer).equals(Buffer.from(expected[name].buffer)), name).toBe(true);
};

const letters = fc.constantFrom('a', 'b', 'A', 'B', 'k', 'K', '_', '-', '=', '@', '`', '{', '[', ' ', '\x00', '\xff');
const anchor = fc.record({
  bytes: fc.string({ unit: letters, minLength: 3, maxLength: 48 }).map(latin1Bytes),
  ignoreCase: fc.boolean(),
  assigned: fc.boolean(),
});

test('the kernel lays out the same tables as its plain twin', () => {
  fc.assert(
    fc.property(fc.array(anchor, { maxLength: 30 }), (anchors) => expectEqual(anchors)),
    { numRuns: 40 },
  );
});

test('so it does for the anchors of the whole catalogue', () => {
  const anchors = catalogue.flatMap(({ anchors: own }) => own);
  expect(anchors.length).toBeGreaterThan(500);
  expectEqual(
    anchors.map(({ text, ignoreCase, assigned }) => ({
      bytes: latin1Bytes(text),
      ignoreCase: ignoreCase === true,
      assigned: assigned === true,
    })),
  );
});
