/**
 * Findings and history become credentials and their exposures: where, since when, removed by which commit, reached by which
 * refs. Pure: commits, trees and findings come in as values, the Report's and Coverage's values go out.
 */
export { type Attribution, type AttributionInput, attribute, type Run } from './attribute.ts';
export type { CommitTable, TreeEntries } from './history.ts';
export { type OrphanInput, orphans } from './orphans.ts';
export type { SubjectsAt } from './places.ts';
export type { Tip } from './ref-sets.ts';
export { refsReaching } from './refs-reaching.ts';
export * from './report.ts';
