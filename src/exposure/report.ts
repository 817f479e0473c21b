import type { Category, Reason, Rotation, Severity, Verdict } from '../rules/index.ts';

export type { Rotation };

export const schemaVersion = 1;

export const sourceKinds = [
  'blob',
  'commit-message',
  'commit-people',
  'tag-message',
  'note',
  'path',
  'ref-name',
  'index',
  'worktree',
  'file',
  'layer',
  'stdin',
] as const;
export type SourceKind = (typeof sourceKinds)[number];

export const incompleteReasons = [
  'shallow',
  'partial',
  'missing-objects',
  'unreadable',
  'no-commits',
  'empty-range',
  'no-git',
  'interrupted',
] as const;
export type IncompleteReason = (typeof incompleteReasons)[number];

export type Published = 'yes' | 'unknown' | 'no' | 'no-remote';

export interface Incomplete {
  readonly reason: IncompleteReason;
  readonly detail: string;
  readonly remedy: string;
}

export interface CommitFacts {
  readonly commit: string;
  readonly author: string;
  readonly email: string;
  /** ISO 8601, UTC; `null` where the commit's date is none. */
  readonly date: string | null;
}

export interface Exposure {
  readonly source: SourceKind;
  readonly path: string | null;
  /** Only where the path is not UTF-8. */
  readonly pathBase64?: string;
  /** How the value was wrapped where it was found: `utf-16le`, `base64` … outermost first. */
  readonly wrapping: readonly string[];
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Bytes, half-open, of the first place in the first blob of the run. */
  readonly start: number;
  readonly end: number;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** How many stand in that blob. */
  readonly occurrences: number;
  readonly firstOid: string | null;
  readonly lastOid: string | null;
  /** How many distinct blobs showed it during the run. */
  readonly blobs: number;
  readonly introduced: CommitFacts | null;
  readonly removed: CommitFacts | null;
  /** Indices into `Report.refs`, ascending. */
  readonly refs: readonly number[];
  readonly inTips: boolean;
  readonly reachable: boolean;
  readonly unreachable: { readonly why: string; readonly until: string | null } | null;
  readonly published: Published;
}

export interface Credential {
  readonly id: string;
  readonly rule: string;
  readonly otherRules: readonly string[];
  readonly provider: string;
  readonly title: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly redacted: string;
  readonly fingerprint: string | null;
  /** Only with --show-secrets. */
  readonly secret?: string;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly pairs: readonly { readonly role: string; readonly credential: string }[];
  readonly published: Published;
  readonly exposures: readonly Exposure[];
  readonly firstExposed: string | null;
  readonly lastExposed: string | null;
  readonly rotate: Rotation;
}

export interface SensitiveFile {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly oid: string | null;
  readonly exposures: readonly Exposure[];
}

export interface Coverage {
  readonly objects: number;
  readonly blobs: number;
  readonly trees: number;
  readonly commits: number;
  readonly tags: number;
  readonly refs: number;
  readonly bytes: number;
  readonly scannedBlobs: number;
  readonly skipped: readonly { readonly oid: string | null; readonly source: string; readonly reason: string }[];
  readonly missing: readonly string[];
  readonly suppressed: readonly { readonly by: string; readonly file: string | null; readonly count: number }[];
  readonly outside: readonly { readonly what: string; readonly detail: string }[];
  readonly incomplete: readonly Incomplete[];
  readonly complete: boolean;
  readonly engine: 'pack' | 'cat-file' | 'isomorphic-git';
  readonly stats: CoverageStats;
}

export interface CoverageStats {
  readonly bytesInflated: number;
  readonly bytesLookedAt: number;
  readonly candidates: number;
  readonly decided: number;
  /** Findings that moved along with the copies of a delta. */
  readonly inherited: number;
  /** Objects that the pack reader left to git: loose, very large, damaged. */
  readonly throughGit: number;
  readonly cached: number;
}

export const scopeModes = ['history', 'range', 'staged', 'worktree', 'files', 'image', 'stdin'] as const;

export interface Scope {
  readonly mode: (typeof scopeModes)[number];
  readonly since: string | null;
  readonly range: string | null;
  readonly base: string | null;
}

/** One scan's whole result: the contract's JSON, `schemaVersion` 1. */
export interface Report {
  readonly schemaVersion: typeof schemaVersion;
  readonly command: 'scan';
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
  readonly tool: { readonly name: 'unleak'; readonly version: string; readonly rulesVersion: string };
  readonly scannedAt: string;
  readonly durationMs: number;
  readonly repository: {
    readonly path: string;
    readonly head: string | null;
    readonly objectFormat: string | null;
    readonly shallow: boolean;
    readonly partial: boolean;
    readonly remotes: readonly { readonly name: string; readonly url: string }[];
  };
  readonly scope: Scope;
  readonly coverage: Coverage;
  readonly refs: readonly string[];
  readonly credentials: readonly Credential[];
  readonly sensitiveFiles: readonly SensitiveFile[];
  readonly summary: {
    readonly bySeverity: Readonly<Record<Severity, number>>;
    readonly byVerdict: Readonly<Record<Verdict, number>>;
    readonly byRule: Readonly<Record<string, number>>;
  };
}
