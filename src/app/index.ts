/** The use cases: one function each, a request in, a result out; command line and audit are views over them. */
import type { Report } from '../exposure/index.ts';
import { type Emit, type ScanRequest, scan, type Trace, type TraceRequest } from '../scan/index.ts';

export { type Trace, traceObject } from '../scan/index.ts';

export type TraceUseCase = (request: TraceRequest, signal: AbortSignal) => Promise<Trace>;
export type ScanUseCase = (request: ScanRequest, emit: Emit, signal: AbortSignal) => Promise<Report>;

/** Scans what the request names. An aborted scan resolves with what it has, marked incomplete (`interrupted`). */
export const scanRepository: ScanUseCase = scan;
