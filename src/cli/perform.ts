import { type ExitCode, exitCodes, KnownError } from '../errors.ts';
import { InterruptedError, UsageError } from './cli-errors.ts';
import { commands } from './commands.ts';
import { type CommandLine, errorFormat, parseArgv } from './parse-argv.ts';
import type { World } from './world.ts';

/** Runs one command line in a world, and says how the process ends. Never throws. */
export const perform = async (argv: readonly string[], world: World): Promise<ExitCode> => {
  const line = parseArgv(argv);
  try {
    return await dispatch(line, world);
  } catch (error) {
    const isOurs = error instanceof KnownError;
    return tell(world.signal.aborted && !isOurs ? new InterruptedError(world.signal) : error, line, argv, world);
  }
};

/** Each command is loaded when it is asked for: starting is most of what a short command takes. */
const dispatch = async (line: CommandLine, world: World): Promise<ExitCode> => {
  switch (line.kind) {
    case 'mistake':
      throw new UsageError(line.message, line.hint);
    case 'version': {
      const { readVersion } = await import('./version.ts');
      await world.stdout.write(`unleak ${readVersion()}\n`);
      return exitCodes.clean;
    }
    case 'help': {
      const { renderHelp } = await import('./help.ts');
      await world.stdout.write(renderHelp(line.topic));
      return exitCodes.clean;
    }
    case 'command':
      return runCommand(line, world);
  }
};

const runCommand = async (
  { command, operands, options }: Extract<CommandLine, { readonly kind: 'command' }>,
  world: World,
): Promise<ExitCode> => {
  switch (command) {
    case 'scan':
      return (await import('./run-scan.ts')).runScan(operands[0] ?? null, options, world);
    case 'explain':
      return (await import('./run-explain.ts')).runExplain(operands, options, world);
    case 'rules':
      return (await import('./run-rules.ts')).runRules(operands, options, world);
    case 'schema':
      return (await import('./run-schema.ts')).runSchema(operands, world);
    case 'completion':
      return (await import('./run-completion.ts')).runCompletion(operands, world);
  }
};

const tell = async (
  error: unknown,
  line: CommandLine,
  argv: readonly string[],
  { stdout, stderr }: World,
): Promise<ExitCode> => {
  const command =
    line.kind === 'command' ? line.command : (commands.find(({ name }) => name === argv[0])?.name ?? 'scan');
  const isVerbose = argv.includes('--verbose') || argv.includes('-v');
  const { renderError, renderErrorJson } = await import('./render-error.ts');
  const format = errorFormat(argv);
  if (format !== 'text') await stdout.write(renderErrorJson(error, command, format));
  // A mistake of ours is told on standard error too: its stack belongs into the report about it.
  if (format === 'text' || !(error instanceof KnownError)) await stderr.write(renderError(error, isVerbose));
  return error instanceof KnownError ? error.exitCode : exitCodes.failed;
};
