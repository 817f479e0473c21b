/**
 * Findings and history become credentials and their exposures: where, since when, removed by which commit, reached by which
 * refs. Pure: commits, trees and findings come in as values, the Report's and Coverage's values go out.
 */
export type { CommitTable, TreeEntries } from './history.ts';
export * from './report.ts';
