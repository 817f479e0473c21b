/**
 * An oid in, object bytes out: which objects a store holds, and a sweep that shows every one of them once to a visitor, on
 * all cores. Parses what git stores (idx, pack entries, deltas, trees, commits, tags); trusts no number that it reads.
 */
export { type Inventory, type StoreProblem, typeCodes } from './inventory.ts';
export type { CreateVisitor, Part, VisitedObject, Visitor } from './visitor.ts';
