import { type ObjectFormat, type Oid, oidBytes, type ReadGit } from '../git/index.ts';
import { type Inventory, readTypes } from '../objects/index.ts';

/** Just these objects, their types and sizes still unknown. */
export const inventoryOf = (oids: Iterable<Oid>, format: ObjectFormat): Inventory => {
  const sorted = [...new Set(oids)].sort();
  const length = oidBytes(format);
  const bytes = new Uint8Array(new SharedArrayBuffer(sorted.length * length));
  sorted.forEach((oid, number) => {
    bytes.set(Buffer.from(oid, 'hex'), number * length);
  });
  return {
    format,
    count: sorted.length,
    oids: bytes,
    types: new Uint8Array(new SharedArrayBuffer(sorted.length)),
    sizes: new Float64Array(new SharedArrayBuffer(sorted.length * 8)),
    order: Uint32Array.from(sorted.keys()),
    problems: [],
    salvaged: [],
    leftovers: [],
    passedOver: 0,
    forest: null,
    directories: [],
  };
};

/** As above, with types and sizes as git tells them; what it cannot read keeps the type `unknown` and stands in `problems`. */
export const typedInventoryOf = async (
  readGit: ReadGit,
  oids: Iterable<Oid>,
  format: ObjectFormat,
): Promise<Inventory> => {
  const inventory = inventoryOf(oids, format);
  // Only a whole listing of the store tells rings of deltas; each of their objects costs a minute of silence here, and is named.
  const findEndless = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(inventory.count));
  const { oids: all, order, types, sizes } = inventory;
  return { ...inventory, problems: await readTypes({ readGit, format, oids: all, order, types, sizes, findEndless }) };
};
