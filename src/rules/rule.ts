import type { Reason, Severity, Verdict } from './verdict.ts';

/** A short ASCII literal that a rule needs; the prefilter finds anchors, nothing else. */
export interface Anchor {
  readonly text: string;
  readonly ignoreCase?: boolean;
  /** Only where an assignment follows: the rest of a name, then an operator, then the first byte of a value (kernel/follow). */
  readonly assigned?: boolean;
}

export const categories = [
  'vcs',
  'cloud',
  'ci',
  'registry',
  'ai',
  'payment',
  'messaging',
  'saas',
  'monitoring',
  'database',
  'private-key',
  'certificate',
  'key-store',
  'password',
  'connection-string',
  'generic',
  'file',
] as const;
export type Category = (typeof categories)[number];

/** What is known of a match beyond its bytes. */
export interface Judgement {
  readonly verdict: Verdict;
  /** At least one; the first is the one that decided. */
  readonly reasons: readonly Reason[];
  /** The secret's canonical bytes, if they are not the bytes of the group `secret` (a key: its public fingerprint). */
  readonly canonical?: Uint8Array;
  /** The public fingerprint of a key (`SHA256:…`): never secret. */
  readonly fingerprint?: string;
  /** SHA-256 (hex) of the DER SubjectPublicKeyInfo: what joins key, certificate and CSR. */
  readonly spki?: string;
  /** More exact than the rule's own: `RSA private key, 2048 bits, not encrypted`. */
  readonly title?: string;
  readonly severity?: Severity;
  /** When it dies by itself (ISO 8601, UTC). Rules have no clock: whoever knows the time of the scan turns it into `inert`. */
  readonly expires?: string;
}

/** One match of a pattern, seen by its judge. All text is Latin-1: one character is one byte. */
export interface PatternMatch {
  readonly secret: string;
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** At most 256 bytes on either side of the anchor, as far as the rule's reach goes. */
  readonly before: string;
  readonly after: string;
}

interface RuleFacts {
  /** kebab-case, stable: it stands in reports, ignore files and baselines. */
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly category: Category;
  readonly severity: Severity;
  /** What an attacker could do, one sentence. */
  readonly attack: string;
  readonly anchors: readonly Anchor[];
  /** Id of the entry that says how to make it harmless. */
  readonly rotate: string;
  /** The issuer's documentation. */
  readonly docs: string;
  /** Texts that match, made at run time: a scan of this repository stays clean. */
  readonly examples: readonly ((make: Maker) => string)[];
  readonly nearMisses: readonly ((make: Maker) => string)[];
}

/**
 * Decides from at most 256 bytes on either side of its anchor. The pattern runs on that window, is bounded, has a group
 * `secret` and may have a group `prefix` (public, shown in reports) at its head; a match counts if it covers the anchor.
 */
export interface NearRule extends RuleFacts {
  readonly reach: 'near';
  readonly pattern: RegExp;
  /** @returns null where it is no credential at all. Without a judge a match is `likely`. */
  readonly judge?: (match: PatternMatch) => Judgement | null;
  /** Not looked for in binary blobs: a shape that only text gives a meaning. */
  readonly textOnly?: boolean;
  /** The pattern begins with the anchor: it is tried there and nowhere else, which costs a fraction of the search. */
  readonly startsAtAnchor?: boolean;
}

/** Needs more than a window: PEM blocks, JSON documents. `find` sees at most `maxBytes` on either side of its anchor. */
export interface LongRule extends RuleFacts {
  readonly reach: 'long';
  readonly maxBytes: number;
  /** @returns the match around the anchor, in bytes of `text`, or null. Total: bytes that do not parse are no failure. */
  readonly find: (text: Uint8Array, anchorAt: number) => LongMatch | null;
}

export interface LongMatch {
  readonly start: number;
  readonly end: number;
  readonly secret: Uint8Array;
  readonly judgement: Judgement;
}

/**
 * What the reader of a file finds that no anchor leads to: the file's name does (`PathRule`). It has no anchors; its
 * examples and near misses are whole files, read as if they were called `exampleName`.
 */
export interface FileRule extends RuleFacts {
  readonly reach: 'file';
  readonly exampleName: string;
}

export type Rule = NearRule | LongRule | FileRule;

/** Makes credential-like text at run time, from a fixed seed. */
export interface Maker {
  /** `length` characters out of `alphabet`. */
  readonly of: (alphabet: string, length: number) => string;
  readonly base62: (length: number) => string;
  readonly hex: (length: number) => string;
  readonly base64url: (length: number) => string;
  readonly digits: (length: number) => string;
  readonly upper: (length: number) => string;
  /** A fresh PEM private key of the kind. */
  readonly pem: (kind: 'rsa' | 'ec' | 'ed25519' | 'encrypted' | 'openssh') => string;
}

/** A file that is a leak by its name, or whose name chooses the parser that reads it. */
export interface PathRule {
  readonly id: string;
  /** minimatch, case-insensitive; without a slash against the base name, with one at any depth. */
  readonly globs: readonly string[];
  readonly holds: string;
  readonly severity: Severity;
  /** The name is enough to report when the content cannot be judged. */
  readonly nameAlone: boolean;
  readonly parser: FileParser;
  readonly rotate: string;
  /** Paths that match. */
  readonly examples: readonly string[];
}

/**
 * Which reader judges the content of a sensitive file. `auto`: the content says which; `line`: one secret is the whole
 * content; `opaque`: only its first bytes can be judged.
 */
export const fileParsers = [
  'auto',
  'dotenv',
  'shell',
  'properties',
  'ini',
  'json',
  'yaml',
  'xml',
  'csv',
  'netrc',
  'pgpass',
  'htpasswd',
  'npmrc',
  'docker-config',
  'urls',
  'line',
  'pem',
  'der',
  'pkcs12',
  'jks',
  'opaque',
] as const;
export type FileParser = (typeof fileParsers)[number];
