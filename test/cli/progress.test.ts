import { expect, test } from 'vitest';
import { type ProgressOptions, showProgress } from '../../src/cli/progress.ts';

const bytes = (phase: 'blobs' | 'trees', done: number, total: number) =>
  ({ type: 'progress', phase, done, total, unit: 'bytes' }) as const;

/** A progress with a clock that the test moves. */
const watch = (mode: ProgressOptions['mode'], columns = 80) => {
  const clock = { at: 5000 };
  const written: string[] = [];
  const progress = showProgress({ mode, columns, now: () => clock.at, write: (text) => written.push(text) });
  const emitAt = (at: number, event: Parameters<typeof progress.emit>[0]): void => {
    clock.at = at;
    progress.emit(event);
  };
  return { progress, written, emitAt };
};

test('a scan of less than a second says nothing', () => {
  const { progress, written, emitAt } = watch('redraw');
  emitAt(5000, bytes('blobs', 0, 100));
  emitAt(5999, bytes('blobs', 90, 100));
  progress.stop();
  expect(written).toEqual([]);
});

test('a longer one redraws one line with phase, share, rate and time left, at most ten times a second', () => {
  const { progress, written, emitAt } = watch('redraw');
  emitAt(5000, bytes('blobs', 0, 4_000_000));
  emitAt(6000, bytes('blobs', 1_000_000, 4_000_000));
  emitAt(6050, bytes('blobs', 1_100_000, 4_000_000));
  emitAt(7000, bytes('blobs', 2_000_000, 4_000_000));
  progress.stop();
  progress.emit(bytes('blobs', 3_000_000, 4_000_000));
  expect(written).toEqual([
    '\rreading blobs  25 %  1.0 MB/s  3.0 s left\x1b[K',
    '\rreading blobs  50 %  1.0 MB/s  2.0 s left\x1b[K',
    '\r\x1b[K',
  ]);
});

test('a new phase has its own rate, and no time left before it can be known', () => {
  const { written, emitAt } = watch('redraw');
  emitAt(5000, bytes('blobs', 0, 100));
  emitAt(9000, { type: 'progress', phase: 'trees', done: 0, total: 500, unit: 'objects' });
  emitAt(9500, { type: 'progress', phase: 'trees', done: 100, total: 500, unit: 'objects' });
  expect(written).toEqual(['\rreading trees  0 %\x1b[K', '\rreading trees  20 %  200 objects/s\x1b[K']);
});

test('the line never fills the terminal', () => {
  const { written, emitAt } = watch('redraw', 12);
  emitAt(5000, bytes('blobs', 0, 100));
  emitAt(8000, bytes('blobs', 50, 100));
  expect(written).toEqual(['\rreading blo\x1b[K']);
});

test('where nothing can be redrawn, a plain line comes every ten seconds', () => {
  const { progress, written, emitAt } = watch('lines');
  for (let at = 5000; at <= 26_000; at += 500) emitAt(at, bytes('blobs', at - 5000, 100_000));
  progress.stop();
  expect(written).toEqual([
    'unleak: reading blobs  10 %  1.0 kB/s  1 min 30 s left\n',
    'unleak: reading blobs  20 %  1.0 kB/s  1 min 20 s left\n',
  ]);
});

test('quiet is quiet, and totals that are not known divide nothing', () => {
  const quiet = watch('none');
  quiet.emitAt(60_000, bytes('blobs', 1, 2));
  expect(quiet.written).toEqual([]);
  const { written, emitAt } = watch('redraw');
  emitAt(5000, bytes('blobs', 0, 0));
  emitAt(8000, bytes('blobs', 0, 0));
  expect(written).toEqual(['\rreading blobs\x1b[K']);
});
