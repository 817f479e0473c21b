import { expect, test } from 'vitest';
import { defaultExpiry, explainUnreachable, type Keeper } from '../../src/exposure/index.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const now = at('2024-03-01T00:00:00Z');
const explain = (...keepers: Keeper[]) => explainUnreachable({ keepers, expiry: defaultExpiry, now });
const head = { kind: 'reflog', ref: 'HEAD', index: 3, date: at('2024-02-20T00:00:00Z'), isOnRef: false } as const;

test('an amended commit is kept by the reflog for 30 days, or for 90 where the ref reaches the entry', () => {
  expect(explain(head)).toEqual({ why: 'HEAD@{3}', until: '2024-03-21T00:00:00.000Z' });
  expect(explain({ ...head, isOnRef: true }).until).toBe('2024-05-20T00:00:00.000Z');
});

test('the stash and the index have no end', () => {
  expect(explain(head, { ...head, ref: 'refs/stash', index: 1 })).toEqual({ why: 'stash@{1}, HEAD@{3}', until: null });
  expect(explain({ kind: 'index', worktree: null })).toEqual({ why: 'the index', until: null });
  expect(explain({ kind: 'index', worktree: 'side' }).why).toBe('the index of worktree side');
});

test('a loose object that nothing names stays two weeks after it was written', () => {
  expect(explain({ kind: 'loose', mtime: at('2024-02-25T00:00:00Z') })).toEqual({
    why: 'a loose object that nothing names',
    until: '2024-03-10T00:00:00.000Z',
  });
});

test('what is overdue goes with the next gc', () => {
  expect(explain({ kind: 'pack', isCruft: true, isKept: false, mtime: at('2024-01-01T00:00:00Z') })).toEqual({
    why: 'a cruft pack; the next git gc may remove it',
    until: '2024-01-15T00:00:00.000Z',
  });
});

test('where a root holds it, the place where it lies is no reason, but may keep it longer', () => {
  const old = { ...head, date: at('2024-01-31T00:00:00Z') };
  expect(explain(old, { kind: 'loose', mtime: at('2024-02-29T00:00:00Z') })).toEqual({
    why: 'HEAD@{3}',
    until: '2024-03-14T00:00:00.000Z',
  });
});

test('many entries: those that keep longest are named, in whatever order they come', () => {
  const entries = [1, 2, 3, 4, 5].map((index) => ({ ...head, index, date: head.date - index * 60 }));
  expect(explain(...entries.toReversed())).toEqual(explain(...entries));
  expect(explain(...entries).why).toBe('HEAD@{1}, HEAD@{2}, HEAD@{3} and 2 more');
  expect(explain({ ...head, ref: 'refs/heads/main' }).why).toBe('main@{3}');
});

test('settings of never, kept packs and other stores have no end', () => {
  const expiry = { reflogExpire: null, reflogExpireUnreachable: null, pruneExpire: null };
  expect(explainUnreachable({ keepers: [head], expiry, now }).until).toBeNull();
  expect(explain({ kind: 'pack', isCruft: false, isKept: true, mtime: 0 })).toEqual({
    why: 'a kept pack',
    until: null,
  });
  expect(explain({ kind: 'alternate' }).until).toBeNull();
});

test('nothing known, or a date beyond all dates, is no failure', () => {
  expect(explain()).toEqual({ why: 'no ref, reflog or index reaches it', until: null });
  expect(explain({ ...head, date: Number.MAX_SAFE_INTEGER }).until).toBeNull();
});
