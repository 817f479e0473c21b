import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameTable } from '../../src/scan/name-table.ts';
import { latin1Bytes } from '../../src/text/index.ts';

test('every name keeps the number that it got first, however many and however long they are', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 3 }),
    fc.nat(6000).map((n) => `file ${n}`),
    fc.constant('x'.repeat(40_000)),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 400 }), (names) => {
      const table = new NameTable();
      const all = [...names, ...Array.from({ length: 5000 }, (_, index) => `n${index}`), ...names];
      const distinct = [...new Set(all)];
      const numbers = new Map(distinct.map((one, number) => [one, number]));
      for (const one of all) {
        const bytes = latin1Bytes(`-${one}-`);
        expect(table.numberOf(bytes, 1, bytes.length - 1)).toBe(numbers.get(one));
      }
      expect(table.names).toEqual(distinct);
    }),
    { numRuns: 10 },
  );
});
