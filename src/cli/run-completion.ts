import { type ExitCode, exitCodes } from '../errors.ts';
import { display } from '../text/index.ts';
import { UsageError } from './cli-errors.ts';
import { shells } from './commands.ts';
import { renderCompletion } from './completion.ts';
import type { World } from './world.ts';

/** `unleak completion SHELL`. */
export const runCompletion = async ([name]: readonly string[], world: World): Promise<ExitCode> => {
  const shell = shells.find((each) => each === name);
  if (shell === undefined) {
    const what =
      name === undefined
        ? 'unleak completion needs the name of a shell.'
        : `There are no completions for "${display(name)}".`;
    throw new UsageError(what, `There are some for ${shells.join(', ')}.`);
  }
  await world.stdout.write(renderCompletion(shell));
  return exitCodes.clean;
};
