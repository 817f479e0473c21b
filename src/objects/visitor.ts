import type { ObjectType } from '../git/index.ts';

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
