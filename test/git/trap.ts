import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type BuiltRepo, buildRepo, temporaryFolder } from '../../fixtures-repos/index.ts';

/** A repository, a home and an environment in which everything that git can be made to run leaves a file. */
export interface Trap {
  readonly repo: BuiltRepo;
  /** A blob that HEAD names and that the store does not hold: a partial clone would fetch it. */
  readonly missing: string;
  /** A home folder whose .gitconfig is as hostile as the repository's. */
  readonly home: string;
  /** Names of what ran, sorted; forgets them. */
  sprung(): string[];
}

const hookNames = [
  'reference-transaction',
  'post-index-change',
  'post-checkout',
  'post-update',
  'update',
  'pre-receive',
  'post-receive',
  'pre-push',
  'pre-auto-gc',
];

export const buildTrap = async (): Promise<Trap> => {
  const root = temporaryFolder().path;
  const [canaries, home, hooks, bin] = ['canaries', 'home', 'hooks', 'bin'].map((name) => join(root, name));
  if (canaries === undefined || home === undefined || hooks === undefined || bin === undefined) throw new Error();
  for (const folder of [canaries, home, hooks, bin]) mkdirSync(folder);
  const program = (folder: string, name: string, canary: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n: > ${join(canaries, canary)}\nexit 1\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const config = (from: string): string => {
    const run = (key: string): string => program(bin, `${from}-${key}`, `${from}-${key}`);
    return `
[core]
  fsmonitor = ${run('fsmonitor')}
  hooksPath = ${hooks}
  pager = ${run('pager')}
  editor = ${run('editor')}
  sshCommand = ${run('sshCommand')}
  gitProxy = ${run('gitProxy')}
  askPass = ${run('askPass')}
  alternateRefsCommand = ${run('alternateRefsCommand')}
[diff]
  external = ${run('external')}
[diff "trap"]
  textconv = ${run('textconv')}
  command = ${run('diff-command')}
[filter "trap"]
  clean = ${run('clean')}
  smudge = ${run('smudge')}
  required = true
[gpg]
  program = ${run('gpg')}
[log]
  showSignature = true
[credential]
  helper = ${run('credential')}
[uploadpack]
  packObjectsHook = ${run('packObjectsHook')}
[gc]
  recentObjectsHook = ${run('recentObjectsHook')}
[hook "trap"]
  command = ${run('config-hook')}
  event = reference-transaction
  event = post-index-change
[alias]
  zzz = !${run('alias')}
[protocol]
  allow = always
[protocol "file"]
  allow = always
[url "ext::${run('insteadOf')} "]
  insteadOf = ext-trap:
`;
  };
  let missing = '';
  const repo = await buildRepo((r) => {
    r.commit('one', { '.gitattributes': '*.txt diff=trap filter=trap\n', 'a.txt': 'alpha', 'b.txt': 'beta' });
    r.commit('two', { 'a.txt': 'gamma' });
    missing = r.git('rev-parse', 'HEAD:b.txt');
  });
  rmSync(join(repo.gitDir, 'objects', missing.slice(0, 2), missing.slice(2)));
  mkdirSync(join(repo.gitDir, 'info'), { recursive: true });
  writeFileSync(join(repo.gitDir, 'info', 'attributes'), '* diff=trap filter=trap\n');
  for (const name of hookNames) program(hooks, name, `hook-${name}`);
  mkdirSync(join(repo.gitDir, 'hooks'), { recursive: true });
  for (const name of hookNames) program(join(repo.gitDir, 'hooks'), name, `hook-${name}`);
  const upload = program(bin, 'uploadpack', 'uploadpack');
  writeFileSync(join(repo.gitDir, 'included'), config('included'));
  writeFileSync(
    join(repo.gitDir, 'config'),
    `[core]
  repositoryformatversion = 1
  bare = false
[extensions]
  partialClone = origin
[remote "origin"]
  url = ${repo.path}
  promisor = true
  partialclonefilter = blob:none
  uploadpack = ${upload}
[include]
  path = included
${config('repo')}`,
  );
  writeFileSync(join(home, '.gitconfig'), config('user'));
  return {
    repo,
    missing,
    home,
    sprung: () => {
      const names = readdirSync(canaries).sort();
      for (const name of names) rmSync(join(canaries, name));
      return names;
    },
  };
};

/** Sets this process' environment as a hostile shell would; vitest takes it back when told to unstub. */
export const stubHostileEnvironment = ({ home, repo }: Trap): void => {
  const runs = join(home, '..', 'bin', 'user-pager');
  const values = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_DIR: repo.gitDir,
    GIT_WORK_TREE: repo.path,
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
    GIT_CONFIG_SYSTEM: join(home, '.gitconfig'),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: runs,
    GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${runs}'`,
    GIT_EXTERNAL_DIFF: runs,
    GIT_SSH_COMMAND: runs,
    GIT_ASKPASS: runs,
    GIT_PAGER: runs,
    GIT_EDITOR: runs,
    GIT_PROXY_COMMAND: runs,
    GIT_TRACE: join(home, '..', 'canaries', 'trace'),
    GIT_TRACE2: join(home, '..', 'canaries', 'trace2'),
    GIT_OBJECT_DIRECTORY: '/nonexistent',
    GIT_ALTERNATE_OBJECT_DIRECTORIES: '/nonexistent',
    GIT_INDEX_FILE: '/nonexistent',
    GIT_EXEC_PATH: join(home, '..', 'bin'),
    GIT_ALLOW_PROTOCOL: 'ext:file',
    SSH_ASKPASS: runs,
    PAGER: runs,
    EDITOR: runs,
  };
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
};
