import type { Oid, ReadGit } from '../git/index.ts';
import type { StoreProblem } from './inventory.ts';
import type { NumberedObjects } from './number-objects.ts';
import { OidTable } from './oid-table.ts';

/**
 * Marks the objects that are reachable from some tips, as far as git finds its way.
 * @returns 1 for every such object, by number, and a problem where git's walk ended early: objects are missing, or damaged.
 */
export const reachableObjects = async (
  readGit: ReadGit,
  tips: readonly Oid[],
  objects: NumberedObjects,
  oidLength: number,
): Promise<{ readonly isReachable: Uint8Array; readonly problem: StoreProblem | null }> => {
  const isReachable = new Uint8Array(objects.count);
  const table = OidTable.from(objects.oids, objects.count, oidLength);
  const child = readGit.spawn(
    ['rev-list', '--objects', '--no-object-names', '--ignore-missing', '--missing=allow-any', '--stdin'],
    'pipe',
  );
  child.stdin?.end(tips.map((oid) => `${oid}\n`).join(''));
  let rest = '';
  try {
    for await (const chunk of child.stdout) {
      const lines = (rest + (chunk as Buffer).toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const number = table.find(Buffer.from(line, 'hex'), 0);
        if (number !== -1) isReachable[number] = 1;
      }
    }
  } catch {
    // `done` says why the stream ended.
  }
  const { code, reason } = await child.done;
  if (code === 0) return { isReachable, problem: null };
  const why = reason === 'exit' ? 'an object on the way is missing or damaged' : 'git fell silent';
  return {
    isReachable,
    problem: { oid: null, where: 'alternates', reason: `not all that our refs reach could be told: ${why}` },
  };
};
