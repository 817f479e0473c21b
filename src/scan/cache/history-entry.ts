import { deserialize, serialize } from 'node:v8';
import type { TreeEntries } from '../../exposure/index.ts';
import { type Severity, severities, type Verdict, verdicts } from '../../rules/index.ts';
import type { FindingRow, FoundRows } from '../find-visitor.ts';
import type { Inspected } from '../known-inspections.ts';

/**
 * What sweeps found in objects that only unchanged packs hold. Numbers are those of `oids`: all objects of the run that wrote it,
 * known or not, ascending.
 */
export interface HistoryEntry {
  /** The packs and indexes that it was read from. */
  readonly packs: readonly PackFile[];
  /** Path and stamp of every multi-pack-index that stood beside them. */
  readonly overviews: readonly (readonly [path: string, stamp: string])[];
  readonly oids: Uint8Array;
  /** Unpacked, by object: of what a pack holds as a delta the size is known only to who has read it. */
  readonly sizes: Float64Array;
  /** By object: 1 where the rows say all that there is to say of it. */
  readonly isKnown: Uint8Array;
  readonly found: FoundRows;
  readonly trees: KnownTrees;
  readonly inspected: Inspected;
}

export interface PackFile {
  readonly path: string;
  readonly stamp: string;
  /**
   * SHA-256 over its bytes, for when its stamp is another: git sets a pack's time anew whenever it is to write an object that the pack
   * holds already, so that a stamp alone would not outlive the next commit.
   */
  readonly digest: string;
}

/** What known trees say. By object: arrays of bytes. */
export interface KnownTrees {
  readonly entries: TreeEntries;
  readonly markedNames: readonly string[];
  /** 1 where a blob has an entry in some tree that is no row. */
  readonly elsewhere: Uint8Array;
  /** 1 where all entries of a blob are rows, whatever their names. */
  readonly covered: Uint8Array;
  /** 1 where all blob entries of a tree are rows. */
  readonly isWhole: Uint8Array;
  readonly missing: readonly string[];
}

/** As columns: a history has a hundred thousand rows. */
export const encodeHistory = ({ found, ...rest }: HistoryEntry): Uint8Array =>
  serialize({
    ...rest,
    found: { ...found, findings: findingColumns(found.findings) },
  });

/** @param bytes that verified: only this program writes such. */
export const decodeHistory = (bytes: Uint8Array): HistoryEntry => {
  const { found, ...rest } = deserialize(bytes) as Omit<HistoryEntry, 'found'> & { readonly found: Columns };
  return {
    ...rest,
    found: { ...found, findings: findingRows(found.findings) },
  };
};

interface Columns extends Omit<FoundRows, 'findings'> {
  readonly findings: ReturnType<typeof findingColumns>;
}

const findingColumns = (rows: readonly FindingRow[]) => {
  const identities = [...new Set(rows.map(({ identity }) => identity))];
  const numbers = new Map(identities.map((identity, number) => [identity, number] as const));
  return {
    identities,
    identity: Uint32Array.from(rows, ({ identity }) => numbers.get(identity) ?? 0),
    object: Uint32Array.from(rows, ({ object }) => object),
    rule: Uint32Array.from(rows, ({ rule }) => rule),
    start: Float64Array.from(rows, ({ start }) => start),
    end: Float64Array.from(rows, ({ end }) => end),
    verdict: Uint8Array.from(rows, ({ verdict }) => verdicts.indexOf(verdict)),
    severity: Uint8Array.from(rows, ({ severity }) => severities.indexOf(severity)),
    expires: Float64Array.from(rows, ({ expires }) => expires ?? Number.NaN),
  };
};

const findingRows = (columns: ReturnType<typeof findingColumns>): readonly FindingRow[] =>
  Array.from(columns.object, (object, row) => ({
    object,
    rule: columns.rule[row] ?? 0,
    start: columns.start[row] ?? 0,
    end: columns.end[row] ?? 0,
    verdict: verdicts[columns.verdict[row] ?? 0] as Verdict,
    severity: severities[columns.severity[row] ?? 0] as Severity,
    expires: Number.isNaN(columns.expires[row]) ? null : (columns.expires[row] ?? null),
    identity: columns.identities[columns.identity[row] ?? 0] ?? '',
  }));
