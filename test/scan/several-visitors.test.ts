import { expect, test } from 'vitest';
import type { Visitor } from '../../src/objects/index.ts';
import { SeveralVisitors } from '../../src/scan/several-visitors.ts';

test('each visitor is shown what it asked for, once, also where two share the memory of their input', () => {
  const shared = new Uint8Array(64);
  const shown: string[] = [];
  const visitor = (name: string): Visitor => ({
    inputFor: (sizeBytes) => shared.subarray(0, sizeBytes),
    visit: ({ number }, length, { offset }) => {
      shown.push(`${name} ${number}@${offset} ${Buffer.from(shared.subarray(0, length)).toString()}`);
      shared.fill(0);
    },
    take: () => ({ result: null, transfer: [] }),
  });
  const several = new SeveralVisitors();
  const first = visitor('first');
  several.add(first, [7, 3]);
  several.add(first, [3]);
  several.add(visitor('second'), new Set([3, 9]));
  expect([...several.objects]).toEqual([3, 7, 9]);

  several.inputFor(100_000).set(Buffer.from('one'));
  several.visit({ number: 3, type: 'blob', sizeBytes: 6 }, 3, { offset: 0, isFirst: true, isLast: false });
  several.inputFor(3).set(Buffer.from('two'));
  several.visit({ number: 3, type: 'blob', sizeBytes: 6 }, 3, { offset: 3, isFirst: false, isLast: true });
  several.visit({ number: 4, type: 'blob', sizeBytes: 3 }, 3, { offset: 0, isFirst: true, isLast: true });
  expect(shown).toEqual(['first 3@0 one', 'second 3@0 one', 'first 3@3 two', 'second 3@3 two']);
});
