import { expect, test } from 'vitest';
import { isDateText, isPlainDate, wholeDay } from '../../src/scan/date-text.ts';

test.each([
  '2024-03-01',
  '2 weeks ago',
  'yesterday',
  'last monday',
  '1 Mar 2024 10:00',
  '2024-03-01T10:00:00Z',
  '3.days.ago',
])('%j is a date', (text) => expect(isDateText(text)).toBe(true));

test.each(['mian', 'v1.0', 'feature/today', 'HEAD~3', 'the-branch', '', '--', 'deadbeef'])('%j is none', (text) =>
  expect(isDateText(text)).toBe(false),
);

test('what is written in digits is a date before it is the beginning of an oid', () => {
  expect(['2024', '20240301', '2024-03-01', '2024/3/1', '2024-03-01 10:00 +0100'].every(isPlainDate)).toBe(true);
  expect(['1234567', '99999999', 'v2024-03-01', '2024-03-01-1-gabcdef'].some(isPlainDate)).toBe(false);
});

test('a day begins at midnight, other texts are left as they are', () => {
  expect(['2024-03-01', 'yesterday'].map(wholeDay)).toEqual(['2024-03-01 00:00:00 +0000', 'yesterday']);
});
