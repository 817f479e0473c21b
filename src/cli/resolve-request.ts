import { lstatSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type Config, emptyConfig, findTreeConfig, type LoadedConfig, readConfigFile } from '../config/index.ts';
import type { Severity, Verdict } from '../rules/index.ts';
import { isAtLeastAsSevere, isAtLeastAsSure } from '../rules/index.ts';
import type { ScanRequest } from '../scan/index.ts';
import { display, nearestWord } from '../text/index.ts';
import { NoSuchPathError, UsageError } from './cli-errors.ts';
import { commands } from './commands.ts';
import type { OptionValues } from './options.ts';
import { checkOutputPath, type Output, pairOutputs } from './outputs.ts';
import type { World } from './world.ts';

/** A scan as it was asked for: the request itself, and what happens to its report. */
export interface ScanPlan {
  /** Wide enough for all that is counted below; what is shown may be less. */
  readonly request: ScanRequest;
  readonly shown: { readonly minSeverity: Severity; readonly minVerdict: Verdict };
  readonly failOn: Verdict;
  readonly allowIncomplete: boolean;
  /** What the config leaves out is counted. */
  readonly config: LoadedConfig | null;
  readonly outputs: readonly Output[];
  /** The folder that is scanned, null for standard input. */
  readonly scanned: string | null;
}

/**
 * Reads the config, checks that options go together, and says what to scan.
 * @throws UsageError, ConfigError, NoSuchPathError, OutputError.
 */
export const resolveRequest = (
  operand: string | null,
  options: OptionValues,
  world: Pick<World, 'cwd' | 'env' | 'now' | 'cores'>,
): ScanPlan => {
  const target = resolveTarget(operand, options, world.cwd);
  const scanned = target.kind === 'stdin' ? null : target.path;
  const outputs = pairOutputs(options.output ?? [], options.format ?? [], world.cwd);
  for (const { file } of outputs) if (file !== null) checkOutputPath(file, scanned);
  const config = loadConfig(options, scanned, world.cwd);
  const settings = config?.config ?? emptyConfig;
  const failOn = options['fail-on'] ?? settings.failOn ?? 'likely';
  const minVerdict = options['min-verdict'] ?? settings.minVerdict ?? 'possible';
  const minSeverity = options['min-severity'] ?? settings.minSeverity ?? 'low';
  return {
    request: {
      target,
      scope: scopeOf(options),
      ...commitsOf(options, world.cwd),
      alternates: options.alternates ?? 'reachable',
      // What a config leaves out must still be counted, and what makes the exit code must still be there.
      minSeverity: leastSevere(minSeverity, options['min-severity'] ?? 'low'),
      minVerdict: leastSure(leastSure(minVerdict, failOn), options['min-verdict'] ?? 'possible'),
      publishedOnly: options['published-only'] ?? false,
      onlyRules: options.rule ?? [],
      withoutRules: options['exclude-rule'] ?? [],
      showSecrets: options['show-secrets'] ?? false,
      maxBlobSizeBytes: options['max-blob-size'] ?? settings.maxBlobSizeBytes,
      jobs: options.jobs ?? world.cores,
      engine: options.engine ?? 'pack',
      ...cacheOf(options, world),
      ...clock(world),
    },
    shown: { minSeverity, minVerdict },
    failOn,
    allowIncomplete: options['allow-incomplete'] ?? false,
    config: config && withoutOverridden(config, options),
    outputs,
    scanned,
  };
};

const leastSevere = (a: Severity, b: Severity): Severity => (isAtLeastAsSevere(a, b) ? b : a);
const leastSure = (a: Verdict, b: Verdict): Verdict => (isAtLeastAsSure(a, b) ? b : a);

const resolveTarget = (operand: string | null, options: OptionValues, cwd: string): ScanRequest['target'] => {
  const isHistory = !options['no-git'] && operand !== '-';
  const repositoryOnly = (
    [...selecting, 'staged', 'worktree', 'history', 'published-only', 'alternates'] as const
  ).find((name) => options[name] !== undefined);
  if (!isHistory && repositoryOnly) {
    throw new UsageError(
      `--${repositoryOnly} needs a repository.`,
      `Leave out --${repositoryOnly}, or scan a repository.`,
    );
  }
  if (operand === '-') return { kind: 'stdin' };
  if (operand !== null && /^[a-z][a-z+.-]+:\/\/|^[\w.-]+@[\w.-]+:/i.test(operand)) {
    throw new UsageError('Scanning an address is not built yet.', 'Clone it first: git clone --mirror ADDRESS FOLDER');
  }
  const path = resolve(cwd, operand ?? '.');
  requirePath(path, operand ?? '.');
  return { kind: isHistory ? 'repository' : 'files', path };
};

const requirePath = (path: string, name: string): void => {
  let found: boolean;
  try {
    found = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    throw new NoSuchPathError(`${display(name)} cannot be opened.`, 'Check the name and the permissions.', { cause });
  }
  if (found) return;
  const command = nearestWord(
    name,
    commands.map((spec) => spec.name),
  );
  throw new NoSuchPathError(
    `There is nothing at ${display(name)}.`,
    command ? `Did you mean: unleak ${command}?` : 'Name a repository or a folder. See: unleak --help',
  );
};

const scopeOf = (options: OptionValues): ScanRequest['scope'] => {
  const isRange = selecting.some((name) => options[name] !== undefined);
  const parts = (['history', 'staged', 'worktree'] as const).filter(
    (part) => options[part] || (part === 'history' && isRange),
  );
  return parts.length === 0 ? ['history'] : parts;
};

/** Options that choose commits. */
const selecting = ['since', 'range', 'commits-from'] as const;

const commitsOf = (options: OptionValues, cwd: string): Pick<ScanRequest, 'commits'> => {
  const given = [...selecting, 'history' as const].filter((name) => options[name] !== undefined);
  const [name, other] = given;
  if (name === undefined || name === 'history') return {};
  if (other !== undefined) {
    throw new UsageError(`--${name} and --${other} do not go together.`, 'Give one of them.');
  }
  const text = options[name] ?? '';
  if (name !== 'commits-from') return { commits: { kind: name, text } };
  return { commits: { kind: name, file: text === '-' ? null : resolve(cwd, text) } };
};

const loadConfig = (options: OptionValues, scanned: string | null, cwd: string): LoadedConfig | null => {
  if (options.config !== undefined) return readConfigFile(resolve(cwd, options.config), options.config);
  // Standard input and plain files have no work tree that could speak for them.
  return scanned === null || options['no-git'] ? null : findTreeConfig(scanned);
};

/** An option wins over the config, and then it is the option that leaves things out. */
const withoutOverridden = (loaded: LoadedConfig, options: OptionValues): LoadedConfig => {
  const config: Config = {
    ...loaded.config,
    ...(options['min-severity'] ? { minSeverity: null } : {}),
    ...(options['min-verdict'] ? { minVerdict: null } : {}),
    ...(options['fail-on'] ? { failOn: null } : {}),
    ...(options['max-blob-size'] ? { maxBlobSizeBytes: null } : {}),
  };
  return { ...loaded, config };
};

/** A machine's scan trusts nothing that an earlier one left behind, unless it is told where. */
const cacheOf = (
  options: OptionValues,
  { cwd, env }: Pick<World, 'cwd' | 'env'>,
): Pick<ScanRequest, 'cacheDirectory'> => {
  if (options['no-cache']) {
    if (options.cache === undefined) return {};
    throw new UsageError('--cache and --no-cache do not go together.', 'Leave one of them out.');
  }
  if (options.cache !== undefined) return { cacheDirectory: resolve(cwd, options.cache) };
  const home = options.ci ? null : userCache(env);
  return home === null ? {} : { cacheDirectory: join(home, 'unleak') };
};

/** @see https://specifications.freedesktop.org/basedir-spec/latest/ : a relative path counts as none. */
const userCache = (env: World['env']): string | null => {
  const { XDG_CACHE_HOME: named = '', HOME: home = '', LOCALAPPDATA: local = '' } = env;
  if (isAbsolute(named)) return named;
  if (process.platform === 'win32') return isAbsolute(local) ? local : null;
  return isAbsolute(home) ? join(home, '.cache') : null;
};

/** @see https://reproducible-builds.org/specs/source-date-epoch/ */
const clock = ({ env, now }: Pick<World, 'env' | 'now'>): Pick<ScanRequest, 'now' | 'fixedClock'> => {
  const epoch = env['SOURCE_DATE_EPOCH'];
  if (epoch === undefined || epoch === '') return { now: now(), fixedClock: false };
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new UsageError('SOURCE_DATE_EPOCH is no number of seconds since 1970.', 'Unset it, or set it to one.');
  }
  return { now: Number(epoch) * 1000, fixedClock: true };
};
