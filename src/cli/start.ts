import { keepCompiledCode } from './compiled-code.ts';

/** Runs one command line in this process; sets the exit code, and never throws. */
export const run = async (argv: readonly string[]): Promise<void> => {
  keepCompiledCode(process.env);
  // Only now: what is loaded before the cache is on is compiled anew by every start.
  const main = await import('./main.ts');
  await main.run(argv);
};
