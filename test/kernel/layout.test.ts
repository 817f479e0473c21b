import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { layout } from '../../src/kernel/layout.ts';

test('host and kernel mean the same places', () => {
  const source = readFileSync(new URL('../../src/kernel/assembly/layout.ts', import.meta.url), 'utf8');
  const places = [...source.matchAll(/^export const (\w+): usize = (0x[0-9a-f]+);/gm)];
  expect(Object.fromEntries(places.map(([, name = '', at]) => [name.toLowerCase(), Number(at)]))).toEqual(layout);
});
