import type { Report } from '../exposure/index.ts';
import type { Severity, Verdict } from '../rules/index.ts';

export const phases = ['opening', 'listing', 'blobs', 'trees', 'history', 'report'] as const;
export type Phase = (typeof phases)[number];

/** What a scan says while it runs. Progress, JSON lines and the audit all read this one stream; none has a private channel. */
export type ScanEvent =
  | { readonly type: 'scan-started'; readonly path: string; readonly objects: number; readonly bytes: number }
  | {
      readonly type: 'progress';
      readonly phase: Phase;
      readonly done: number;
      readonly total: number;
      readonly unit: 'bytes' | 'objects';
    }
  | { readonly type: 'blob-skipped'; readonly oid: string; readonly reason: string }
  /** As they are decided, in no promised order: for people who wait. Reports are made of `scan-finished` alone. */
  | {
      readonly type: 'finding-found';
      readonly rule: string;
      readonly oid: string | null;
      readonly severity: Severity;
      readonly verdict: Verdict;
    }
  /** The folder is not safe, or cannot be used; the scan goes on without a cache. */
  | { readonly type: 'cache-refused'; readonly directory: string; readonly reason: string }
  | { readonly type: 'scan-finished'; readonly report: Report };

export type Emit = (event: ScanEvent) => void;
