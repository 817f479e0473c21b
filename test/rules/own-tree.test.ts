import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Detector } from '../../src/detect/index.ts';
import { catalogue, isAtLeastAsSure } from '../../src/rules/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the rules themselves, their examples and their tests hold nothing that looks like a credential', () => {
  const detector = new Detector(catalogue);
  const found: string[] = [];
  for (const folder of ['src', 'test', 'fixtures-repos']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    for (const file of files) {
      for (const { rule, judgement, span } of detector.find(readFileSync(join(root, folder, file)))) {
        if (isAtLeastAsSure(judgement.verdict, 'likely'))
          found.push(`${rule.id} in ${folder}/${file} at ${span.start}`);
      }
    }
  }
  expect(found).toEqual([]);
});
