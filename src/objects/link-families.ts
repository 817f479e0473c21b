/** See `PackForest`. */
export interface Families {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly weights: Float64Array;
  readonly roots: Uint32Array;
}

/**
 * Links every base to its deltas. The heaviest family of a base comes last: whoever walks down there needs the base no more.
 * @param nodes by node: the base, or -1, and the bytes that it takes in its pack.
 * @param resolved the nodes to link, each behind its base.
 */
export const linkFamilies = (
  { bases, storedBytes }: { readonly bases: Int32Array; readonly storedBytes: Float64Array },
  resolved: Uint32Array,
): Families => {
  const count = bases.length;
  const weights = new Float64Array(new SharedArrayBuffer(count * 8));
  const isLinked = new Uint8Array(count);
  for (let i = resolved.length - 1; i >= 0; i--) {
    const node = resolved[i] ?? 0;
    const base = bases[node] ?? -1;
    const weight = (weights[node] ?? 0) + (storedBytes[node] ?? 0);
    weights[node] = weight;
    isLinked[node] = 1;
    if (base !== -1) weights[base] = (weights[base] ?? 0) + weight;
  }
  const firstChild = new Int32Array(new SharedArrayBuffer(count * 4)).fill(-1);
  const nextSibling = new Int32Array(new SharedArrayBuffer(count * 4)).fill(-1);
  let rootCount = 0;
  for (let node = 0; node < count; node++) {
    const base = bases[node] ?? -1;
    if (base === -1) {
      rootCount += isLinked[node] ?? 0;
      continue;
    }
    const rival = firstChild[base] ?? -1;
    if (rival === -1 || (weights[node] ?? 0) >= (weights[rival] ?? 0)) firstChild[base] = node;
  }
  // Each base has its heaviest by now. The others are put before it, from the last node to the first.
  const heaviest = firstChild.slice();
  const roots = new Uint32Array(new SharedArrayBuffer(rootCount * 4));
  for (let node = count - 1; node >= 0; node--) {
    const base = bases[node] ?? -1;
    if (base === -1) {
      if (isLinked[node] === 1) roots[--rootCount] = node;
    } else if (heaviest[base] !== node) {
      nextSibling[node] = firstChild[base] ?? -1;
      firstChild[base] = node;
    }
  }
  return { firstChild, nextSibling, weights, roots };
};
