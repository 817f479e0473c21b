/**
 * One scan from beginning to end: opens, lists, sweeps, attributes, and makes the report; says what it does as events. Wires the
 * folders below, and decides nothing that they can decide.
 */
export { type Emit, type Phase, phases, type ScanEvent } from './events.ts';
export type { CommitSelection, ScanRequest } from './request.ts';
export { scan } from './scan.ts';
export { type Trace, type TraceRequest, traceObject } from './trace.ts';
