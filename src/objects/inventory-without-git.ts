import { oidBytes } from '../git/index.ts';
import { type Inventory, type StoreProblem, typeCodes } from './inventory.ts';
import { type NoGitRequest, walkWithoutGit } from './no-git-reader.ts';

/**
 * Numbers what some tips reach, where there is no git to ask. What nothing reaches is not in it: a scan over it is never complete.
 * @throws Sha256NeedsGitError
 */
export const inventoryWithoutGit = async (request: NoGitRequest): Promise<Inventory> => {
  const walked: { oid: string; type: number; sizeBytes: number }[] = [];
  const problems: StoreProblem[] = [];
  for await (const object of walkWithoutGit(request)) {
    if (object.kind === 'unreadable') problems.push({ oid: object.oid, where: 'object', reason: object.reason });
    else walked.push({ oid: object.oid, type: typeCodes[object.type], sizeBytes: object.bytes.length });
  }
  const sorted = walked.toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  const length = oidBytes(request.format);
  const oids = new Uint8Array(new SharedArrayBuffer(sorted.length * length));
  sorted.forEach(({ oid }, number) => {
    oids.set(Buffer.from(oid, 'hex'), number * length);
  });
  return {
    format: request.format,
    count: sorted.length,
    oids,
    types: Uint8Array.from(sorted, ({ type }) => type),
    sizes: Float64Array.from(sorted, ({ sizeBytes }) => sizeBytes),
    order: Uint32Array.from(sorted.keys()),
    problems,
    leftovers: [],
    passedOver: 0,
    salvaged: [],
    forest: null,
    directories: [],
  };
};
