import type { ObjectType } from '../git/index.ts';
import type { Change, KernelMemory, TextAt } from '../kernel/index.ts';

/**
 * What a sweep shows every object to. A visitor lives in a worker thread: it is made there from plain data by its module's
 * `createVisitor`, and gives back plain data. It never sees a path.
 */
export interface Visitor {
  /** Memory of at least `sizeBytes` into which the sweep puts the next part; may be the same memory every time. */
  inputFor(sizeBytes: number): Uint8Array;
  /** The part's bytes stand at the head of the memory that `inputFor` gave, `length` of them. */
  visit(object: VisitedObject, length: number, part: Part): void;
  /** What was found since the last call, structured-clonable, with its transfer list. No secret crosses. */
  take(): { readonly result: unknown; readonly transfer: ArrayBuffer[] };
}

/**
 * A visitor that looks at texts where the pack engine unpacks them, and of a delta only at what is new. `visit` and `look` give the same
 * results for the same objects.
 */
export interface DeltaVisitor extends Visitor {
  /** Where texts stand that `look` is shown; one memory belongs to one visitor. */
  readonly memory: KernelMemory;
  /**
   * Shown is an object of at most `windowBytes`, padded with zeros; its bytes are gone after the call.
   * @param inherited null where the object is to be looked at whole.
   * @returns what the objects that are deltas of this one inherit; of use until `take`, for a family stands in one shard.
   */
  look(object: VisitedObject, text: TextAt, inherited: Inherited | null): unknown;
}

export interface Inherited {
  readonly change: Change;
  /** What `look` gave back for the base. */
  readonly base: unknown;
}

export const looksAtDeltas = (visitor: Visitor): visitor is DeltaVisitor => 'look' in visitor;

export interface VisitedObject {
  /** Its number in the inventory. */
  readonly number: number;
  readonly type: ObjectType;
  readonly sizeBytes: number;
}

/** Objects above the window come in parts that overlap by `overlapBytes`; all others in one part. */
export interface Part {
  /** Where the part starts in the object. */
  readonly offset: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export type CreateVisitor = (init: unknown) => Visitor | Promise<Visitor>;
