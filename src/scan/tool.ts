import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Report } from '../exposure/index.ts';
import { catalogue, pathRules } from '../rules/index.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Changes when any rule does: over what the rules say, functions by their text. */
const rulesVersion = createHash('sha256')
  .update(
    JSON.stringify([catalogue, pathRules], (_, value: unknown) =>
      typeof value === 'function' || value instanceof RegExp ? String(value) : value,
    ),
  )
  .digest('hex')
  .slice(0, 12);

export const tool: Report['tool'] = { name: 'unleak', version, rulesVersion };
