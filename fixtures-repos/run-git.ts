import { execFileSync } from 'node:child_process';

export interface GitCall {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  /** Added to the fixed environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs git in a world of its own: no setting of the user, the system or the surrounding repository applies.
 * @returns standard output as it is; standard error is part of the error when git fails.
 */
export const runGit = (args: readonly string[], { cwd, input, env }: GitCall): Buffer =>
  execFileSync('git', args, {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    input: input ?? '',
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
  });

const settings: Readonly<Record<string, string>> = {
  'init.defaultBranch': 'main',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'advice.detachedHead': 'false',
  'protocol.file.allow': 'always',
  'safe.directory': '*',
  'core.fsync': 'none',
  // Which deltas git finds depends on how many threads look for them.
  'pack.threads': '1',
};

const cleanEnvironment = (): Record<string, string> => {
  const inherited = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || name.startsWith('GIT_') ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(inherited), ...fixed };
};

const fixed: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  TZ: 'UTC',
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
  // A replacement is data here; what git shows in its place must not get into the next commit.
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_CONFIG_COUNT: String(Object.keys(settings).length),
  ...Object.fromEntries(
    Object.entries(settings).flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};
