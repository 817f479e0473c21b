import type { Report } from '../exposure/index.ts';
import { type Oid, ReadGit } from '../git/index.ts';
import { findObject, visitHere } from '../objects/index.ts';
import { openRepository, type Repository, readIndex } from '../repo/index.ts';
import type { Emit } from './events.ts';
import { FanOutVisitor } from './fan-out-visitor.ts';
import { FlatScan } from './flat-scan.ts';
import { HeadVisitor } from './head-visitor.ts';
import { listFiles } from './list-files.ts';
import type { ScanRequest } from './request.ts';
import { type FilesRead, flatCoverage, readFiles } from './scan-files.ts';
import { inventoryOf } from './small-inventory.ts';

/** Scans what is staged, the work tree, or both, instead of history: at a cost that follows their size, not the repository's. */
export const scanUncommitted = async (
  request: ScanRequest,
  path: string,
  emit: Emit,
  signal: AbortSignal,
): Promise<Report> => {
  const startedAt = performance.now();
  const repository = await openRepository(path);
  const scan = new FlatScan(request, repository.remotes.length > 0 ? 'unknown' : 'no-remote');
  const parts: FilesRead[] = [];
  if (request.scope.includes('staged')) parts.push(await scanStaged(scan, repository, emit));
  if (request.scope.includes('worktree') && repository.workTree !== null)
    parts.push(await scanWorktree(scan, repository, repository.workTree, request, emit, signal));
  const report = await scan.report(
    {
      mode: request.scope.includes('staged') ? 'staged' : 'worktree',
      since: null,
      range: null,
      base: repository.head.oid,
    },
    {
      path: repository.path,
      head: repository.head.symbolic ?? repository.head.oid,
      objectFormat: repository.format,
      shallow: repository.shallowCommits.length > 0,
      partial: repository.isPartial,
      remotes: repository.remotes.map(({ name, url }) => ({ name, url })),
    },
    flatCoverage(sum(parts), request.engine, signal),
    Math.round(performance.now() - startedAt),
  );
  emit({ type: 'scan-finished', report });
  return report;
};

const sum = (parts: readonly FilesRead[]): FilesRead => ({
  files: parts.reduce((total, { files }) => total + files, 0),
  bytes: parts.reduce((total, { bytes }) => total + bytes, 0),
  skipped: parts.flatMap(({ skipped }) => skipped),
  unreadable: parts.flatMap(({ unreadable }) => unreadable),
});

const scanWorktree = async (
  scan: FlatScan,
  repository: Repository,
  workTree: string,
  request: ScanRequest,
  emit: Emit,
  signal: AbortSignal,
): Promise<FilesRead> => {
  const worktree = repository.worktrees.find((one) => one.path === workTree);
  const entries = worktree === undefined ? [] : (await readIndex(repository, worktree)).entries;
  const listing = await listFiles(workTree, 'gitignore', new Set(entries.map((entry) => entry.path)));
  return readFiles(scan, workTree, listing, 'worktree', request, emit, signal);
};

/** Blobs of the index that are not at the same path in HEAD. */
const scanStaged = async (scan: FlatScan, repository: Repository, emit: Emit): Promise<FilesRead> => {
  const { objectDirectory, format } = repository;
  const alternateDirectories = repository.alternates.map(({ directory }) => directory);
  await using readGit = await ReadGit.open({ objectDirectory, alternateDirectories, format, outside: repository.path });
  const worktree = repository.worktrees.find((one) => one.path === repository.workTree);
  const index = worktree === undefined ? { entries: [], problem: null } : await readIndex(repository, worktree);
  const committed = await pathsOf(readGit, repository.head.oid);
  const staged = index.entries.filter(
    ({ path, oid, mode }) => mode !== gitlink && mode !== folder && committed.get(path) !== oid,
  );
  emit({ type: 'scan-started', path: repository.path, objects: staged.length, bytes: 0 });
  const inventory = inventoryOf(
    staged.map(({ oid }) => oid),
    format,
  );
  const numbers = new Map<number, number[]>();
  for (const { path, oid } of staged) {
    const object = findObject(inventory, Buffer.from(oid, 'hex'), 0);
    numbers.set(object, [...(numbers.get(object) ?? []), scan.add({ source: 'index', path, oid })]);
  }
  let bytes = 0;
  const problems = await visitHere(
    { source: readGit, inventory, objects: inventory.order },
    new FanOutVisitor(scan.visitor, numbers),
  );
  const heads = new HeadVisitor((object, head, isWhole) => {
    bytes += head.length;
    for (const number of numbers.get(object) ?? [])
      if (scan.pathRulesOf(number).length > 0) scan.inspect(number, head, isWhole);
  });
  await visitHere({ source: readGit, inventory, objects: inventory.order }, heads);
  const unreadable = [...problems.map(({ oid, where }) => oid ?? where), ...(index.problem === null ? [] : ['index'])];
  return {
    files: staged.length - problems.length,
    bytes,
    skipped: [
      ...problems.map(({ oid, where, reason }) => ({ oid: null, source: oid ?? where, reason })),
      ...(index.problem === null ? [] : [{ oid: null, source: 'index', reason: index.problem }]),
    ],
    unreadable,
  };
};

const gitlink = 0o160000;
const folder = 0o040000;

/** Path → blob of a commit's tree; nothing for an unborn branch. */
const pathsOf = async (readGit: ReadGit, commit: Oid | null): Promise<ReadonlyMap<string, string>> => {
  if (commit === null) return new Map();
  const { stdout } = await readGit.run(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const rows = Buffer.from(stdout).toString('latin1').split('\0');
  return new Map(
    rows.flatMap((row) => {
      const [, oid, path] = /^\d+ \w+ ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
      return oid === undefined || path === undefined ? [] : [[path, oid] as const];
    }),
  );
};
