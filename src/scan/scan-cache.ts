import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Report } from '../exposure/index.ts';
import { findGit } from '../git/index.ts';
import type { Repository } from '../repo/index.ts';
import {
  CacheFolder,
  isSettled,
  type ReportState,
  readKeptReport,
  readStamps,
  readStoreFiles,
  reportState,
  type StoreFiles,
  writeKeptReport,
} from './cache/index.ts';
import { codeDigest } from './code-digest.ts';
import type { Emit } from './events.ts';
import type { ScanRequest } from './request.ts';
import { tool } from './tool.ts';

/** What one scan of a repository has of the cache: the report of the very same state, if an earlier run has made it. */
export class ScanCache {
  readonly folder: CacheFolder | null;
  readonly files: StoreFiles | null;
  readonly #request: ScanRequest;
  readonly #repository: Repository;
  readonly #emit: Emit;
  readonly #startedMs = Date.now();
  readonly #state: ReportState | null;

  private constructor(request: ScanRequest, repository: Repository, emit: Emit, gitName: string | null) {
    this.#request = request;
    this.#repository = repository;
    this.#emit = emit;
    // Without git less is read, and nothing of that is kept.
    this.folder = gitName === null ? null : openFolder(request, emit);
    this.files = this.folder === null ? null : readStoreFiles(storesOf(repository));
    this.#state = gitName === null || this.files === null ? null : this.#stateWith(this.files, gitName);
  }

  /** Looks at what stands now, before anything is read. Without a folder, all of it is empty. */
  static async open(request: ScanRequest, repository: Repository, emit: Emit): Promise<ScanCache> {
    const git = request.cacheDirectory === undefined ? null : await findGit(repository.path);
    return new ScanCache(request, repository, emit, git && `${git.path} ${git.version.text}`);
  }

  /** For identities of secrets: the folder's, else one of this run alone. */
  get key(): Uint8Array {
    return this.folder?.identityKey ?? randomBytes(32);
  }

  /** When reading began, milliseconds since 1970. */
  get startedMs(): number {
    return this.#startedMs;
  }

  report(): Report | null {
    // A report with secrets is never written, so there is none to read.
    if (this.folder === null || this.#state === null || this.#request.showSecrets) return null;
    return readKeptReport(this.folder, this.#state, this.#request.now);
  }

  /**
   * Keeps a report, if all that it was made of stood still meanwhile.
   * @param expiries when findings expire, milliseconds since 1970.
   */
  keep(report: Report, expiries: readonly number[]): void {
    const { folder, files } = this;
    if (folder === null || files === null || this.#state === null || this.#request.showSecrets) return;
    if (!report.coverage.incomplete.every(({ reason }) => lasting.has(reason)) || !this.isUnchanged()) return;
    const failure = writeKeptReport(folder, this.#state, {
      report,
      moments: [...expiries, ...endsOfUnreachable(report)],
      now: this.#request.now,
    });
    if (failure !== null) this.refuse(failure);
  }

  /** Whether all files stand as they stood, and so long that a later write would have shown. */
  isUnchanged(): boolean {
    const { files } = this;
    if (files === null) return false;
    const indexes = readStamps(indexFolders(this.#repository), isIndexName);
    if (!isSettled(files.changedAtNs, this.#startedMs) || !isSettled(indexes.changedAtNs, this.#startedMs))
      return false;
    const now = readStoreFiles(storesOf(this.#repository));
    return now.digest === files.digest && indexes.digest === this.#indexes;
  }

  refuse(reason: string): void {
    const { cacheDirectory } = this.#request;
    if (cacheDirectory !== undefined) this.#emit({ type: 'cache-refused', directory: cacheDirectory, reason });
  }

  #indexes = '';

  #stateWith(files: StoreFiles, gitName: string): ReportState {
    this.#indexes = readStamps(indexFolders(this.#repository), isIndexName).digest;
    // Jobs change no byte of a report, durations and dates are said anew.
    const { target, jobs, now, fixedClock, cacheDirectory, ...asked } = this.#request;
    return reportState({ path: this.#repository.path, asked }, [
      codeDigest(),
      tool,
      gitName,
      asked,
      this.#repository,
      files.digest,
      this.#indexes,
    ]);
  }
}

/** Reasons that hold as long as the files do; a file that could not be opened may open tomorrow. */
const lasting: ReadonlySet<string> = new Set(['shallow', 'partial', 'missing-objects', 'no-commits']);

const openFolder = ({ cacheDirectory }: ScanRequest, emit: Emit): CacheFolder | null => {
  if (cacheDirectory === undefined) return null;
  const opened = CacheFolder.open(cacheDirectory);
  if (opened instanceof CacheFolder) return opened;
  emit({ type: 'cache-refused', directory: cacheDirectory, reason: opened.refused });
  return null;
};

const storesOf = ({ objectDirectory, alternates }: Repository): readonly string[] => [
  objectDirectory,
  ...alternates.map(({ directory }) => directory),
];

const indexFolders = ({ worktrees }: Repository): readonly string[] =>
  worktrees.map(({ indexPath }) => dirname(indexPath));
const isIndexName = (name: string): boolean => /^(?:index|sharedindex\..*)$/.test(name);

/** What is said of unreachable objects turns when git may remove them. */
const endsOfUnreachable = ({ credentials, sensitiveFiles }: Report): readonly number[] =>
  [...credentials, ...sensitiveFiles].flatMap(({ exposures }) =>
    exposures.flatMap(({ unreachable }) => {
      const until = Date.parse(unreachable?.until ?? '');
      return Number.isNaN(until) ? [] : [until];
    }),
  );
