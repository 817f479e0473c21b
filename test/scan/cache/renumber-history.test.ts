import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renumbering } from '../../../src/scan/cache/renumber-history.ts';

const oid = fc
  .tuple(fc.constantFrom('00', 'ab', 'ff'), fc.stringMatching(/^[0-9a-f]{2}$/))
  .map(([head, tail]) => head.repeat(19) + tail);
const sorted = (oids: readonly string[]): Uint8Array => Buffer.from([...oids].sort().join(''), 'hex');

test('old numbers become the new ones of the same oids, and none where one of them has gone', () => {
  const lists = fc.tuple(fc.uniqueArray(oid), fc.uniqueArray(oid));
  fc.assert(
    fc.property(lists, ([older, added]) => {
      const all = [...new Set([...older, ...added])];
      const order = [...all].sort();
      const expected = [...older].sort().map((one) => order.indexOf(one));
      expect([...(renumbering(sorted(older), sorted(all), 20) ?? ['none'])]).toEqual(expected);
      const [gone] = older;
      if (gone === undefined) return;
      expect(renumbering(sorted(older), sorted(all.filter((one) => one !== gone)), 20)).toBe(null);
    }),
  );
});
