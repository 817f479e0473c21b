import { lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { KnownError } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import { latin1, utf8Bytes } from '../text/index.ts';
import type { Emit } from './events.ts';
import { FlatScan } from './flat-scan.ts';
import { type FileListing, filePath, listFiles, openRegular } from './list-files.ts';
import { readFrom, visitStream } from './read-parts.ts';
import type { ScanRequest } from './request.ts';

export class NothingToReadError extends KnownError {
  readonly code = 'nothing-to-read';
  constructor(path: string, cause?: unknown) {
    super(`${path} is neither a folder nor a regular file.`, 'Name a folder or a file, or - for standard input.', {
      cause,
    });
  }
}

/** Bytes of a file that its parser sees: configuration is small. */
const headBytes = 1 << 20;

/** Scans a folder's files, or one file, as they lie on disk. No link is followed. @throws NothingToReadError */
export const scanFiles = async (
  request: ScanRequest,
  path: string,
  emit: Emit,
  signal: AbortSignal,
): Promise<Report> => {
  const startedAt = performance.now();
  const stat = await lstat(path).catch((error: unknown) => {
    throw new NothingToReadError(path, error);
  });
  if (!stat.isDirectory() && !stat.isFile()) throw new NothingToReadError(path);
  const folder = stat.isDirectory() ? path : dirname(path);
  const listing = stat.isDirectory()
    ? await listFiles(path, 'none', new Set())
    : { files: [latin1(utf8Bytes(basename(path)))], skipped: [] };
  const scan = new FlatScan(request, 'no-remote');
  const read = await readFiles(scan, folder, listing, 'file', request, emit, signal);
  const report = await scan.report(
    { mode: 'files', since: null, range: null, base: null },
    { path, head: null, objectFormat: null, shallow: false, partial: false, remotes: [] },
    flatCoverage(read, 'cat-file', signal),
    Math.round(performance.now() - startedAt),
  );
  emit({ type: 'scan-finished', report });
  return report;
};

export interface FilesRead {
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly { readonly oid: null; readonly source: string; readonly reason: string }[];
  /** Regular files that could not be read: these make a scan incomplete. */
  readonly unreadable: readonly string[];
}

/** Shows every listed file to the scan, and those with a sensitive name to their parser. */
export const readFiles = async (
  scan: FlatScan,
  folder: string,
  listing: FileListing,
  source: 'file' | 'worktree',
  request: ScanRequest,
  emit: Emit,
  signal: AbortSignal,
): Promise<FilesRead> => {
  const skipped = listing.skipped.map(({ path, reason }) => ({ oid: null, source: path, reason }));
  const unreadable: string[] = listing.skipped
    .filter(({ reason }) => reason.startsWith('could not'))
    .map(({ path }) => path);
  emit({ type: 'scan-started', path: folder, objects: listing.files.length, bytes: 0 });
  let bytes = 0;
  let files = 0;
  for (const path of listing.files) {
    if (signal.aborted) break;
    const file = await openRegular(filePath(folder, path));
    if (file === null) {
      unreadable.push(path);
      skipped.push({ oid: null, source: path, reason: 'could not be opened' });
      continue;
    }
    try {
      const { size } = await file.stat();
      if (request.maxBlobSizeBytes !== null && size > request.maxBlobSizeBytes) {
        skipped.push({ oid: null, source: path, reason: 'larger than --max-blob-size' });
        continue;
      }
      const number = scan.add({ source, path, oid: null });
      bytes += await visitStream(readFrom(file), scan.visitor, number);
      if (scan.pathRulesOf(number).length > 0) {
        const head = new Uint8Array(Math.min(size, headBytes));
        const { bytesRead } = await file.read(head, 0, head.length, 0);
        scan.inspect(number, head.subarray(0, bytesRead), size <= headBytes);
      }
      files++;
    } catch (error) {
      unreadable.push(path);
      skipped.push({
        oid: null,
        source: path,
        reason: `could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      });
    } finally {
      await file.close();
    }
    emit({ type: 'progress', phase: 'blobs', done: files, total: listing.files.length, unit: 'objects' });
  }
  return { files, bytes, skipped, unreadable };
};

export const flatCoverage = (
  { files, bytes, skipped, unreadable }: FilesRead,
  engine: Report['coverage']['engine'],
  signal: AbortSignal,
): Omit<Report['coverage'], 'stats'> => {
  const incomplete: Report['coverage']['incomplete'] = [
    ...(signal.aborted
      ? [
          {
            reason: 'interrupted' as const,
            detail: 'The scan was interrupted before everything was read.',
            remedy: 'Run it again and let it finish.',
          },
        ]
      : []),
    ...(unreadable.length > 0
      ? [
          {
            reason: 'unreadable' as const,
            detail: `${unreadable.length} of ${files + unreadable.length} files could not be read: ${unreadable.slice(0, 3).join(', ')}${unreadable.length > 3 ? ' …' : ''}.`,
            remedy: 'Run it as a user who may read them.',
          },
        ]
      : []),
  ];
  return {
    objects: files,
    blobs: files,
    trees: 0,
    commits: 0,
    tags: 0,
    refs: 0,
    bytes,
    scannedBlobs: files,
    skipped,
    missing: [],
    suppressed: [],
    outside: [],
    incomplete,
    complete: incomplete.length === 0,
    engine,
  };
};

/** Scans standard input to its end. */
export const scanStdin = async (
  request: ScanRequest,
  input: AsyncIterable<Uint8Array>,
  emit: Emit,
  signal: AbortSignal,
): Promise<Report> => {
  const startedAt = performance.now();
  const scan = new FlatScan(request, 'no-remote');
  const number = scan.add({ source: 'stdin', path: null, oid: null });
  const bytes = await visitStream(fromChunks(input, signal), scan.visitor, number);
  const report = await scan.report(
    { mode: 'stdin', since: null, range: null, base: null },
    { path: '-', head: null, objectFormat: null, shallow: false, partial: false, remotes: [] },
    flatCoverage({ files: 1, bytes, skipped: [], unreadable: [] }, 'cat-file', signal),
    Math.round(performance.now() - startedAt),
  );
  emit({ type: 'scan-finished', report });
  return report;
};

const fromChunks = (input: AsyncIterable<Uint8Array>, signal: AbortSignal) => {
  const chunks = input[Symbol.asyncIterator]();
  // Whoever writes may be silent for hours: a signal does not wait for the next chunk.
  // (No race against one promise of the signal: that would keep every chunk until the end.)
  let stop = (): void => {};
  signal.addEventListener('abort', () => stop(), { once: true });
  const nextChunk = (): Promise<IteratorResult<Uint8Array, unknown>> =>
    new Promise((resolve, reject) => {
      stop = () => resolve({ done: true, value: undefined });
      chunks.next().then(resolve, reject);
    });
  let left: Uint8Array = new Uint8Array(0);
  return async (target: Uint8Array): Promise<number> => {
    while (left.length === 0) {
      if (signal.aborted) return 0;
      const next = await nextChunk();
      if (next.done === true) return 0;
      left = next.value;
    }
    const length = Math.min(left.length, target.length);
    target.set(left.subarray(0, length));
    left = left.subarray(length);
    return length;
  };
};
