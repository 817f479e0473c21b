import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Report } from '../exposure/index.ts';
import { findGit } from '../git/index.ts';
import type { Inventory } from '../objects/index.ts';
import type { Repository } from '../repo/index.ts';
import {
  CacheFolder,
  decodeHistory,
  type HistoryEntry,
  isSettled,
  type KnownHistory,
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
import { historyToKeep, isCurrent, knownHistory } from './history-cache.ts';
import type { ScanRequest } from './request.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { tool } from './tool.ts';

/**
 * What one scan of a repository has of the cache: the report of the very same state, if an earlier run has made it; else what was
 * found in packs that have not changed since.
 */
export class ScanCache {
  readonly #request: ScanRequest;
  readonly #repository: Repository;
  readonly #emit: Emit;
  readonly #startedMs = Date.now();
  readonly #opened: Opened | null;
  /** An entry holds all that settled packs hold; another need not be written. */
  #isHistoryKept = false;
  #entry: HistoryEntry | null = null;

  private constructor(request: ScanRequest, repository: Repository, emit: Emit, opened: Opened | null) {
    this.#request = request;
    this.#repository = repository;
    this.#emit = emit;
    this.#opened = opened;
  }

  /** Looks at what stands now, before anything is read. Where no folder is named, or it is refused, the cache is empty. */
  static async open(request: ScanRequest, repository: Repository, emit: Emit): Promise<ScanCache> {
    // Without git less is read, and nothing of that is kept.
    const git = request.cacheDirectory === undefined ? null : await findGit(repository.path);
    const opened = git === null ? null : openFor(request, repository, `${git.path} ${git.version.text}`, emit);
    return new ScanCache(request, repository, emit, opened);
  }

  /** For identities of secrets: the folder's, else one of this run alone. */
  get key(): Uint8Array {
    return this.#opened?.folder.identityKey ?? randomBytes(32);
  }

  /** The report of the very same state. One with secrets is never kept. */
  report(): Report | null {
    if (this.#opened === null || this.#request.showSecrets) return null;
    return readKeptReport(this.#opened.folder, this.#opened.report, this.#request.now);
  }

  /** What earlier scans found in packs that have not changed since. */
  history(inventory: Inventory): KnownHistory | null {
    if (this.#opened === null) return null;
    const { folder, files, history } = this.#opened;
    const bytes = folder.read('history', history);
    this.#entry = bytes === null ? null : decodeHistory(bytes);
    const known = this.#entry === null ? null : knownHistory(this.#entry, files, inventory);
    this.#isHistoryKept = known !== null && this.#entry !== null && isCurrent(this.#entry, files, this.#startedMs);
    return known;
  }

  /** Keeps what was found and reported, if the files that it was read from stood still meanwhile. */
  keep(report: Report, scanned: ScannedRepository): void {
    if (this.#opened === null) return;
    const { folder, files, history } = this.#opened;
    const found = this.#isHistoryKept ? null : historyToKeep(scanned, files, this.#startedMs, this.#entry);
    // After the last look at a file's bytes: what its stamp and its digest say is then of the same file.
    if (readStoreFiles(storesOf(this.#repository)).digest !== files.digest) return;
    const failure =
      (found === null ? null : folder.write('history', history, found)) ??
      this.#keepReport(this.#opened, report, scanned.swept.expiries);
    const { cacheDirectory: directory = '' } = this.#request;
    if (failure !== null) this.#emit({ type: 'cache-refused', directory, reason: failure });
  }

  #keepReport(
    { folder, files, indexes, report: state }: Opened,
    report: Report,
    expiries: readonly number[],
  ): string | null {
    if (this.#request.showSecrets || !report.coverage.incomplete.every(({ reason }) => lasting.has(reason)))
      return null;
    const after = indexesOf(this.#repository);
    const isOld = [after, files].every(({ changedAtNs }) => isSettled(changedAtNs, this.#startedMs));
    if (after.digest !== indexes || !isOld) return null;
    const moments = [...expiries, ...endsOfUnreachable(report)];
    return writeKeptReport(folder, state, { report, moments, now: this.#request.now });
  }
}

interface Opened {
  readonly folder: CacheFolder;
  readonly files: StoreFiles;
  /** Digest over the indexes of all work trees. */
  readonly indexes: string;
  readonly report: ReportState;
  /** Subject of the entry that keeps what was found. */
  readonly history: string;
}

const openFor = (request: ScanRequest, repository: Repository, git: string, emit: Emit): Opened | null => {
  const { target, jobs, now, fixedClock, cacheDirectory, ...asked } = request; // what is left out changes no byte, or is said anew
  if (cacheDirectory === undefined) return null;
  const folder = CacheFolder.open(cacheDirectory);
  if (!(folder instanceof CacheFolder)) {
    emit({ type: 'cache-refused', directory: cacheDirectory, reason: folder.refused });
    return null;
  }
  const stores = storesOf(repository);
  const files = readStoreFiles(stores);
  const indexes = indexesOf(repository).digest;
  const program = [codeDigest(), tool];
  const { path } = repository;
  const { onlyRules, withoutRules, maxBlobSizeBytes, engine } = request;
  return {
    folder,
    files,
    indexes,
    report: reportState({ path, asked }, [program, git, asked, repository, files.digest, indexes]),
    history: JSON.stringify([program, git, stores, onlyRules, withoutRules, maxBlobSizeBytes, engine]),
  };
};

/** Reasons that hold as long as the files do; a file that could not be opened may open tomorrow. */
const lasting: ReadonlySet<string> = new Set(['shallow', 'partial', 'missing-objects', 'no-commits']);

const storesOf = ({ objectDirectory, alternates }: Repository): readonly string[] => [
  objectDirectory,
  ...alternates.map(({ directory }) => directory),
];

const indexesOf = ({ worktrees }: Repository): Pick<StoreFiles, 'digest' | 'changedAtNs'> =>
  readStamps(
    worktrees.map(({ indexPath }) => dirname(indexPath)),
    (name) => /^(?:index|sharedindex\..*)$/.test(name),
  );

/** What is said of unreachable objects turns when git may remove them. */
const endsOfUnreachable = ({ credentials, sensitiveFiles }: Report): readonly number[] =>
  [...credentials, ...sensitiveFiles].flatMap(({ exposures }) =>
    exposures.flatMap(({ unreachable }) => {
      const until = Date.parse(unreachable?.until ?? '');
      return Number.isNaN(until) ? [] : [until];
    }),
  );
