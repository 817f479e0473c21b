import { assertNever } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import type { Emit } from './events.ts';
import type { ScanRequest } from './request.ts';

/**
 * One scan from beginning to end. An aborted scan resolves with what it has, marked incomplete (`interrupted`).
 * @throws KnownError where the target cannot be opened.
 */
export const scan = async (request: ScanRequest, emit: Emit, signal: AbortSignal): Promise<Report> => {
  const { target } = request;
  switch (target.kind) {
    case 'repository': {
      const { scanRepository } = await import('./scan-repository.ts');
      return scanRepository(request, target.path, emit, signal);
    }
    case 'files':
    case 'stdin':
      throw new Error('not yet');
    default:
      return assertNever(target);
  }
};
