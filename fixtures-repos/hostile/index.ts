/**
 * Repositories that are damaged, malformed or made to do harm, each with what a scan must still do: report what can be read,
 * name what cannot, end. Nothing in them executes anything; that is tested where git is started.
 */
export { buildHostile, type HostileRepo, hostileGroups, hostileNames } from './build-hostile.ts';
export type { HostilePart } from './kit.ts';
