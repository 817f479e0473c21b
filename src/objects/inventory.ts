import type { ObjectFormat, ObjectType, Oid } from '../git/index.ts';
import type { PackForest } from './pack-forest.ts';

/** Codes of `Inventory.types`: git's own numbers; 0 where git could not say (damaged or vanished). */
export const typeCodes = { unknown: 0, commit: 1, tree: 2, blob: 3, tag: 4 } as const;

/**
 * Every object of the stores that were opened, numbered by sorted oid: the number is the object's name everywhere inside
 * one scan. Typed arrays over shared memory, so that workers look up oids without a copy.
 */
export interface Inventory {
  readonly format: ObjectFormat;
  readonly count: number;
  /** Raw oids, ascending, `oidBytes(format)` each. */
  readonly oids: Uint8Array;
  /** One of `typeCodes` each. */
  readonly types: Uint8Array;
  /**
   * Unpacked sizes in bytes. With a forest those of deltas are known only by whoever unpacks them, and stay 0 until it writes them here;
   * those of whole entries are what their pack claims.
   */
  readonly sizes: Float64Array;
  /** Object numbers in the order in which their bytes are cheap to read: pack by pack by offset, then loose. */
  readonly order: Uint32Array;
  /** Objects that are listed but could not be read, and files of the store that could not be used. */
  readonly problems: readonly StoreProblem[];
  /** Packs whose index is missing or unusable, and that were read in full through one that git made anew. */
  readonly salvaged: readonly StoreProblem[];
  /** Files that interrupted commands left behind (`tmp_pack_*`, `tmp_obj_*`), relative to the object store; not read. */
  readonly leftovers: readonly string[];
  /** How many objects of alternates are not counted here, since nothing of ours reaches them. */
  readonly passedOver: number;
  /** How the packs' entries are made of each other, where types were read from the packs themselves; null where git told them. */
  readonly forest: PackForest | null;
  /** The object directories, in the order in which git looks. */
  readonly directories: readonly string[];
}

/** @returns git's name of a type. */
export const objectTypeOf = (code: number): ObjectType => objectTypes[code] ?? 'blob';

/** By code. */
export const objectTypes: Readonly<Record<number, ObjectType>> = {
  [typeCodes.commit]: 'commit',
  [typeCodes.tree]: 'tree',
  [typeCodes.blob]: 'blob',
  [typeCodes.tag]: 'tag',
};

export interface StoreProblem {
  /** The object, or null where a whole pack, index or folder is meant. */
  readonly oid: Oid | null;
  /** What it is about, relative to the object store: `pack/pack-6f1a.idx`. */
  readonly where: string;
  readonly reason: string;
}
