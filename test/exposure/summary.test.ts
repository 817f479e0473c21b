import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareCredentials,
  compareExposures,
  coverageIsComplete,
  type Exposure,
  emptySummary,
  firstExposed,
  lastExposed,
  sourceKinds,
  summaryOf,
} from '../../src/exposure/index.ts';
import { severities, verdicts } from '../../src/rules/index.ts';

const commit = (date: string | null) => ({ commit: `c${date}`, author: 'A', email: 'a@example.com', date });
const exposure: Exposure = {
  source: 'blob',
  path: 'a',
  wrapping: [],
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  start: 0,
  end: 1,
  verdict: 'likely',
  reasons: [],
  occurrences: 1,
  firstOid: null,
  lastOid: null,
  blobs: 1,
  introduced: null,
  removed: null,
  refs: [],
  inTips: false,
  reachable: true,
  unreachable: null,
  published: 'no',
};

test('a summary counts all, and names every severity and verdict', () => {
  const counted = summaryOf([
    { severity: 'high', verdict: 'likely', rule: 'b-rule' },
    { severity: 'high', verdict: 'inert', rule: 'a-rule' },
    { severity: 'low', verdict: 'likely', rule: 'b-rule' },
  ]);
  expect(counted).toEqual({
    bySeverity: { critical: 0, high: 2, medium: 0, low: 1, info: 0 },
    byVerdict: { confirmed: 0, likely: 2, possible: 0, inert: 1 },
    byRule: { 'a-rule': 1, 'b-rule': 2 },
  });
  expect(Object.keys(counted.byRule)).toEqual(['a-rule', 'b-rule']);
  expect(Object.keys(emptySummary.bySeverity)).toEqual([...severities]);
  expect(Object.keys(emptySummary.byVerdict)).toEqual([...verdicts]);
});

test('a scan is complete exactly if nothing says that it is not', () => {
  expect(coverageIsComplete({ incomplete: [] })).toBe(true);
  expect(coverageIsComplete({ incomplete: [{ reason: 'shallow', detail: '', remedy: '' }] })).toBe(false);
});

test('credentials: the worst first, then the surest, then by id', () => {
  const list = [
    { severity: 'low', verdict: 'confirmed', id: 'u1-a' },
    { severity: 'critical', verdict: 'possible', id: 'u1-b' },
    { severity: 'critical', verdict: 'likely', id: 'u1-d' },
    { severity: 'critical', verdict: 'likely', id: 'u1-c' },
  ] as const;
  expect(list.toSorted(compareCredentials).map(({ id }) => id)).toEqual(['u1-c', 'u1-d', 'u1-b', 'u1-a']);
});

test('exposures have one order, whatever order they come in', () => {
  const some = fc.record({
    source: fc.constantFrom(...sourceKinds),
    path: fc.option(fc.constantFrom('a', 'b')),
    introduced: fc.option(fc.constantFrom('2024-01-01T00:00:00Z', '2023-01-01T00:00:00Z', null).map(commit)),
    start: fc.nat(3),
    end: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), (parts) => {
      const list = parts.map((part) => ({ ...exposure, ...part }));
      expect(list.toReversed().sort(compareExposures)).toEqual(list.toSorted(compareExposures));
    }),
  );
});

test('first and last: from the first commit that brought it to the last that took it away', () => {
  const [early, middle, late] = ['2022-01-01T00:00:00Z', '2023-01-01T00:00:00Z', '2024-01-01T00:00:00Z'].map(commit);
  const list = [
    { introduced: middle ?? null, removed: late ?? null, inTips: false },
    { introduced: early ?? null, removed: middle ?? null, inTips: false },
    { introduced: null, removed: null, inTips: false },
  ];
  expect([firstExposed(list), lastExposed(list)]).toEqual([early?.date, late?.date]);
  expect(lastExposed([...list, { introduced: null, removed: null, inTips: true }])).toBeNull();
  expect([firstExposed([]), lastExposed([])]).toEqual([null, null]);
});
