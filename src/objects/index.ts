/**
 * An oid in, object bytes out: which objects a store holds, and a sweep that shows every one of them once to a visitor, on
 * all cores. Parses what git stores (idx, pack entries, deltas, trees, commits, tags); trusts no number that it reads.
 */
export { CommitLinkReader } from './commit-links.ts';
export { Crew } from './crew.ts';
export { PackIndex, parsePackIndex } from './idx.ts';
export { type Inventory, type StoreProblem, typeCodes } from './inventory.ts';
export { inventoryWithoutGit } from './inventory-without-git.ts';
export {
  type NoGitRequest,
  openWithoutGit,
  type ReadWithoutGit,
  Sha256NeedsGitError,
  type WalkedObject,
  walkWithoutGit,
} from './no-git-reader.ts';
export { noObject } from './number-objects.ts';
export { ObjectBatch, type ShowObject } from './object-batch.ts';
export { findObject, OidTable } from './oid-table.ts';
export {
  endOfBaseOid,
  type PackEntryHeader,
  type PackEntryType,
  parseBaseDistance,
  parseEntryHeader,
} from './pack-entry.ts';
export type { DeclinedObject, ForestPack, PackForest } from './pack-forest.ts';
export { PackReader, type StreamAt, slackBytes } from './pack-reader.ts';
export { packedBytes } from './packed-bytes.ts';
export { type ParsedCommit, parseCommit } from './parse-commit.ts';
export type { Header } from './parse-headers.ts';
export type { Person } from './parse-person.ts';
export { type ParsedTag, parseTag } from './parse-tag.ts';
export { type EntryKind, entryKinds, readTreeEntries, TreeEntryReader, type VisitEntry } from './parse-tree.ts';
export { type InventoryRequest, type ObjectStore, readInventory } from './read-inventory.ts';
export { readTypes } from './read-types.ts';
export {
  type ObjectSource,
  type SweepProgress,
  type SweepRequest,
  type SweepResult,
  sweep,
  visitHere,
} from './sweep.ts';
export { overlapBytes, windowBytes } from './sweep-shards.ts';
export {
  type CreateVisitor,
  type DeltaVisitor,
  type Inherited,
  looksAtDeltas,
  type Part,
  type VisitedObject,
  type Visitor,
} from './visitor.ts';
