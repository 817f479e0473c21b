import { runGit } from '../../fixtures-repos/run-git.ts';
import { type Oid, parseOid } from '../../src/git/index.ts';
import { commitTable, type History, type PlannedCommit, type Row } from './histories.ts';

export const blobText = (blob: number): string => `content ${blob}\n`;

/** Writes the plan into an empty repository in one go; refs point where `refs` says, all other commits are dead. */
export const importHistory = (
  cwd: string,
  planned: readonly PlannedCommit[],
  refs: ReadonlyMap<string, number>,
  textOf: (blob: number) => string = blobText,
): void => {
  runGit(['init', '-q', '--bare', '.'], { cwd });
  const blobs = [...new Set(planned.flatMap(({ files }) => [...files.values()].map(({ blob }) => blob)))];
  const mark = (commit: number) => `:${commit + 1000}`;
  const lines = blobs.map((blob) => `blob\nmark :${blob + 1}\n${data(textOf(blob))}`);
  planned.forEach(({ parents, files, date }, commit) => {
    lines.push(
      `commit refs/all/${commit}\nmark ${mark(commit)}\ncommitter A U Thor <a@example.com> ${1_700_000_000 + date} +0000\n`,
      data(`commit ${commit}\n`),
      ...parents.map((parent, index) => `${index === 0 ? 'from' : 'merge'} ${mark(parent)}\n`),
      'deleteall\n',
      ...[...files].map(
        ([path, { blob, isExecutable }]) => `M ${isExecutable ? 100755 : 100644} :${blob + 1} ${path}\n`,
      ),
      '\n',
    );
  });
  for (const [name, commit] of refs) lines.push(`reset ${name}\nfrom ${mark(commit)}\n\n`);
  runGit(['fast-import', '--quiet'], { cwd, input: lines.join('') });
  runGit(['update-ref', '--stdin'], { cwd, input: planned.map((_, commit) => `delete refs/all/${commit}\n`).join('') });
};

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** Reads every object of a repository into plain values, numbered by sorted oid. */
export const readHistory = (cwd: string): { readonly history: History; readonly oids: readonly Oid[] } => {
  const objects = readObjects(runGit(['cat-file', '--batch-all-objects', '--batch'], { cwd }));
  const oids = objects.map(({ oid }) => oid);
  const numberOf = new Map(oids.map((oid, number) => [oid as string, number]));
  const commits = objects.filter(({ type }) => type === 'commit');
  const indexOf = new Map(commits.map(({ oid }, index) => [oid as string, index]));
  const table = commitTable(
    commits.map(({ bytes }) => {
      const text = bytes.toString('latin1');
      return {
        parents: [...text.matchAll(/^parent (\w+)$/gm)].map(([, oid = '']) => indexOf.get(oid) ?? -1),
        tree: numberOf.get(/^tree (\w+)$/m.exec(text)?.[1] ?? '') ?? -1,
        date: Number(/^committer .*> (\d+) /m.exec(text)?.[1]),
      };
    }),
    commits.map(({ oid }) => oid),
  );
  const rows = objects.flatMap(({ type, bytes }, tree) => (type === 'tree' ? rowsOf(tree, bytes, numberOf) : []));
  const blobs = objects.flatMap(({ type }, number) => (type === 'blob' ? [number] : []));
  return { history: { commits: table, rows, blobs }, oids };
};

const readObjects = (output: Buffer) => {
  const objects: { oid: Oid; type: string; bytes: Buffer }[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [name = '', type = '', size] = output.toString('latin1', at, end).split(' ');
    const oid = parseOid(name);
    if (oid) objects.push({ oid, type, bytes: output.subarray(end + 1, end + 1 + Number(size)) });
    at = end + 1 + Number(size) + 1;
  }
  return objects;
};

const rowsOf = (tree: number, bytes: Buffer, numberOf: ReadonlyMap<string, number>): Row[] => {
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const nul = bytes.indexOf(0, space);
    const oid = bytes.toString('hex', nul + 1, nul + 21);
    rows.push({
      tree,
      name: bytes.toString('latin1', space + 1, nul),
      child: numberOf.get(oid) ?? -1,
      isSubtree: bytes.toString('latin1', at, space) === '40000',
    });
    at = nul + 21;
  }
  return rows;
};
