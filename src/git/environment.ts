import { tmpdir } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';

/**
 * What every git child gets for an environment: an allow-list, nothing inherited by accident. No GIT_*, no pager, editor,
 * prompt or proxy of the caller goes through.
 */
export const plainEnvironment = (): Record<string, string> => {
  const environment: Record<string, string> = {
    PATH: absoluteOnly(process.env.PATH ?? process.env.Path ?? ''),
    LC_ALL: 'C',
    TZ: 'UTC0',
    TMPDIR: tmpdir(),
  };
  for (const name of ['SYSTEMROOT', 'SystemRoot', 'TEMP', 'TMP']) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
};

/**
 * The environment of the two doors that look at a scanned repository: no configuration but our own, no prompt, no
 * transport, no lazy fetch, no replaced object, no write.
 * @param home an empty private folder: git older than 2.32 does not know GIT_CONFIG_GLOBAL.
 */
export const sealedEnvironment = (home: string): Record<string, string> => ({
  ...plainEnvironment(),
  HOME: home,
  XDG_CONFIG_HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  // `-c protocol.allow=never` loses to the repository's own config; this does not.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PROTOCOL_FROM_USER: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GIT_PAGER: 'cat',
  GIT_EDITOR: 'false',
});

const absoluteOnly = (searchPath: string): string =>
  searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .join(delimiter);
