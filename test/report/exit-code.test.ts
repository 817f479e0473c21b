import { expect, test } from 'vitest';
import { exitCodeOf, leaveOut, renderSummaryLine } from '../../src/report/index.ts';
import { connectionPassword, coverage, credential, findingsReport, report, sensitiveFile } from './sample-report.ts';

const rules = { failOn: 'likely', minSeverity: 'low', allowIncomplete: false } as const;
const incomplete = coverage({
  complete: false,
  incomplete: [{ reason: 'shallow', detail: 'shallow', remedy: 'git fetch --unshallow' }],
});

test('a complete scan with nothing that counts ends with 0', () => {
  expect(exitCodeOf(report(), rules)).toBe(0);
  expect(exitCodeOf(report({ credentials: [connectionPassword()] }), rules)).toBe(0);
});

test('a credential or a sensitive file at both limits ends with 1', () => {
  expect(exitCodeOf(report({ credentials: [credential()] }), rules)).toBe(1);
  expect(exitCodeOf(report({ sensitiveFiles: [sensitiveFile()] }), rules)).toBe(1);
  expect(exitCodeOf(report({ credentials: [connectionPassword()] }), { ...rules, failOn: 'possible' })).toBe(1);
  expect(exitCodeOf(report({ sensitiveFiles: [sensitiveFile()] }), { ...rules, minSeverity: 'critical' })).toBe(0);
  expect(exitCodeOf(report({ sensitiveFiles: [sensitiveFile()] }), { ...rules, failOn: 'confirmed' })).toBe(0);
});

test('what was found wins over "incomplete", and an incomplete scan with nothing found ends with 2', () => {
  expect(exitCodeOf(report({ coverage: incomplete }), rules)).toBe(2);
  expect(exitCodeOf(report({ coverage: incomplete, credentials: [credential()] }), rules)).toBe(1);
  expect(exitCodeOf(report({ coverage: incomplete }), { ...rules, allowIncomplete: true })).toBe(0);
});

test('what a config leaves out is counted and named, and the summary still counts all', () => {
  const filter = { minSeverity: null, minVerdict: 'likely', rules: { only: [], without: ['private-key'] } } as const;
  const before = report({ ...findingsReport(), coverage: coverage() });
  const after = leaveOut(before, filter, { by: 'config', file: '.unleak.json' });
  expect(after.credentials.map(({ rule }) => rule)).toEqual(['aws-access-key-id']);
  expect(after.coverage.suppressed).toEqual([{ by: 'config', file: '.unleak.json', count: 2 }]);
  expect(after.summary).toEqual(before.summary);
  expect(leaveOut(before, filter, null).coverage.suppressed).toEqual([]);
});

test('a CI job gets one line that says how it ended', () => {
  expect(renderSummaryLine(findingsReport(), 1)).toBe(
    'unleak: 2 confirmed, 1 likely, 1 possible; the scan is complete; exit code 1',
  );
  expect(renderSummaryLine(report({ coverage: incomplete }), 2)).toBe(
    'unleak: 0 confirmed, 0 likely, 0 possible; the scan is NOT complete (shallow); exit code 2',
  );
});
