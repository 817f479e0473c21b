import { readFileSync } from 'node:fs';
import { oidBytes } from '../git/index.ts';
import { findObject, type Inventory, parsePackIndex } from '../objects/index.ts';
import { isFailure } from '../text/index.ts';
import {
  digestOfFile,
  encodeHistory,
  type HistoryEntry,
  isSettled,
  type KnownHistory,
  type PackFile,
  renumberEntries,
  renumberHistory,
  renumbering,
  type StoreFiles,
} from './cache/index.ts';
import { renumberCommits } from './commit-rows.ts';
import { inspectedToKeep } from './known-inspections.ts';
import type { ScannedRepository } from './scanned-repository.ts';

type Stamps = readonly (readonly [path: string, stamp: string])[];

/**
 * What an entry says of the objects of this run. Known is only what unchanged packs hold, and no other file: whatever git reads, it
 * reads from there. Their sizes are told to the inventory.
 * @returns null where a file that it was read from has changed, or where what it counted as missing or there is not so any more.
 */
export const knownHistory = (entry: HistoryEntry, files: StoreFiles, inventory: Inventory): KnownHistory | null => {
  if (!isSame(entry.overviews, overviewsOf(files)) || !entry.packs.every((file) => isThere(file, files))) return null;
  if (inventory.problems.length > 0 || inventory.salvaged.length > 0) return null;
  const numbers = renumbering(entry.oids, inventory.oids, oidBytes(inventory.format));
  if (numbers === null || hasCome(entry, inventory)) return null;
  const isKnown = new Uint8Array(inventory.count);
  for (let object = 0; object < numbers.length; object++) isKnown[numbers[object] ?? 0] = entry.isKnown[object] ?? 0;
  const old = new Set(entry.packs.map(({ path }) => path));
  const others = [...files.packed.keys()].filter((path) => path.endsWith('.idx') && !old.has(path));
  if (!clearListed(isKnown, others, files, inventory)) return null;
  for (let object = 0; object < numbers.length; object++) {
    const number = numbers[object] ?? 0;
    if (isKnown[number] === 1) inventory.sizes[number] = entry.sizes[object] ?? 0;
  }
  return renumberHistory(entry, numbers, isKnown);
};

/** Whether the entry holds all that settled packs hold, by their stamps as they are now: then it need not be written again. */
export const isCurrent = ({ packs }: HistoryEntry, files: StoreFiles, startedMs: number): boolean => {
  const settled = settledPacks(files, startedMs);
  const stamps = new Map(packs.map(({ path, stamp }) => [path, stamp] as const));
  return settled.every(([path, stamp]) => stamps.get(path) === stamp);
};

/**
 * What was found in objects that only settled packs hold.
 * @param startedMs when reading began, milliseconds since 1970; that nothing has changed since is the caller's to know.
 * @param before the entry that was used: what it says of the bytes of packs with the same stamp need not be computed again.
 * @returns null where nothing can be kept: no settled pack, or something could not be read.
 */
export const historyToKeep = (
  { swept, inspections, inventory }: ScannedRepository,
  files: StoreFiles,
  startedMs: number,
  before: HistoryEntry | null,
): Uint8Array | null => {
  const settledStamps = settledPacks(files, startedMs);
  if (settledStamps.length === 0 || !swept.complete || swept.problems.length > 0 || inventory.salvaged.length > 0)
    return null;
  const isKnown = new Uint8Array(inventory.count).fill(1);
  const settled = new Set(settledStamps.map(([path]) => path));
  const others = [...files.packed.keys()].filter((path) => path.endsWith('.idx') && !settled.has(path));
  if (!clearListed(isKnown, others, files, inventory)) return null;
  const packs = settledStamps.map(([path, stamp]) => {
    const same = before?.packs.find((file) => file.path === path && file.stamp === stamp);
    return { path, stamp, digest: same?.digest ?? digestOfFile(path) ?? '' };
  });
  const { found, trees } = swept.parts;
  const { inspected } = inspections;
  const isKept = (object: number): boolean => isKnown[object] === 1;
  const own = <Row extends { readonly object: number }>(rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ object }) => isKept(object));
  return encodeHistory({
    packs,
    overviews: overviewsOf(files),
    oids: copyOf(inventory.oids),
    sizes: Float64Array.from(inventory.sizes),
    isKnown,
    found: {
      findings: own(found.rows.findings),
      commits: renumberCommits(found.rows.commits, (object) => object, isKept),
      tags: own(found.rows.tags),
      missing: found.rows.missing.filter(({ namedBy }) => isKept(namedBy)),
    },
    trees: {
      entries: renumberEntries(trees.entries, (object) => object, isKept),
      markedNames: trees.markedNames,
      elsewhere: copyOf(trees.elsewhere),
      covered: trees.covered,
      isWhole: trees.isWhole,
      missing: trees.missing,
    },
    inspected: inspectedToKeep(inspected, found.rows.findings, isKept),
  });
};

/** Packs with their indexes that have not been written to lately. */
const settledPacks = ({ packed }: StoreFiles, startedMs: number): Stamps =>
  [...packed.keys()].flatMap((path) => {
    if (!path.endsWith('.pack')) return [];
    const pair = [path, path.replace(/\.pack$/, '.idx')].flatMap((each) => {
      const stamp = packed.get(each);
      return stamp !== undefined && isSettled(stamp.changedAtNs, startedMs) ? [[each, stamp.text] as const] : [];
    });
    return pair.length === 2 ? pair : [];
  });

/** An overview of several packs is an index too, and git prefers it. */
const overviewsOf = ({ packed }: StoreFiles): Stamps =>
  [...packed].filter(([path]) => /[/\\]multi-pack-index[^/\\]*$/.test(path)).map(([path, { text }]) => [path, text]);

const isThere = ({ path, stamp, digest }: PackFile, { packed }: StoreFiles): boolean => {
  const now = packed.get(path);
  return now !== undefined && (now.text === stamp || (digest !== '' && digestOfFile(path) === digest));
};

const isSame = (a: Stamps, b: Stamps): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether something is here now that was named and missing. */
const hasCome = ({ found, trees }: HistoryEntry, inventory: Inventory): boolean =>
  [...found.missing.map(({ oid }) => oid as string), ...trees.missing].some(
    (oid) => findObject(inventory, Buffer.from(oid, 'hex'), 0) >= 0,
  );

/** Clears what other packs list, and loose objects. @returns false where an index cannot be read. */
const clearListed = (
  isKnown: Uint8Array,
  indexes: readonly string[],
  { loose }: StoreFiles,
  inventory: Inventory,
): boolean => {
  const clear = (oids: Uint8Array, at: number): void => {
    const object = findObject(inventory, oids, at);
    if (object >= 0) isKnown[object] = 0;
  };
  for (const oid of loose) clear(Buffer.from(oid, 'hex'), 0);
  for (const path of indexes) {
    const bytes = indexBytes(path);
    const index = bytes === null ? null : parsePackIndex(bytes, inventory.format);
    if (bytes === null || index === null || isFailure(index)) return false;
    for (let i = 0; i < index.count; i++) clear(bytes, index.oidStart + i * index.oidStride);
  }
  return true;
};

const indexBytes = (path: string): Uint8Array | null => {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
};

/** Out of memory that threads share, which is not written as it is. */
const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);
