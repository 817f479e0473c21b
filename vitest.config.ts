import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/dispose-repos.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Repositories are built with real git in temporary directories: no isolation between files is needed, and starting
    // a fresh context for each costs more than the tests themselves.
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    env: { TZ: 'UTC', LC_ALL: 'C', NO_COLOR: '1' },
  },
});
