import { typeCodes } from './inventory.ts';
import { noObject } from './number-objects.ts';
import type { PackForest } from './pack-forest.ts';
import { endlessReason } from './resolve-bases.ts';

export interface KnownTypes {
  /** By number; over shared memory. */
  readonly types: Uint8Array;
  readonly sizes: Float64Array;
  /** Objects that git must not be asked for: it would never end. */
  readonly endless: ReadonlySet<number>;
}

/** Types of all that the packs tell, and the sizes of what is no delta; without a forest nothing is known. */
export const typesInForest = (forest: PackForest | null, count: number): KnownTypes => {
  const types = new Uint8Array(new SharedArrayBuffer(count));
  const sizes = new Float64Array(new SharedArrayBuffer(count * 8));
  if (forest === null) return { types, sizes, endless: new Set() };
  for (let node = 0; node < forest.count; node++) {
    const object = forest.objects[node] ?? noObject;
    if (forest.isPrimary[node] === 0 || object === noObject) continue;
    types[object] = forest.types[node] ?? typeCodes.unknown;
    if (forest.bases[node] === -1) sizes[object] = forest.streamSizes[node] ?? 0;
  }
  const rings = forest.declined.filter(({ reason }) => reason === endlessReason);
  return { types, sizes, endless: new Set(rings.map(({ object }) => object)) };
};
