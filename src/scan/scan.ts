import { assertNever } from '../errors.ts';
import type { Report } from '../exposure/index.ts';
import type { Emit } from './events.ts';
import { joinReports } from './join-reports.ts';
import type { ScanRequest } from './request.ts';

/**
 * One scan from beginning to end. An aborted scan resolves with what it has, marked incomplete (`interrupted`).
 * @throws KnownError where the target cannot be opened.
 */
export const scan = async (request: ScanRequest, emit: Emit, signal: AbortSignal): Promise<Report> => {
  const { target } = request;
  switch (target.kind) {
    case 'repository':
      return scanTree(request, target.path, emit, signal);
    case 'files': {
      const { scanFiles } = await import('./scan-files.ts');
      return scanFiles(request, target.path, emit, signal);
    }
    case 'stdin': {
      const { scanStdin } = await import('./scan-files.ts');
      return scanStdin(request, process.stdin, emit, signal);
    }
    default:
      return assertNever(target);
  }
};

const scanTree = async (request: ScanRequest, path: string, emit: Emit, signal: AbortSignal): Promise<Report> => {
  const { scanUncommitted } = await import('./scan-uncommitted.ts');
  if (!request.scope.includes('history')) return scanUncommitted(request, path, emit, signal);
  const history = await scanHistory(request, path, emit, signal);
  if (request.scope.length === 1) return history;
  return joinReports(history, await scanUncommitted(request, path, emit, signal));
};

const scanHistory = async (request: ScanRequest, path: string, emit: Emit, signal: AbortSignal): Promise<Report> => {
  const { commits } = request;
  if (commits === undefined) {
    const { scanRepository } = await import('./scan-repository.ts');
    return scanRepository(request, path, emit, signal);
  }
  const { scanRange } = await import('./scan-range.ts');
  return scanRange({ ...request, commits }, path, emit, signal);
};
