import type { Run, Scope } from '../exposure/index.ts';
import type { Inventory, ObjectSource } from '../objects/index.ts';
import type { Repository } from '../repo/index.ts';
import type { FileInspections } from './inspect-files.ts';
import type { RefTable } from './ref-table.ts';
import type { ScanRequest } from './request.ts';
import type { RuleSelection } from './rule-selection.ts';
import type { SweptHistory } from './sweep-history.ts';
import type { Traces } from './traces.ts';

/** All that a scan of a repository knows before the report is made: what the report shows is looked at once more, and only that. */
export interface ScannedRepository {
  readonly request: ScanRequest;
  readonly repository: Repository;
  readonly source: ObjectSource;
  readonly inventory: Inventory;
  readonly rules: RuleSelection;
  readonly swept: SweptHistory;
  readonly scope: Scope;
  /** Null where all history was read. */
  readonly range: RangeFacts | null;
  readonly refs: RefTable;
  readonly inspections: FileInspections;
  /** Of commits, and of what no commit shows. */
  readonly runs: readonly Run[];
  /** Trees that unfold without end: entries of them were left out. */
  readonly cut: readonly number[];
  /** Object number → index in `swept.commits`. */
  readonly commitIndex: ReadonlyMap<number, number>;
  /** Subject → refs whose name shows it, and the places in the name. */
  readonly refNames: readonly { readonly subject: number; readonly ref: number }[];
  readonly indexBlobs: ReadonlySet<number>;
  readonly indexProblems: readonly { readonly where: string; readonly reason: string }[];
  readonly signal: AbortSignal;
  /** Commits whose message or people show something → refs that reach them. */
  readonly refsOfCommits: ReadonlyMap<number, readonly number[]>;
  readonly traces: Traces;
}

/** What coverage says of a scan that read what some commits bring, and only that. */
export interface RangeFacts {
  readonly commits: number;
  /** How many of its commits have lost their parents to a shallow clone: all that they show counts as brought. */
  readonly cutCommits: number;
}
