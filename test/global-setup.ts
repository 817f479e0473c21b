import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The tests drive the built command and load the built kernel; `npm test` builds both first, a bare `vitest` may not. */
export default function setUp(): () => void {
  if (!existsSync(new URL('../dist/kernel.wasm', import.meta.url))) {
    throw new Error('dist/ is missing. Run: npm run build');
  }
  // Scans of the built command keep their results here, not with those of whoever runs the tests.
  const cache = mkdtempSync(join(tmpdir(), 'unleak-cache-'));
  process.env['XDG_CACHE_HOME'] = cache;
  return () => rmSync(cache, { recursive: true, force: true });
}
