/**
 * The plant harness: repositories with secrets at every place where git can hold one, and one manifest of what must be said of
 * each. A scan, every engine, the rewrite and the proof are held to it. `checkReport` compares; what a report shows and the
 * manifest does not know is a decoy.
 */
export { buildPlants } from './build-plants.ts';
export { checkReport, type IdOf, leakedValues, type Verdicts } from './check-report.ts';
export type { Expected, Plant, PlantRepo, Plants, State } from './plant.ts';
