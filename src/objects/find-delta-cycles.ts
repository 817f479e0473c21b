import { constants, type FileHandle, open } from 'node:fs/promises';
import type { ListedPack } from './list-store.ts';
import type { OidTable } from './oid-table.ts';
import { endOfBaseOid, parseBaseDistance, parseEntryHeader } from './pack-entry.ts';

/**
 * Marks the objects whose chain of deltas never ends: git follows such a chain for ever, and asks for memory all the while.
 * Only asked for after git has fallen silent, since it looks at the head of every entry.
 * @param table finds the number of an object.
 * @returns 1 for every such object, by number.
 */
export const findDeltaCycles = async (
  packs: readonly ListedPack[],
  table: OidTable,
  count: number,
): Promise<Uint8Array> => {
  const isEndless = new Uint8Array(count);
  for (const pack of packs) {
    const { index, bytes } = pack;
    for (const entry of endlessEntries(await readBases(pack))) {
      const number = table.find(bytes, index.oidStart + entry * index.oidStride);
      if (number !== -1) isEndless[number] = 1;
    }
  }
  return isEndless;
};

const states = { unknown: 0, onPath: 1, ends: 2, endless: 3 } as const;

/** @param bases for every entry the entry of its base, -1 where it has none. */
const endlessEntries = (bases: Int32Array): number[] => {
  const state = new Uint8Array(bases.length);
  const endless: number[] = [];
  for (let start = 0; start < bases.length; start++) {
    const path: number[] = [];
    let entry = start;
    while (entry !== -1 && state[entry] === states.unknown) {
      state[entry] = states.onPath;
      path.push(entry);
      entry = bases[entry] ?? -1;
    }
    const isEndless = entry !== -1 && (state[entry] === states.onPath || state[entry] === states.endless);
    for (const passed of path) state[passed] = isEndless ? states.endless : states.ends;
    if (isEndless) endless.push(...path);
  }
  return endless;
};

/** Of a pack's entries, by their place in its index; -1 also where the entry or its base cannot be understood. */
const readBases = async ({ index, bytes, path }: ListedPack): Promise<Int32Array> => {
  const bases = new Int32Array(index.count).fill(-1);
  const byOffset = new Map<number, number>();
  const byOid = new Map<string, number>();
  const hexAt = (from: Uint8Array, at: number): string =>
    Buffer.from(from.subarray(at, at + index.oidLength)).toString('hex');
  for (let i = 0; i < index.count; i++) {
    byOffset.set(index.offset(i), i);
    byOid.set(hexAt(bytes, index.oidStart + i * index.oidStride), i);
  }
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const head = new Uint8Array(longestHead);
    for (const [offset, i] of byOffset) {
      if (offset === -1) continue;
      const { bytesRead } = await file.read(head, 0, head.length, offset);
      const base = baseOf(head.subarray(0, bytesRead), offset, index.oidLength);
      bases[i] = (typeof base === 'number' ? byOffset.get(base) : byOid.get(base)) ?? -1;
    }
  } catch {
    // A pack that cannot be read has no chain that git could follow.
  } finally {
    await file?.close();
  }
  return bases;
};

/** Type and size, ten bytes at most, and an oid or a distance. */
const longestHead = 48;

/** Where the base of the entry at `offset` starts, or the hex digits of its oid; '' where there is none. */
const baseOf = (head: Uint8Array, offset: number, oidLength: number): number | string => {
  try {
    const { type, next } = parseEntryHeader(head, 0);
    if (type === 'ofs-delta') return offset - parseBaseDistance(head, next).distance;
    if (type !== 'ref-delta') return '';
    return Buffer.from(head.subarray(next, endOfBaseOid(head, next, oidLength))).toString('hex');
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
};
