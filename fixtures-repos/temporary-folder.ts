import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const live = new Set<string>();

export interface TemporaryFolder {
  readonly path: string;
  /** Removes it now; without a call it goes after the test file (see test/dispose-repos.ts). */
  dispose(): void;
}

/** A new empty folder, its links resolved, so that paths compare equal. */
export const temporaryFolder = (): TemporaryFolder => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'unleak-fixture-')));
  live.add(path);
  return { path, dispose: () => remove(path) };
};

/** Removes every folder of this thread that is still there. */
export const disposeAll = (): void => {
  for (const path of live) remove(path);
};

const remove = (path: string): void => {
  live.delete(path);
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
};
