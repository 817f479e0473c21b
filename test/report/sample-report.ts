import type { Coverage, Credential, Exposure, Report, SensitiveFile } from '../../src/exposure/index.ts';

/** Reports made by hand: realistic ones, and ones that a hostile repository would make. Nothing in them is a value. */

const commitA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const commitB = 'b2c3d4e5f60718293a4b5c6d7e8f900112233445';
const blobOid = '0123456789abcdef0123456789abcdef01234567';

export const sampleNow = Date.UTC(2026, 10, 24, 12);

export const exposure = (changes: Partial<Exposure> = {}): Exposure => ({
  source: 'blob',
  path: 'config/prod.env',
  wrapping: [],
  line: 4,
  column: 19,
  endLine: 4,
  endColumn: 39,
  start: 77,
  end: 97,
  verdict: 'confirmed',
  reasons: [{ kind: 'account', verdict: 'confirmed', detail: 'the key id names an account' }],
  occurrences: 1,
  firstOid: blobOid,
  lastOid: blobOid,
  blobs: 1,
  introduced: { commit: commitA, author: 'Ada L.', email: 'ada@example.org', date: '2024-03-03T10:00:00Z' },
  removed: { commit: commitB, author: 'Ada L.', email: 'ada@example.org', date: '2024-03-09T10:00:00Z' },
  refs: Array.from({ length: 14 }, (_, index) => index),
  inTips: false,
  reachable: true,
  unreachable: null,
  published: 'yes',
  ...changes,
});

export const credential = (changes: Partial<Credential> = {}): Credential => ({
  id: 'u1-7k2m4qhz3v6ytw2a',
  rule: 'aws-access-key-id',
  otherRules: [],
  provider: 'aws',
  title: 'AWS access key and secret, account 123456789012',
  severity: 'critical',
  category: 'cloud',
  redacted: ['AKIA', '************', 'Q7XD'].join(''),
  fingerprint: null,
  verdict: 'confirmed',
  reasons: [
    { kind: 'account', verdict: 'confirmed', detail: 'the key id names an account' },
    { kind: 'pair', verdict: 'confirmed', detail: 'its secret stands one line below' },
  ],
  pairs: [],
  published: 'yes',
  exposures: [exposure(), exposure({ path: 'deploy/.env.bak', line: 11, removed: null, inTips: true, refs: [0, 2] })],
  firstExposed: '2024-03-03T10:00:00Z',
  lastExposed: null,
  rotate: {
    id: 'aws',
    console: 'https://console.aws.example/iam',
    docs: 'https://docs.aws.example/rotate',
    steps: ['deactivate the key in the IAM console, then delete it', 'look for its use in CloudTrail'],
  },
  ...changes,
});

export const rsaKey = (): Credential =>
  credential({
    id: 'u1-q4w7e2r6t3y5u5i2',
    rule: 'private-key',
    provider: 'generic',
    title: 'RSA private key, 2048 bits, not encrypted',
    severity: 'high',
    category: 'private-key',
    redacted: 'SHA256:4f9cQe1',
    fingerprint: 'SHA256:4f9cQe1',
    reasons: [{ kind: 'key-parses', verdict: 'confirmed', detail: 'the key parses and is not encrypted' }],
    published: 'unknown',
    pairs: [{ role: 'certificate', credential: 'u1-aaaaaaaaaaaaaaaa' }],
    exposures: [
      exposure({
        path: 'certs/server.key',
        line: 1,
        introduced: { commit: commitB, author: 'Grace H.', email: 'grace@example.org', date: '2025-06-02T08:00:00Z' },
        removed: { commit: commitA, author: 'Grace H.', email: 'grace@example.org', date: '2025-06-02T09:00:00Z' },
        refs: [0, 1, 2, 3, 4, 5, 6, 7, 8],
        published: 'unknown',
      }),
      exposure({
        path: 'certs/server.key',
        line: 1,
        introduced: { commit: commitB, author: 'Grace H.', email: 'grace@example.org', date: '2025-06-01T08:00:00Z' },
        removed: null,
        refs: [],
        reachable: false,
        unreachable: { why: 'reflog of refs/heads/tls', until: '2026-12-02T00:00:00Z' },
        published: 'unknown',
      }),
    ],
    rotate: {
      id: 'tls-key',
      console: null,
      docs: null,
      steps: ['revoke the certificate at its CA', 'install a new pair'],
    },
  });

export const connectionPassword = (): Credential =>
  credential({
    id: 'u1-mmmmmmmmmmmmmmmm',
    rule: 'connection-uri',
    provider: 'postgresql',
    title: 'password in a connection string',
    severity: 'medium',
    category: 'connection-string',
    redacted: '****',
    verdict: 'possible',
    reasons: [
      { kind: 'shape', verdict: 'possible', detail: 'a URI with a user and a password, on a host that is not local' },
    ],
    published: 'no-remote',
    exposures: [exposure({ source: 'commit-message', path: null, line: 3, removed: null, verdict: 'possible' })],
  });

export const sensitiveFile = (changes: Partial<SensitiveFile> = {}): SensitiveFile => ({
  id: 'f1-2222222222222222',
  rule: 'path-java-key-store',
  title: 'Java key store',
  severity: 'high',
  verdict: 'likely',
  reasons: [{ kind: 'name', verdict: 'likely', detail: 'a file of this name holds keys, and its first bytes agree' }],
  oid: blobOid,
  exposures: [
    exposure({ path: 'android/release.jks', line: 1, removed: null, inTips: true, verdict: 'likely', refs: [0] }),
  ],
  ...changes,
});

const wholeCoverage: Coverage = {
  objects: 201_267,
  blobs: 120_001,
  trees: 41_000,
  commits: 40_000,
  tags: 266,
  refs: 14,
  bytes: 5_800_000_000,
  scannedBlobs: 120_001,
  skipped: [],
  missing: [],
  suppressed: [],
  outside: [],
  incomplete: [],
  complete: true,
  engine: 'cat-file',
  stats: {
    bytesInflated: 5_800_000_000,
    bytesLookedAt: 4_000_000,
    candidates: 3000,
    decided: 900,
    inherited: 0,
    throughGit: 0,
    cached: 0,
  },
};

export const coverage = (changes: Partial<Coverage> = {}): Coverage => ({ ...wholeCoverage, ...changes });

/** A report of these; the summary counts them, and `inert` more that are not shown. */
export const report = (changes: Partial<Report> = {}, { inert = 12 }: { readonly inert?: number } = {}): Report => {
  const credentials = changes.credentials ?? [];
  const sensitiveFiles = changes.sensitiveFiles ?? [];
  const found = [...credentials, ...sensitiveFiles];
  const count = (key: 'severity' | 'verdict', value: string): number =>
    found.filter((each) => each[key] === value).length;
  return {
    schemaVersion: 1,
    command: 'scan',
    tool: { name: 'unleak', version: '1.0.0', rulesVersion: '1' },
    scannedAt: '2026-11-24T12:00:00Z',
    durationMs: 1400,
    repository: {
      path: '/home/ada/shop',
      head: 'refs/heads/main',
      objectFormat: 'sha1',
      shallow: false,
      partial: false,
      remotes: [{ name: 'origin', url: 'https://git.example.org/shop.git' }],
    },
    scope: { mode: 'history', since: null, range: null, base: null },
    coverage: coverage(),
    refs: [
      'refs/heads/main',
      'refs/heads/release/2.1',
      'refs/tags/v2.1.0',
      'refs/remotes/origin/main',
      ...Array.from({ length: 10 }, (_, index) => `refs/heads/topic-${index}`),
    ],
    summary: {
      bySeverity: {
        critical: count('severity', 'critical'),
        high: count('severity', 'high'),
        medium: count('severity', 'medium'),
        low: count('severity', 'low'),
        info: count('severity', 'info') + inert,
      },
      byVerdict: {
        confirmed: count('verdict', 'confirmed'),
        likely: count('verdict', 'likely'),
        possible: count('verdict', 'possible'),
        inert: count('verdict', 'inert') + inert,
      },
      byRule: Object.fromEntries(found.map(({ rule }) => [rule, 1])),
    },
    ...changes,
    credentials,
    sensitiveFiles,
  };
};

/** The report of screens that people see first. */
export const findingsReport = (): Report =>
  report({
    credentials: [connectionPassword(), rsaKey(), credential()],
    sensitiveFiles: [sensitiveFile()],
    coverage: coverage({
      suppressed: [{ by: 'config', file: '.unleak.json', count: 3 }],
      skipped: [{ oid: blobOid, source: 'blob', reason: 'above --max-blob-size' }],
      outside: [{ what: 'submodule', detail: 'vendor/libfoo' }],
    }),
  });

const escapeCharacter = String.fromCharCode(27);

/** Everything that repository text can try with a terminal or a log. */
export const hostileStrings = {
  path: `a\n::error::x\r\t${escapeCharacter}[2J${escapeCharacter}]0;pwned\u0007/\u202egnp.exe/\u0085##[command]rm/e${'\u0301'.repeat(40)}`,
  person: `::set-output name=x::y ##vso[task] \u200b\u2066Ada`,
  cjk: '設定/本番環境の秘密の設定ファイル/データベース接続情報/パスワード.env',
  long: `${'very-long-folder-name/'.repeat(30)}secret.env`,
} as const;

export const hostileReport = (): Report =>
  report({
    repository: { ...report().repository, path: `/tmp/${hostileStrings.path}` },
    refs: [`refs/heads/${hostileStrings.person}`, 'refs/heads/main', 'refs/heads/x'],
    credentials: [
      credential({
        title: `key of ${hostileStrings.person}`,
        reasons: [{ kind: 'x', verdict: 'likely', detail: hostileStrings.path }],
        exposures: [hostileStrings.path, hostileStrings.cjk, hostileStrings.long].map((path, index) =>
          exposure({
            path,
            refs: [index % 2],
            wrapping: index === 0 ? ['utf-16le', 'base64'] : [],
            introduced: { commit: commitA, author: hostileStrings.person, email: hostileStrings.path, date: null },
          }),
        ),
        pairs: [{ role: hostileStrings.person, credential: 'u1-aaaaaaaaaaaaaaaa' }],
        rotate: { id: 'x', console: hostileStrings.path, docs: hostileStrings.person, steps: [hostileStrings.person] },
      }),
    ],
    coverage: coverage({
      complete: false,
      incomplete: [{ reason: 'unreadable', detail: hostileStrings.path, remedy: hostileStrings.person }],
      suppressed: [{ by: hostileStrings.person, file: hostileStrings.path, count: 1 }],
      outside: [{ what: hostileStrings.person, detail: hostileStrings.path }],
      skipped: [{ oid: null, source: hostileStrings.path, reason: hostileStrings.person }],
      missing: [hostileStrings.path],
    }),
  });
