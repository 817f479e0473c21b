import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { temporaryFolder } from '../../fixtures-repos/index.ts';
import type { ObjectFormat } from '../../src/git/index.ts';

export interface Answer {
  /** Exit code; from 128 on where git died, also of the limit. */
  readonly code: number;
  readonly stdout: Buffer;
}

export interface Question {
  readonly args: readonly string[];
  /** A file that git reads as its standard input. */
  readonly stdin?: string;
}

/**
 * Asks git many things, one process each, with one shell around them: starting a shell costs Node five times what
 * starting git costs the shell. Git may say no, die or hang; two seconds of work end it.
 * No setting of the user or the machine applies. Arguments are ours and hold no quote.
 */
export const askGit = (gitDir: string, questions: readonly Question[]): Answer[] => {
  const folder = temporaryFolder();
  const lines = questions.map(
    ({ args, stdin = '/dev/null' }, i) =>
      `(ulimit -t 2; exec git ${args.map((arg) => `'${arg}'`).join(' ')}) < '${stdin}' > ${i} 2>/dev/null; echo $?`,
  );
  const { stdout } = spawnSync('/bin/sh', {
    cwd: folder.path,
    input: `ulimit -c 0\n${lines.join('\n')}\n`,
    env: {
      PATH: process.env['PATH'],
      GIT_DIR: gitDir,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      HOME: '/nonexistent',
      LC_ALL: 'C',
    },
    maxBuffer: 1 << 26,
  });
  const codes = stdout.toString('latin1').trim().split('\n').map(Number);
  const answers = questions.map((_, i) => ({ code: codes[i] ?? 255, stdout: readFileSync(join(folder.path, `${i}`)) }));
  folder.dispose();
  return answers;
};

/** An empty bare repository, for objects that no git would make. */
export const emptyRepo = (format: ObjectFormat = 'sha1'): string => {
  const gitDir = join(temporaryFolder().path, 'repo.git');
  mkdirSync(join(gitDir, 'objects/pack'), { recursive: true });
  mkdirSync(join(gitDir, 'refs/tags'), { recursive: true });
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(
    join(gitDir, 'config'),
    format === 'sha1'
      ? '[core]\nrepositoryformatversion = 0\nbare = true\n'
      : '[core]\nrepositoryformatversion = 1\nbare = true\n[extensions]\nobjectformat = sha256\n',
  );
  return gitDir;
};

/** Stores an object as it is, valid or not. */
export const writeLoose = (
  gitDir: string,
  type: string,
  content: Uint8Array,
  format: ObjectFormat = 'sha1',
): string => {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const oid = createHash(format).update(bytes).digest('hex');
  mkdirSync(join(gitDir, 'objects', oid.slice(0, 2)), { recursive: true });
  writeFileSync(join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2)), deflateSync(bytes, { level: 1 }));
  return oid;
};
