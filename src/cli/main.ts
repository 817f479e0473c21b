/** Runs one command line; sets the exit code, and never throws. */
export const run = async (_argv: readonly string[]): Promise<void> => {
  process.exitCode = 2;
};
