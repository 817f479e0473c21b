import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefLists } from '../../src/exposure/ref-sets.ts';

test('a set of refs is unpacked to its members, and equal sets to the same list', () => {
  const members = fc.uniqueArray(fc.nat({ max: 99 }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(members, { maxLength: 6 }), (groups) => {
      const lists = new RefLists();
      for (const group of [...groups, ...groups]) {
        const set = new Uint32Array(4);
        for (const member of group) set[member >> 5] = (set[member >> 5] ?? 0) | (1 << (member & 31));
        const list = lists.of(set);
        expect(list).toEqual([...group].sort((a, b) => a - b));
        expect(lists.of(set.slice())).toBe(list);
      }
    }),
  );
});
