import { bytesText, durationText } from '../report/index.ts';
import type { Emit, Phase, ScanEvent } from '../scan/index.ts';

export interface ProgressOptions {
  /** `redraw`: one line that is written over; `lines`: a plain line now and then. */
  readonly mode: 'redraw' | 'lines' | 'none';
  readonly columns: number;
  /** Milliseconds, from any fixed point. */
  readonly now: () => number;
  readonly write: (text: string) => void;
}

export interface Progress {
  readonly emit: Emit;
  /** Takes the line away again; nothing is written after. */
  readonly stop: () => void;
}

const quietMs = 1000;
const redrawMs = 100;
const lineMs = 10_000;

/** Says how far a scan is, but only of one that takes longer than a second. */
export const showProgress = ({ mode, columns, now, write }: ProgressOptions): Progress => {
  const startedAt = now();
  let phase: { readonly name: Phase; readonly startedAt: number } | null = null;
  let shownAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  let isStopped = false;

  const emit = (event: ScanEvent): void => {
    if (event.type !== 'progress' || mode === 'none' || isStopped) return;
    const at = now();
    if (phase?.name !== event.phase) phase = { name: event.phase, startedAt: at };
    const since =
      mode === 'redraw' ? Math.max(startedAt + quietMs, shownAt + redrawMs) : Math.max(startedAt, shownAt) + lineMs;
    if (at < since) return;
    shownAt = at;
    const text = progressText(event, at - phase.startedAt);
    isDrawn = mode === 'redraw';
    // One column stays free: a full line would wrap on some terminals.
    write(isDrawn ? `\r${text.slice(0, columns - 1)}\x1b[K` : `unleak: ${text}\n`);
  };

  const stop = (): void => {
    if (isDrawn && !isStopped) write('\r\x1b[K');
    isStopped = true;
  };
  return { emit, stop };
};

const phaseWords: Record<Phase, string> = {
  opening: 'opening',
  listing: 'listing objects',
  blobs: 'reading blobs',
  trees: 'reading trees',
  history: 'following the history',
  report: 'writing the report',
};

type ProgressEvent = Extract<ScanEvent, { readonly type: 'progress' }>;

/** `reading blobs  42 %  512 MB/s  3.1 s left`; parts that are not known are left out. */
const progressText = ({ phase, done, total, unit }: ProgressEvent, elapsedMs: number): string => {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const rate = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const leftMs = share > 0 ? (elapsedMs / share) * (1 - share) : 0;
  const parts = [
    phaseWords[phase],
    // A phase of one step has no share to tell.
    ...(total > 1 ? [`${Math.floor(share * 100)} %`] : []),
    ...(rate >= 1 ? [unit === 'bytes' ? `${bytesText(rate)}/s` : `${Math.round(rate)} objects/s`] : []),
    // The first moments of a phase say nothing about its end.
    ...(elapsedMs >= quietMs && share > 0.02 && share < 1 ? [`${durationText(leftMs)} left`] : []),
  ];
  return parts.join('  ');
};
