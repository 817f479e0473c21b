import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderOptionsTable } from '../../src/cli/index.ts';

test("the README's table of options is the one that the options give", () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(renderOptionsTable().trim());
});
