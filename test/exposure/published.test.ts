import { expect, test } from 'vitest';
import { isHostRef, publishedOf, publishedWorst } from '../../src/exposure/index.ts';

const local = { hasRemotes: true, isServed: false, isReachedByRemote: false, lastPush: 100, introduced: 200 };

test('what a remote trace reaches is published, whatever is configured today', () => {
  expect(publishedOf({ ...local, isReachedByRemote: true })).toBe('yes');
  expect(publishedOf({ ...local, isReachedByRemote: true, hasRemotes: false })).toBe('yes');
});

test('younger than the last push and reached by nothing remote: not published', () => {
  expect(publishedOf(local)).toBe('no');
});

test('older than the last push, or as old: a push that left no trace may have taken it along', () => {
  expect(publishedOf({ ...local, introduced: 99 })).toBe('unknown');
  expect(publishedOf({ ...local, introduced: 100 })).toBe('unknown');
});

test('without a date or a recorded push nothing can be said', () => {
  expect(publishedOf({ ...local, lastPush: null })).toBe('unknown');
  expect(publishedOf({ ...local, introduced: null })).toBe('unknown');
});

test('without a remote it stayed here, unless the repository is a server itself', () => {
  expect(publishedOf({ ...local, hasRemotes: false })).toBe('no-remote');
  expect(publishedOf({ ...local, hasRemotes: false, isServed: true })).toBe('unknown');
});

test.each([
  ['refs/pull/12/head', true],
  ['refs/merge-requests/3/head', true],
  ['refs/changes/01/1/1', true],
  ['refs/heads/pull/12', false],
  ['refs/remotes/origin/main', false],
])('only a host makes %s: %s', (ref, expected) => expect(isHostRef(ref)).toBe(expected));

test('published at one place is published', () => {
  expect(publishedWorst(['no', 'yes', 'unknown'])).toBe('yes');
  expect(publishedWorst(['no-remote', 'no'])).toBe('no');
});
