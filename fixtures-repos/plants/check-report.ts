import { createHash } from 'node:crypto';
import type { Credential, Exposure, Report } from '../../src/exposure/index.ts';
import { isAtLeastAsSure } from '../../src/rules/index.ts';
import type { PlantedSecret } from '../secrets/index.ts';
import type { Expected, Plant, PlantRepo } from './plant.ts';

/** What a report got wrong; all empty is right. Sentences name plants and paths, never a value. */
export interface Verdicts {
  /** Plants that no exposure shows. */
  readonly missing: readonly string[];
  /** Plants that are shown, but said wrongly. */
  readonly wrong: readonly string[];
  /** Credentials and sensitive files, confirmed or likely, that nobody planted. */
  readonly decoysFound: readonly string[];
}

/** The id of the credential with these canonical bytes, by the same function that every report uses. */
export type IdOf = (canonical: Uint8Array) => string;

/** Compares a report of `repo` with its manifest. */
export const checkReport = (repo: PlantRepo, report: Report, idOf: IdOf): Verdicts => {
  const byId = new Map(report.credentials.map((credential) => [credential.id, credential]));
  const ids = new Map(repo.plants.map((plant) => [plant, idOf(plant.secret.canonical)]));
  const found = (plant: Plant): Credential | undefined => byId.get(ids.get(plant) ?? '');
  const results = repo.plants.map((plant) => judge(plant, found(plant)));
  const promised = repo.plants.filter(({ expect }) => expect !== 'absent');
  const expected = new Set(promised.flatMap(({ secret }) => [secret.canonical, ...secret.companions].map(idOf)));
  return {
    missing: results.flatMap(({ missing }) => missing),
    wrong: [...results.flatMap(({ wrong }) => wrong), ...judgeCoverage(repo, report)],
    decoysFound: [
      ...report.credentials.filter(({ id }) => !expected.has(id)),
      ...report.sensitiveFiles.filter(({ exposures }) => !exposures.some(({ path }) => holdsPlant(repo, path))),
    ]
      .filter(({ verdict }) => isAtLeastAsSure(verdict, 'likely'))
      .map(
        ({ rule, verdict, exposures }) => `${repo.name}: ${rule} ${verdict} in ${exposures.map(whereIs).join(', ')}`,
      ),
  };
};

interface Judged {
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
}

const judge = (plant: Plant, credential: Credential | undefined): Judged => {
  const { expect } = plant;
  if (expect === 'absent') return { missing: [], wrong: credential ? [`${plant.id}: must not be found`] : [] };
  if (!credential) return { missing: [`${plant.id}: no credential`], wrong: [] };
  const candidates = credential.exposures.filter(({ source }) => source === expect.source);
  const [best] = candidates
    .map((exposure) => ({ exposure, differs: differences(expect, exposure) }))
    .sort((a, b) => a.differs.length - b.differs.length);
  const elsewhere = credential.exposures.map(whereIs).join(', ');
  if (!best) return { missing: [`${plant.id}: no exposure as ${expect.source}, only ${elsewhere}`], wrong: [] };
  return { missing: [], wrong: best.differs.map((difference) => `${plant.id}: ${difference}`) };
};

const differences = (expect: Expected, exposure: Exposure): string[] => {
  const shown = {
    path: pathBytes(exposure),
    introduced: exposure.introduced?.commit ?? null,
    removed: exposure.removed?.commit ?? null,
    inTips: exposure.inTips,
    reachable: exposure.reachable,
    occurrences: exposure.occurrences,
    wrapping: exposure.wrapping.join(' '),
  };
  const wanted = { ...expect, wrapping: expect.wrapping?.join(' ') };
  const differing = (Object.keys(shown) as (keyof typeof shown)[]).filter(
    (name) => wanted[name] !== undefined && wanted[name] !== shown[name],
  );
  const sure = isAtLeastAsSure(exposure.verdict, expect.verdict)
    ? []
    : [`verdict is ${exposure.verdict}, not ${expect.verdict}`];
  return [...sure, ...differing.map((name) => `${name} is ${String(shown[name])}, not ${String(wanted[name])}`)];
};

/** Latin-1 of the path's bytes, as manifests have them. */
const pathBytes = ({ path, pathBase64 }: Exposure): string | null => {
  if (path === null) return null;
  return Buffer.from(pathBase64 ?? path, pathBase64 === undefined ? 'utf8' : 'base64').toString('latin1');
};

const whereIs = (exposure: Exposure): string => `${exposure.source} ${JSON.stringify(pathBytes(exposure))}`;

const holdsPlant = (repo: PlantRepo, path: string | null): boolean =>
  repo.plants.some(({ expect }) => expect !== 'absent' && expect.path === path);

const judgeCoverage = (repo: PlantRepo, { coverage }: Report): string[] => {
  const reasons = coverage.incomplete.map(({ reason }) => reason);
  const unsaid = repo.incomplete.filter((reason) => !reasons.includes(reason));
  const overdone = repo.incomplete.length === 0 && !coverage.complete ? [`says incomplete: ${reasons.join(', ')}`] : [];
  return [...unsaid.map((reason) => `does not say ${reason}`), ...overdone].map((what) => `${repo.name}: ${what}`);
};

/**
 * The plants of whose value some piece, or an unsalted hash, stands in an output: it shows too much.
 * @param output whatever the program wrote: a report, a message.
 */
export const leakedValues = (repo: PlantRepo, output: string): string[] =>
  repo.plants
    .filter(({ secret }) => [...secret.pieces, ...hashesOf(secret)].some((piece) => output.includes(piece)))
    .map(({ id }) => id);

const hashesOf = ({ value }: PlantedSecret): string[] =>
  ['md5', 'sha1', 'sha256'].map((algorithm) => createHash(algorithm).update(value).digest('hex'));
