import { existsSync } from 'node:fs';

/** The tests drive the built command and load the built kernel; `npm test` builds both first, a bare `vitest` may not. */
export default function requireBuild(): void {
  if (!existsSync(new URL('../dist/kernel.wasm', import.meta.url))) {
    throw new Error('dist/ is missing. Run: npm run build');
  }
}
