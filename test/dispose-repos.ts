import { afterAll } from 'vitest';
import { disposeAll } from '../fixtures-repos/index.ts';

// Runs around every test file: what it built in temporary folders goes with it.
afterAll(disposeAll);
