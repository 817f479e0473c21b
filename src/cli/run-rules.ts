import type { ExitCode } from '../errors.ts';
import { InvariantError } from '../errors.ts';
import type { OptionValues } from './options.ts';
import type { World } from './world.ts';

/** `unleak rules list` and `unleak rules show ID`. */
export const runRules = (_operands: readonly string[], _options: OptionValues, _world: World): Promise<ExitCode> =>
  Promise.reject(new InvariantError('rules/ gives no catalogue yet'));
