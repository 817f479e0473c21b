import type { World } from './world.ts';

/**
 * Whether text on standard output gets colours. `auto`: on a terminal, unless NO_COLOR or TERM=dumb speak against it;
 * FORCE_COLOR wins over both (0 switches off).
 * @see https://no-color.org, https://force-color.org
 */
export const wantsColor = (
  choice: 'auto' | 'always' | 'never',
  ci: boolean,
  { env, stdout }: Pick<World, 'env' | 'stdout'>,
): boolean => {
  if (choice !== 'auto') return choice === 'always';
  if (ci) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return stdout.isTerminal && env['TERM'] !== 'dumb';
};
