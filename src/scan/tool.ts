import { readFileSync } from 'node:fs';
import type { Report } from '../exposure/index.ts';
import { rulesVersion } from './rules-version.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const tool: Report['tool'] = { name: 'unleak', version, rulesVersion };
