import type { DetectorStats } from '../detect/index.ts';
import { type Oid, oidBytes, oidFromBytes } from '../git/index.ts';
import type { Crew, Inventory, ObjectSource, SweepProgress } from '../objects/index.ts';
import type { KnownHistory } from './cache/index.ts';
import type { Emit, Phase } from './events.ts';
import type { RuleSelection } from './rule-selection.ts';

/** What all sweeps of one history are asked with. */
export interface SweepHistoryRequest {
  readonly source: ObjectSource;
  readonly inventory: Inventory;
  readonly rules: RuleSelection;
  /** Commits at which history was cut. */
  readonly shallow: ReadonlySet<number>;
  readonly maxBlobSizeBytes: number | null;
  readonly crew: Crew;
  /** What earlier scans found; it is not read again. */
  readonly known: KnownHistory | null;
  /** For identities: random, of this run alone or of the cache. */
  readonly key: Uint8Array;
  /** This run's time, milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/** What every visitor is made with. */
export const commonInit = ({ inventory, rules }: SweepHistoryRequest) => ({
  oids: inventory.oids,
  count: inventory.count,
  format: inventory.format,
  rules,
});

/** Says how far a phase is. */
export const progressOf = (emit: Emit, phase: Phase): ((progress: SweepProgress) => void) => {
  emit({ type: 'progress', phase, done: 0, total: 1, unit: 'bytes' });
  return ({ done, total }) => emit({ type: 'progress', phase, done, total, unit: 'bytes' });
};

/** For `coverage.stats`. */
export interface SweepStats extends DetectorStats {
  bytesInflated: number;
  /** Objects that git was asked for. */
  throughGit: number;
}

export const noStats: SweepStats = {
  bytesInflated: 0,
  bytesLookedAt: 0,
  candidates: 0,
  decided: 0,
  inherited: 0,
  throughGit: 0,
};

export const sumStats = (...list: readonly SweepStats[]): SweepStats =>
  list.reduce(
    (sum, one) => ({
      bytesInflated: sum.bytesInflated + one.bytesInflated,
      bytesLookedAt: sum.bytesLookedAt + one.bytesLookedAt,
      candidates: sum.candidates + one.candidates,
      decided: sum.decided + one.decided,
      inherited: sum.inherited + one.inherited,
      throughGit: sum.throughGit + one.throughGit,
    }),
    noStats,
  );

export const oidText = (inventory: Inventory, object: number): Oid => {
  const length = oidBytes(inventory.format);
  return oidFromBytes(inventory.oids, object * length, length);
};

/** One bit an object, in memory that threads share. */
export const bitsOf = (objects: readonly number[], count: number): Uint8Array => {
  const bits = new Uint8Array(new SharedArrayBuffer(Math.ceil(count / 8)));
  for (const object of objects) bits[object >> 3] = (bits[object >> 3] ?? 0) | (1 << (object & 7));
  return bits;
};

export const hasBit = (bits: Uint8Array, object: number): boolean =>
  object >= 0 && ((bits[object >> 3] ?? 0) & (1 << (object & 7))) !== 0;
