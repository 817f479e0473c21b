import type { Report } from '../exposure/index.ts';

/** The order of an object's fields, as the contract writes them; `list` for lists of objects, `true` for all the rest. */
export type Order = true | 'sorted' | { readonly list: Order } | { readonly fields: Readonly<Record<string, Order>> };

type Fields<Value> = { readonly [Key in keyof Required<Value>]: Order };

/** A new field of the type does not compile until it has its place here. */
const fields = <Value>(order: Fields<Value>): Order => ({ fields: order });
const list = (order: Order): Order => ({ list: order });

type Item<List> = List extends readonly (infer Element)[] ? Element : never;
type Credential = Item<Report['credentials']>;
type SensitiveFile = Item<Report['sensitiveFiles']>;
type Exposure = Item<Credential['exposures']>;

const commit = fields<NonNullable<Exposure['introduced']>>({ commit: true, author: true, email: true, date: true });
const reason = fields<Item<Credential['reasons']>>({ kind: true, verdict: true, detail: true });

const exposure = fields<Exposure>({
  source: true,
  path: true,
  pathBase64: true,
  wrapping: true,
  line: true,
  column: true,
  endLine: true,
  endColumn: true,
  start: true,
  end: true,
  verdict: true,
  reasons: list(reason),
  occurrences: true,
  firstOid: true,
  lastOid: true,
  blobs: true,
  introduced: commit,
  removed: commit,
  refs: true,
  inTips: true,
  reachable: true,
  unreachable: fields<NonNullable<Exposure['unreachable']>>({ why: true, until: true }),
  published: true,
});

export const credentialOrder = fields<Credential>({
  id: true,
  rule: true,
  otherRules: true,
  provider: true,
  title: true,
  severity: true,
  category: true,
  redacted: true,
  fingerprint: true,
  secret: true,
  verdict: true,
  reasons: list(reason),
  pairs: list(fields<Item<Credential['pairs']>>({ role: true, credential: true })),
  published: true,
  exposures: list(exposure),
  firstExposed: true,
  lastExposed: true,
  rotate: fields<Credential['rotate']>({ id: true, console: true, docs: true, steps: true }),
});

export const sensitiveFileOrder = fields<SensitiveFile>({
  id: true,
  rule: true,
  title: true,
  severity: true,
  verdict: true,
  reasons: list(reason),
  oid: true,
  exposures: list(exposure),
});

type Coverage = Report['coverage'];

export const reportOrder = fields<Report>({
  schemaVersion: true,
  command: true,
  error: fields<NonNullable<Report['error']>>({ code: true, message: true, hint: true }),
  tool: fields<Report['tool']>({ name: true, version: true, rulesVersion: true }),
  scannedAt: true,
  durationMs: true,
  repository: fields<Report['repository']>({
    path: true,
    head: true,
    objectFormat: true,
    shallow: true,
    partial: true,
    remotes: list(fields<Item<Report['repository']['remotes']>>({ name: true, url: true })),
  }),
  scope: fields<Report['scope']>({ mode: true, since: true, range: true, base: true }),
  coverage: fields<Coverage>({
    objects: true,
    blobs: true,
    trees: true,
    commits: true,
    tags: true,
    refs: true,
    bytes: true,
    scannedBlobs: true,
    skipped: list(fields<Item<Coverage['skipped']>>({ oid: true, source: true, reason: true })),
    missing: true,
    suppressed: list(fields<Item<Coverage['suppressed']>>({ by: true, file: true, count: true })),
    outside: list(fields<Item<Coverage['outside']>>({ what: true, detail: true })),
    incomplete: list(fields<Item<Coverage['incomplete']>>({ reason: true, detail: true, remedy: true })),
    complete: true,
    engine: true,
    stats: fields<Coverage['stats']>({
      bytesInflated: true,
      bytesLookedAt: true,
      candidates: true,
      decided: true,
      inherited: true,
      throughGit: true,
      cached: true,
    }),
  }),
  refs: true,
  credentials: list(credentialOrder),
  sensitiveFiles: list(sensitiveFileOrder),
  summary: fields<Report['summary']>({
    bySeverity: fields<Report['summary']['bySeverity']>({
      critical: true,
      high: true,
      medium: true,
      low: true,
      info: true,
    }),
    byVerdict: fields<Report['summary']['byVerdict']>({ confirmed: true, likely: true, possible: true, inert: true }),
    byRule: 'sorted',
  }),
});
