import { expect, test } from 'vitest';
import { catalogue, categories, pathRules, rotationFor } from '../../src/rules/index.ts';
import { fallbacks } from '../../src/rules/rotation.ts';
import { rotationTable } from '../../src/rules/rotation-table.ts';

test('every rule says how to make harmless what it finds', () => {
  for (const rule of [...catalogue, ...pathRules]) {
    const rotation = rotationFor(rule);
    expect(rotation.id, rule.id).toBe(rule.rotate);
    expect(rotation.steps.length, rule.id).toBeGreaterThanOrEqual(2);
  }
});

test('advice is sentences, and addresses are https', () => {
  for (const [id, row] of Object.entries(rotationTable)) {
    for (const note of row.notes) expect(note, id).toMatch(/^[A-Z].{10,200}[.:]?$/s);
    if (row.docs !== null) expect(row.docs, id).toMatch(/^https:\/\/\S+$/);
  }
});

test('an id that the table does not have falls back to the category', () => {
  for (const category of categories) expect(rotationTable[fallbacks[category]], category).toBeDefined();
  const rotation = rotationFor({ rotate: 'unheard-of', category: 'payment', docs: 'https://provider.test/' });
  expect(rotation).toMatchObject({ id: 'payment-provider-key' });
  expect(rotationFor({ rotate: 'unheard-of' }).id).toBe('env-file');
});

test('what lives on after revocation is said', () => {
  const steps = rotationFor({ rotate: 'aws-access-key', category: 'cloud', docs: 'https://x.test' }).steps.join(' ');
  expect(steps).toMatch(/^Revoke it now/);
  expect(steps).toContain('not enough');
});
