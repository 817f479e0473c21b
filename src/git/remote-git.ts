import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { KnownError } from '../errors.ts';
import { display } from '../text/index.ts';
import { makeAskpass } from './askpass.ts';
import { requireGit } from './find-git.ts';
import { type Oid, parseOid, type RefName, refName } from './oid.ts';
import { splitRemoteUrl } from './remote-url.ts';

export interface RemoteRef {
  /** `HEAD`, `refs/heads/main`. */
  readonly name: RefName;
  readonly oid: Oid;
  /** What an annotated tag leads to. */
  readonly peeled: Oid | null;
  /** What a symbolic ref names. */
  readonly symbolic: RefName | null;
}

export interface RemoteOptions {
  /** Also paths and `file://` addresses: only where the user named such a one. */
  readonly isFileAllowed?: boolean;
  /** Ends git when it says nothing for so long. */
  readonly silenceMs?: number;
  readonly signal?: AbortSignal;
}

export class RemoteError extends KnownError {
  readonly code = 'remote-failed';
  constructor(url: string, doing: string, why: string) {
    super(
      `Could not ${doing} ${display(url)}.`,
      'Check the address and your access; git ls-remote with the same address shows the same failure.',
      { cause: new Error(why) },
    );
  }
}

/** Asks a server which refs it has. @throws RemoteError, GitNotFoundError */
export const lsRemote = (address: string, options: RemoteOptions = {}): Promise<readonly RemoteRef[]> =>
  withRemote(address, 'list the refs of', options, async (git, url) =>
    parseListing(await git.raw('ls-remote', '--symref', '--', url)),
  );

/**
 * Clones without a work tree, so that nothing of it is checked out and no filter runs.
 * @param directory must not exist, or be empty.
 * @param isMirror all refs under their own names, else branches and tags.
 * @throws RemoteError, GitNotFoundError
 */
export const clone = (
  address: string,
  directory: string,
  isMirror: boolean,
  options: RemoteOptions = {},
): Promise<void> =>
  withRemote(address, 'clone', options, async (git, url) => {
    // --no-local: a repository on this disk is read through upload-pack, not by linking its files; --progress: a long clone is not silent.
    const flags = ['--no-local', '--progress', '--template=', isMirror ? '--mirror' : '--bare'];
    await git.raw('clone', ...flags, '--', url, resolve(directory));
  });

const withRemote = async <T>(
  address: string,
  doing: string,
  options: RemoteOptions,
  task: (git: SimpleGit, url: string) => Promise<T>,
): Promise<T> => {
  const { url, user, password } = splitRemoteUrl(address);
  const protocol = protocolOf(url);
  const refuse = (why: string): RemoteError => new RemoteError(url, doing, why);
  if (hasControl.test(address + (user ?? '') + (password ?? ''))) throw refuse('the address holds a control character');
  if (url.startsWith('-')) throw refuse('the address looks like an option');
  if (!isProtocolAllowed(protocol, options)) throw refuse(`the protocol ${protocol} is not allowed`);
  const binary = await requireGit();
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'unleak-remote-'));
  const secret = /^https?$/.test(protocol) && (user !== null || password !== null) ? { user, password } : null;
  try {
    const askpass = secret === null ? null : await askpassFor(folder, url, secret, refuse);
    try {
      const env = environment(folder, protocol, askpass?.program ?? null);
      const git = await makeGit(binary.path, folder, env, options, secret !== null);
      return await task(git, protocol === 'file' && !url.includes('://') ? resolve(url) : url);
    } finally {
      await askpass?.close();
    }
  } catch (error) {
    throw error instanceof KnownError ? error : refuse(lastLine(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

// A newline in an address crosses protocols (CVE-2020-5260).
const hasControl = /[\x00-\x1f\x7f]/;

/** The protocol that git will take for it; of a `host:path`, ssh. */
const protocolOf = (url: string): string => {
  const named = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1];
  if (named !== undefined) return named.toLowerCase();
  if (/^[A-Za-z0-9-]+::/.test(url)) return 'ext';
  return !isAbsolute(url) && /^[^/\\]+:/.test(url) ? 'ssh' : 'file';
};

const isProtocolAllowed = (protocol: string, options: RemoteOptions): boolean =>
  ['https', 'http', 'ssh', 'git'].includes(protocol) || (protocol === 'file' && options.isFileAllowed === true);

const askpassFor = async (
  folder: string,
  url: string,
  secret: { readonly user: string | null; readonly password: string | null },
  refuse: (why: string) => RemoteError,
): Promise<Awaited<ReturnType<typeof makeAskpass>>> => {
  const host = /^https?:\/\/([A-Za-z0-9.:[\]_-]+)(?:\/|$)/i.exec(url)?.[1];
  if (host === undefined) throw refuse('the address has no plain host');
  if (process.platform === 'win32') throw refuse('a password in the address needs a credential helper on Windows');
  // A token alone stands where the user stands; hosts take it there, with any password.
  return makeAskpass(folder, host, { user: secret.user ?? '', password: secret.password ?? 'x-oauth-basic' });
};

/** The user's own environment (proxy, ssh agent, home), but no GIT_* of it, and no repository to be found around. */
const environment = (folder: string, protocol: string, askpass: string | null): Record<string, string> => {
  const own = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || name.startsWith('GIT_') || guarded.has(name) ? [] : [[name, value]],
  );
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    // What the user's insteadOf turns the address into must be of a kind that is allowed too.
    GIT_ALLOW_PROTOCOL: protocol === 'file' ? 'file' : [...new Set(['https', 'ssh', protocol])].join(':'),
    GIT_CEILING_DIRECTORIES: dirname(folder),
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...(askpass === null ? {} : { GIT_ASKPASS: askpass }),
  };
};

/** Programs that git would start for a person. */
const guarded = new Set(['EDITOR', 'VISUAL', 'PAGER', 'SSH_ASKPASS', 'PREFIX']);

/** The one place that makes a simple-git. It refuses by itself what could start a program, so each exception is named. */
const makeGit = async (
  binary: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  options: RemoteOptions,
  hasSecret: boolean,
): Promise<SimpleGit> => {
  // Here, not above: loading it takes 44 ms, and most runs need no remote.
  const { simpleGit } = await import('simple-git');
  const names = [
    'GIT_ALLOW_PROTOCOL',
    'GIT_CEILING_DIRECTORIES',
    'GIT_NO_LAZY_FETCH',
    'GIT_TERMINAL_PROMPT',
    'GIT_ASKPASS',
  ];
  const git = simpleGit({
    baseDir: folder,
    binary,
    allowEnvironment: names,
    // With a password of our own the user's helpers are left out: they would be asked first, and would store it after.
    config: ['core.fsmonitor=', 'core.hooksPath=/dev/null', ...(hasSecret ? ['credential.helper='] : [])],
    timeout: { block: options.silenceMs ?? 60_000 },
    ...(options.signal === undefined ? {} : { abort: options.signal }),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeTemplateDir: true,
      allowUnsafeCustomBinary: true,
    },
  });
  return git.env(env);
};

const parseListing = (text: string): readonly RemoteRef[] => {
  const symbolic = new Map<string, RefName>();
  const peeled = new Map<string, Oid>();
  const oids = new Map<string, Oid>();
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    const [head, name] = [line.slice(0, tab), line.slice(tab + 1)];
    const oid = parseOid(head);
    if (head.startsWith('ref: ')) symbolic.set(name, refName(head.slice(5)));
    else if (oid !== null && name.endsWith('^{}')) peeled.set(name.slice(0, -3), oid);
    else if (oid !== null) oids.set(name, oid);
  }
  return [...oids].map(([name, oid]) => ({
    name: refName(name),
    oid,
    peeled: peeled.get(name) ?? null,
    symbolic: symbolic.get(name) ?? null,
  }));
};

/** Git's own last word. The address it may quote has no secret any more; what a server says is made safe to show. */
const lastLine = (error: unknown): string => {
  const lines = error instanceof Error ? error.message.split('\n').filter((line) => line.trim() !== '') : [];
  return display(
    (lines.findLast((line) => /^(?:fatal|error):/.test(line)) ?? lines.at(-1) ?? 'no reason given').slice(0, 500),
  );
};
