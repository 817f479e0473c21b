import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildPlants, type Expected, type Plant, type PlantRepo } from '../../fixtures-repos/plants/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';
import { GitOracle } from './git-oracle.ts';

let repos: readonly PlantRepo[];
let oracles: ReadonlyMap<PlantRepo, GitOracle>;
const repoCalled = (name: string): PlantRepo => {
  const repo = repos.find((candidate) => candidate.name === name);
  if (!repo) throw new Error(`no repository is called ${name}`);
  return repo;
};

beforeAll(async () => {
  repos = (await buildPlants()).repos;
  oracles = new Map(repos.map((repo) => [repo, new GitOracle(repo.gitDir)]));
});

/** The secret in any of the encodings: those of more than one byte a character pad with NUL. */
const holds = ({ secret }: Plant) => {
  const value = secret.value.trimEnd();
  return (bytes: Buffer): boolean =>
    bytes.toString('latin1').replaceAll('\0', '').replaceAll('\r\n', '\n').includes(value);
};

describe('git agrees with the manifest', () => {
  const faults = (judge: (oracle: GitOracle, plant: Plant, expected: Expected) => string | null): string[] =>
    Array.from(oracles).flatMap(([repo, oracle]) => {
      return repo.plants.flatMap((plant) => {
        if (plant.expect === 'absent') return [];
        const fault = judge(oracle, plant, plant.expect);
        return fault === null ? [] : [`${plant.id}: ${fault}`];
      });
    });

  test('files: who brought it, who took it away, whether a tip shows it', () => {
    expect(
      faults((oracle, plant, { source, path, introduced, removed, inTips }) => {
        if (source !== 'blob' || typeof path !== 'string' || typeof introduced !== 'string') return null;
        const shows = (commit: string): boolean => {
          const bytes = oracle.bytes(oracle.blobAt(commit, path) ?? '');
          return bytes !== undefined && holds(plant)(bytes);
        };
        if (!shows(introduced)) return 'not in the commit that brings it';
        if (oracle.parents(introduced).some(shows)) return 'a parent has it already';
        if (removed && shows(removed)) return 'still in the commit that takes it away';
        if (removed && !oracle.parents(removed).some(shows)) return 'no parent of the commit that takes it away has it';
        // A credential that came back is in a tip by its later run.
        if (plant.state === 're-introduced') return null;
        return oracle.isInTips(path, holds(plant)) === inTips ? null : 'in the tips, or not';
      }),
    ).toEqual([]);
  });

  test('objects: the secret stands in one of the right type, and refs reach it or not', () => {
    const types = { blob: 'blob', note: 'blob', index: 'blob', 'tag-message': 'tag' } as Partial<
      Record<string, string>
    >;
    expect(
      faults((oracle, plant, { source, reachable }) => {
        const type = source.startsWith('commit-') ? 'commit' : types[source];
        if (type === undefined) return null;
        const objects = oracle.objectsWith(type, holds(plant));
        if (objects.length === 0) return `no ${type} holds it`;
        if (reachable === undefined || source.startsWith('index')) return null;
        return objects.some((oid) => oracle.isReachable(oid)) === reachable ? null : 'reachable, or not';
      }),
    ).toEqual([]);
  });

  test('names: of refs and of paths', () => {
    expect(
      faults((oracle, { secret }, { source, introduced }) => {
        const names = source === 'path' ? oracle.allPaths(introduced ?? '') : oracle.refNames;
        const isName = source === 'path' || source === 'ref-name';
        return isName && !names.some((name) => name.includes(secret.value)) ? 'no name holds it' : null;
      }),
    ).toEqual([]);
  });

  test('what a clone must not show is not in it', () => {
    for (const name of ['shallow', 'partial']) {
      const oracle = new GitOracle(repoCalled(name).gitDir);
      const absent = repoCalled(name).plants.filter((plant) => plant.expect === 'absent');
      expect(absent.flatMap((plant) => oracle.objectsWith('blob', holds(plant)))).toEqual([]);
    }
  });
});

describe('the stores are what they are called', () => {
  const packFiles = (name: string): string[] => readdirSync(join(repoCalled(name).gitDir, 'objects', 'pack'));
  const ending = (name: string, end: string): number => packFiles(name).filter((file) => file.endsWith(end)).length;

  test('packs, their indexes and what is beside them', () => {
    expect(ending('packed', '.pack')).toBe(1);
    expect(ending('many-packs', '.pack')).toBeGreaterThan(3);
    expect(packFiles('multi-pack-index')).toContain('multi-pack-index');
    expect(ending('cruft', '.mtimes')).toBe(1);
    const [idx = ''] = packFiles('idx-v1').filter((file) => file.endsWith('.idx'));
    const head = readFileSync(join(repoCalled('idx-v1').gitDir, 'objects', 'pack', idx)).subarray(0, 4);
    expect(head.toString('hex')).not.toBe('ff744f63');
  });

  test('chains of deltas are deep', () => {
    for (const name of ['deltas', 'sha256-deltas']) {
      const { gitDir } = repoCalled(name);
      const [idx = ''] = packFiles(name).filter((file) => file.endsWith('.idx'));
      const lines = runGit(['verify-pack', '-v', join(gitDir, 'objects', 'pack', idx)], { cwd: gitDir }).toString();
      const depths = Array.from(lines.matchAll(/^\w+ blob +\d+ \d+ \d+ (\d+) /gm), ([, depth]) => Number(depth));
      expect(Math.max(...depths)).toBeGreaterThan(20);
    }
  });

  test('links to other folders', () => {
    expect(existsSync(join(repoCalled('alternates').gitDir, 'objects', 'info', 'alternates'))).toBe(true);
    expect(existsSync(join(repoCalled('shallow').gitDir, 'shallow'))).toBe(true);
    for (const name of ['git-file', 'linked-worktree']) {
      expect(readFileSync(join(repoCalled(name).path, '.git'), 'utf8')).toMatch(/^gitdir: /);
    }
  });
});

test('every plant has its own secret and a name of its own', () => {
  const plants = repos.flatMap(({ plants: own }) => own);
  const keys = new Map(plants.map(({ id, secret }) => [id, secret.value]));
  expect(new Set(keys.values()).size).toBe(keys.size);
  expect(plants.length).toBeGreaterThan(300);
});

test('a second build is equal to the first', async () => {
  const [again] = (await buildPlants(['history'])).repos;
  expect(again?.plants.map((plant) => plant.expect)).toEqual(repoCalled('history').plants.map((plant) => plant.expect));
});
