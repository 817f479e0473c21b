/** The use cases: one function each, a request in, a result out; command line and audit are views over them. */
import { InvariantError } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import type { Emit, ScanRequest } from '../scan/index.ts';

export type ScanUseCase = (request: ScanRequest, emit: Emit, signal: AbortSignal) => Promise<Report>;

/** Scans what the request names. An aborted scan resolves with what it has, marked incomplete (`interrupted`). */
export const scanRepository: ScanUseCase = () =>
  Promise.reject(new InvariantError('scan/ gives no scan() yet; app/ calls it from here'));
