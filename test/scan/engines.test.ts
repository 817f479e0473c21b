import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type BuiltRepo, buildRepo } from '../../fixtures-repos/build-repo.ts';
import type { Report } from '../../src/exposure/index.ts';
import { catalogue, createMaker } from '../../src/rules/index.ts';
import type { ScanRequest } from '../../src/scan/index.ts';
import { type Edit, edited } from '../detect/edit-script.ts';
import { scanHere } from './scan-here.ts';

const scanWith = (path: string, engine: ScanRequest['engine']): Promise<Report> =>
  scanHere(path, { engine, minSeverity: 'info', minVerdict: 'inert', showSecrets: true });

/** All but what says how it was read. */
const said = ({ coverage: { engine: _engine, stats: _stats, ...coverage }, ...report }: Report): string =>
  JSON.stringify({ ...report, coverage }, null, 1);

const lines = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, line) => `  sum += table[${(line * 7 + seed) % 97}] * ${line};\n`).join('');

const snippets = catalogue.flatMap((rule) =>
  [...rule.examples, ...rule.nearMisses.slice(0, 1)].map((make) => `${make(createMaker(rule.id))}\n`),
);

const piece = fc
  .oneof(
    { weight: 2, arbitrary: fc.constantFrom(...snippets) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.nat({ max: 90 }), fc.integer({ min: 1, max: 30 })).map(([a, b]) => lines(a, b)),
    },
    { weight: 1, arbitrary: fc.constantFrom('\0', '\xff\xfe', '-----BEGIN ', 'password = ') },
  )
  .map((text) => Buffer.from(text, 'latin1'));
const edit = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: piece }),
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), from: fc.nat(), length: fc.nat({ max: 3000 }) }),
) satisfies fc.Arbitrary<Edit>;

/** A file's versions: each edits the one before, or goes back to an older one and edits that. */
const files = fc.array(
  fc.record({
    start: fc.array(piece, { minLength: 5, maxLength: 25 }),
    versions: fc.array(fc.record({ back: fc.nat({ max: 6 }), edits: fc.array(edit, { minLength: 1, maxLength: 3 }) }), {
      minLength: 8,
      maxLength: 25,
    }),
  }),
  { minLength: 2, maxLength: 5 },
);

const versionsOf = ({
  start,
  versions,
}: {
  start: readonly Uint8Array[];
  versions: { back: number; edits: Edit[] }[];
}): Buffer[] => {
  const made: Buffer[] = [Buffer.concat(start)];
  for (const { back, edits } of versions)
    made.push(edited(made.at(-1 - back) ?? made[0] ?? Buffer.alloc(0), edits).result);
  return made;
};

const names = ['config/app.env', 'src/main.c', 'id_rsa', '.github/workflows/deploy.yml', 'notes.txt'];

/** One commit a version, all in one stream. */
const streamOf = (history: readonly Buffer[][]): Buffer => {
  const parts: (string | Buffer)[] = [];
  const count = Math.max(...history.map((versions) => versions.length));
  for (let commit = 0; commit < count; commit++) {
    parts.push(`commit refs/heads/main\ncommitter A <a@example.com> ${1_700_000_000 + commit * 60} +0000\n`);
    parts.push(`data ${String(commit).length}\n${commit}\n`);
    history.forEach((versions, file) => {
      const bytes = versions[commit];
      if (bytes) parts.push(`M 100644 inline ${names[file]}\ndata ${bytes.length}\n`, bytes, '\n');
    });
  }
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
};

const built: BuiltRepo[] = [];
afterAll(() => {
  for (const repo of built) repo.dispose();
});

/** Packed by git with long chains, some of it twice, some of it loose. */
const repoOf = async (history: readonly Buffer[][], objectFormat: 'sha1' | 'sha256'): Promise<BuiltRepo> => {
  const repo = await buildRepo(
    (r) => {
      r.gitWith({ input: streamOf(history) }, 'fast-import', '--quiet');
      r.git('repack', '-adfq', '--depth=60', '--window=30');
      r.git('checkout', '-qf', 'main');
      r.commit('more', { 'src/main.c': Buffer.concat([history[0]?.at(-1) ?? Buffer.alloc(0), Buffer.from('more\n')]) });
      r.git('repack', '-dq');
      r.commit('loose', { 'loose.txt': lines(1, 3) });
    },
    { objectFormat },
  );
  built.push(repo);
  return repo;
};

test('packs read delta by delta give the report that whole objects give, to the byte', {
  timeout: 120_000,
}, async () => {
  let inherited = 0;
  let lookedAt = 0;
  let total = 0;
  await fc.assert(
    fc.asyncProperty(files, fc.boolean(), async (list, isSha256) => {
      const repo = await repoOf(list.map(versionsOf), isSha256 ? 'sha256' : 'sha1');
      const packed = await scanWith(repo.path, 'pack');
      const whole = await scanWith(repo.path, 'cat-file');
      expect(said(packed)).toEqual(said(whole));
      inherited += packed.coverage.stats.inherited;
      lookedAt += packed.coverage.stats.bytesLookedAt;
      total += whole.coverage.stats.bytesLookedAt;
    }),
    { numRuns: Number(process.env['UNLEAK_ENGINE_RUNS'] ?? 6) },
  );
  // Else nothing was shown by it.
  expect(inherited).toBeGreaterThan(100);
  expect(lookedAt).toBeLessThan(total);
});
