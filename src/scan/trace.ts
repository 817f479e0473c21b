import { type AnchorTrace, traceText } from '../detect/index.ts';
import { KnownError } from '../errors.ts';
import { type ObjectType, type Oid, parseOid, ReadGit } from '../git/index.ts';
import { openRepository } from '../repo/index.ts';
import { catalogue } from '../rules/index.ts';

export interface TraceRequest {
  /** Absolute. */
  readonly path: string;
  /** Hex, whole or its first digits. */
  readonly oid: string;
  /** In bytes of the object, null: the whole object. */
  readonly offset: number | null;
}

/** What the rules saw at one place of one object, reported or not. Holds no text of the object. */
export interface Trace {
  readonly oid: Oid;
  readonly type: ObjectType;
  readonly sizeBytes: number;
  readonly offset: number | null;
  /** Anchors near the place, by place; of a tree none: its names are looked at one by one. */
  readonly anchors: readonly AnchorTrace[];
}

/** The place that a trace asks for is not there, or is more than one. */
export class NoSuchObjectError extends KnownError {
  readonly code = 'no-such-object';
}

/**
 * Reads one object and says what every rule made of it.
 * @throws NotARepositoryError, NoSuchObjectError, GitNotFoundError.
 */
export const traceObject = async ({ path, oid, offset }: TraceRequest, signal: AbortSignal): Promise<Trace> => {
  const repository = await openRepository(path);
  const { objectDirectory, format } = repository;
  const alternateDirectories = repository.alternates.map(({ directory }) => directory);
  await using readGit = await ReadGit.open({ objectDirectory, alternateDirectories, format, outside: repository.path });
  const { stdout, reason } = await readGit.run(['cat-file', '--batch'], `${oid}\n`, { signal });
  if (reason === 'too-much') {
    throw new NoSuchObjectError(
      `Object ${oid} is too large to be traced.`,
      'scan reads objects of any size, trace only what fits in memory.',
    );
  }
  const object = parseAnswer(stdout, oid);
  if (offset !== null && offset >= object.bytes.length) {
    throw new NoSuchObjectError(
      `Object ${object.oid} has ${object.bytes.length} bytes, none at ${offset}.`,
      'Offsets count from 0; a report gives them as start.',
    );
  }
  return {
    oid: object.oid,
    type: object.type,
    sizeBytes: object.bytes.length,
    offset,
    anchors: object.type === 'tree' ? [] : traceText(object.bytes, catalogue, offset),
  };
};

interface ReadObject {
  readonly oid: Oid;
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

const header = /^([0-9a-f]+) (blob|tree|commit|tag) (\d+)$/;

/** @see git-cat-file(1), "BATCH OUTPUT" */
const parseAnswer = (answer: Uint8Array, asked: string): ReadObject => {
  const lineEnd = answer.indexOf(0x0a);
  const line = Buffer.from(answer.subarray(0, Math.max(0, lineEnd))).toString('latin1');
  const match = header.exec(line);
  const oid = parseOid(match?.[1] ?? '');
  if (!match || oid === null) {
    throw line.endsWith(' ambiguous')
      ? new NoSuchObjectError(`Several objects begin with ${asked}.`, 'Give more digits of the one that is meant.')
      : new NoSuchObjectError(
          `There is no object ${asked} here that can be read.`,
          'Take the oid from a report: firstOid or lastOid.',
        );
  }
  return { oid, type: match[2] as ObjectType, bytes: answer.subarray(lineEnd + 1, answer.length - 1) };
};
