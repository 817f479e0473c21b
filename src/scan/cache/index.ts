/**
 * What earlier scans found, kept in a folder that is the user's alone. An entry holds for the very files that it was read from, told
 * by device, inode, size and times, never for an oid that somebody merely claims. It must not know how objects are read, and it never
 * holds a secret: findings stand under a keyed hash. Whatever does not verify is not there. docs/cache.md says what is kept, and why.
 */
export { CacheFolder, type CacheRefusal } from './cache-folder.ts';
export { decodeHistory, encodeHistory, type HistoryEntry, type KnownTrees, type PackFile } from './history-entry.ts';
export { type ReportState, readKeptReport, reportState, writeKeptReport } from './kept-report.ts';
export { type KnownHistory, renumberEntries, renumberHistory, renumbering } from './renumber-history.ts';
export { digestOfFile, isSettled, readStamps, readStoreFiles, type StoreFiles } from './store-files.ts';
