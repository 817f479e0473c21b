/**
 * Findings and history become credentials and their exposures: where, since when, removed by which commit, reached by which
 * refs, published or not, kept until when; under which id, and how sure. Pure: commits, trees and findings come in as values,
 * the Report's and Coverage's values go out.
 */
export { type Attribution, type AttributionInput, attribute, type Run, reachersOf } from './attribute.ts';
export { credentialId, sensitiveFileId, strongCredentialId } from './credential-id.ts';
export { credentialVerdict, exposureVerdict, type Judged } from './exposure-verdict.ts';
export { FilteredTrees } from './filtered-trees.ts';
export type { CommitTable, TreeEntries } from './history.ts';
export { askPlaces, type OrphanInput, orphans } from './orphans.ts';
export { judgePath, type PathClass, type PathEvidence, pathClasses } from './path-evidence.ts';
export type { SubjectsAt } from './places.ts';
export { isHostRef, type PublishedInput, publishedOf, publishedWorst } from './published.ts';
export type { Tip } from './ref-sets.ts';
export * from './report.ts';
export {
  compareCredentials,
  compareExposures,
  compareSensitiveFiles,
  coverageIsComplete,
  emptySummary,
  firstExposed,
  lastExposed,
  type Summary,
  summaryOf,
} from './summary.ts';
export {
  defaultExpiry,
  type ExpirySettings,
  explainUnreachable,
  type Keeper,
  type UnreachableInput,
} from './unreachable.ts';
