import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OidTable } from '../../src/objects/index.ts';

const oidLength = 20;

/** Oids that begin alike, so that they crowd one bucket, and others; most of their third bytes are few. */
const oid = fc
  .tuple(fc.constantFrom(0, 0, 0, 1, 255), fc.constantFrom(0, 7, 255), fc.nat(255), fc.nat(3))
  .map(([first, third, middle, last]) => {
    const bytes = Buffer.alloc(oidLength, middle);
    bytes[0] = first;
    bytes[1] = first;
    bytes[2] = third;
    bytes[oidLength - 1] = last;
    return bytes;
  });

const sorted = (list: readonly Buffer[]): readonly Buffer[] =>
  [...new Map(list.map((one) => [one.toString('hex'), one])).values()].sort(Buffer.compare);

test('an oid is found exactly where it is, also in buckets that were forged full', () => {
  const sizes = { minLength: 0, maxLength: 1200, size: 'max' } as const;
  fc.assert(
    fc.property(fc.array(oid, sizes), fc.array(oid, { maxLength: 60 }), (list, others) => {
      const oids = sorted(list);
      const table = OidTable.from(Buffer.concat(oids), oids.length, oidLength);
      const numbers = new Map(oids.map((one, number) => [one.toString('hex'), number]));
      for (const one of [...oids, ...others]) {
        const bytes = Buffer.concat([Buffer.from([1, 2, 3]), one]);
        expect(table.find(bytes, 3)).toBe(numbers.get(one.toString('hex')) ?? -1);
        expect(table.find(bytes, 4)).toBe(-1);
      }
    }),
    { numRuns: 40 },
  );
});
