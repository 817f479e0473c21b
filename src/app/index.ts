/** The use cases: one function each, a request in, a result out; command line and audit are views over them. */
import type { Report } from '../exposure/index.ts';
import type { Emit, ScanRequest } from '../scan/index.ts';

export type ScanUseCase = (request: ScanRequest, emit: Emit, signal: AbortSignal) => Promise<Report>;
