/**
 * Real repositories for tests, built by git from recipes in TypeScript (never a checked-in `.git`): fixed identities, dates and
 * zone, no user config, so that oids are stable. `buildRepo` is the brush; what is painted with it stands in the folders beside it.
 * Secrets are made at run time (`secrets/`), planted by `plants/`.
 */
export {
  type BuildOptions,
  type BuiltRepo,
  buildRepo,
  type FileContent,
  type Files,
  type Recipe,
  type RepoBuilder,
} from './build-repo.ts';
export { disposeAll, temporaryFolder } from './temporary-folder.ts';
