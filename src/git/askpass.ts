import { execFile } from 'node:child_process';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A program for GIT_ASKPASS that hands out one user and one password, to one host only. */
export interface Askpass {
  readonly program: string;
  /** Takes what was not asked for back out of the world. */
  close(): Promise<void>;
}

/**
 * Makes the program in a private folder. The secrets wait in named pipes: they never stand in a file, in argv or in the
 * environment, and are gone with this process. A redirect to another host asks for that host and gets nothing.
 * @param folder private (0700), removed by the caller.
 */
export const makeAskpass = async (
  folder: string,
  host: string,
  answers: { readonly user: string; readonly password: string },
): Promise<Askpass> => {
  const handles: FileHandle[] = [];
  for (const [name, answer] of Object.entries(answers)) {
    const pipe = join(folder, name);
    await makePipe(pipe);
    // Open for both ends, so that neither opening nor writing waits for the reader.
    const handle = await open(pipe, 'r+');
    handles.push(handle);
    // git asks once for each connection; the pipe holds 64 KiB.
    await handle.write(`${answer}\n`.repeat(answer.length < 2000 ? 8 : 1));
  }
  const program = join(folder, 'askpass');
  // The prompt is `Username for 'https://host': ` or `Password for 'https://user@host': `.
  const script = `#!/bin/sh
case "$1" in
  Username*"://${host}'"*) name=user ;;
  Password*"@${host}'"* | Password*"://${host}'"*) name=password ;;
  *) exit 1 ;;
esac
IFS= read -r answer < ${quoted(folder)}/"$name" && printf '%s\\n' "$answer"
`;
  await writeFile(program, script, { mode: 0o700 });
  return {
    program,
    close: async () => {
      await Promise.all(handles.map((handle) => handle.close()));
    },
  };
};

const makePipe = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile('mkfifo', ['-m', '600', path], (error) => (error === null ? resolve() : reject(error)));
  });

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
