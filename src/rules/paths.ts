import { clientPaths } from './paths-clients.ts';
import { configPaths } from './paths-config.ts';
import { keyPaths } from './paths-keys.ts';
import type { PathRule } from './rule.ts';

/**
 * Files that are leaks by their name, or whose name chooses the parser that reads them. Names that tell nothing beyond
 * what the text rules find anyway (logs, notebooks, `known_hosts`, scanner baselines) are left out on purpose.
 */
export const pathRules: readonly PathRule[] = [...keyPaths, ...configPaths, ...clientPaths];
