import { readFile } from 'node:fs/promises';
import { KnownError } from '../errors.ts';
import { type Oid, parseOid, type ReadGit, RepoGit } from '../git/index.ts';
import type { Repository } from '../repo/index.ts';
import { display } from '../text/index.ts';
import { isDateText, isPlainDate, wholeDay } from './date-text.ts';
import type { CommitSelection } from './request.ts';

/** The commits whose contribution is scanned, and what the report says of the choice. */
export interface ChosenCommits {
  /** Newest first where git walked; else in the order in which they were named. */
  readonly commits: readonly Oid[];
  readonly since: string | null;
  readonly range: string | null;
  /** The one commit that the range counts from. */
  readonly base: Oid | null;
  /** Every ref that reaches one of these commits reaches it through these commits. */
  readonly isUpToRefs: boolean;
}

export class BadRevisionError extends KnownError {
  readonly code = 'bad-revision';
}

/** A commit on the way is not there or cannot be read: which commits are meant cannot be said. */
export class BrokenWalkError extends KnownError {
  readonly code = 'broken-walk';
}

export interface ChooseRequest {
  readonly repository: Repository;
  readonly readGit: ReadGit;
  readonly selection: CommitSelection;
  /** What all refs lead to, as far as it is there. */
  readonly tips: readonly Oid[];
}

/** @throws BadRevisionError, BrokenWalkError */
export const chooseCommits = async (request: ChooseRequest): Promise<ChosenCommits> => {
  const { repository, selection } = request;
  await using repoGit = await RepoGit.open({ gitDir: repository.gitDir, outside: repository.path });
  const names = { repoGit, repository };
  // Awaited here: git must not be closed before it has answered.
  switch (selection.kind) {
    case 'since':
      return await since(request, names, selection.text);
    case 'range':
      return await range(request, names, selection.text);
    case 'commits-from':
      return await named(names, selection.file);
  }
};

interface Names {
  readonly repoGit: RepoGit;
  readonly repository: Repository;
}

const since = async ({ readGit, tips }: ChooseRequest, names: Names, text: string): Promise<ChosenCommits> => {
  const all = { since: text, range: null, isUpToRefs: true };
  const [base = null] = isPlainDate(text) || text.startsWith('-') ? [] : await resolveNames(names.repoGit, [text]);
  if (base !== null) return { ...all, base, commits: await walk(readGit, [...tips, `^${base}`]) };
  if (!isDateText(text)) {
    throw new BadRevisionError(
      `"${display(text)}" names no commit here, and is no date.`,
      hintFor(names, 'Name a branch, a tag or a commit, or a date as git takes it: 2024-03-01, "2 weeks ago".'),
    );
  }
  const seconds = await secondsOf(names.repoGit, wholeDay(text));
  return { ...all, base: null, commits: await walk(readGit, tips, [`--max-age=${seconds}`]) };
};

/** Git's parser of dates, in UTC. */
const secondsOf = async (repoGit: RepoGit, text: string): Promise<number> => {
  const { stdout, code } = await repoGit.run(['rev-parse', `--since=${text}`]);
  const [, seconds] = /^--max-age=(\d+)\n$/.exec(Buffer.from(stdout).toString('latin1')) ?? [];
  if (code === 0 && seconds !== undefined) return Number(seconds);
  throw new BadRevisionError(`"${display(text)}" is no date that git understands.`, 'Write it as 2024-03-01.');
};

const range = async ({ readGit }: ChooseRequest, names: Names, text: string): Promise<ChosenCommits> => {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const ends = words.flatMap(endsOf);
  const wrong = ends.find(({ name }) => name.startsWith('-') || name === '');
  if (wrong !== undefined || !ends.some(({ isExcluded }) => !isExcluded)) {
    throw new BadRevisionError(
      `"${display(text)}" is no range of commits.`,
      'Write it as A..B (what B has and A has not), A...B, B, or B ^A. Options of git are not taken.',
    );
  }
  const found = await resolveNames(
    names.repoGit,
    ends.map(({ name }) => name),
  );
  const oids = ends.map(({ name }, index) => {
    const oid = found[index];
    if (oid) return oid;
    throw new BadRevisionError(
      `"${display(name)}" names no commit here.`,
      hintFor(names, 'Name a branch, a tag or a commit of this repository.'),
    );
  });
  const excluded = [...new Set(oids.filter((_, index) => ends[index]?.isExcluded))];
  return {
    commits: await walk(readGit, linesOf(ends, oids)),
    since: null,
    range: text,
    base: excluded.length === 1 ? (excluded[0] ?? null) : null,
    isUpToRefs: false,
  };
};

interface End {
  readonly name: string;
  readonly isExcluded: boolean;
  /** The first one of `A...B`, which belongs to the one behind it. */
  readonly isSymmetric: boolean;
}

/** As git takes a word of a range: an end that is left out is HEAD. */
const endsOf = (word: string): readonly End[] => {
  const [, left, dots, right] = /^(.*?)(\.{2,3})(.*)$/s.exec(word) ?? [];
  if (left !== undefined && dots !== undefined && right !== undefined && word !== dots) {
    const isSymmetric = dots === '...';
    return [
      { name: left || 'HEAD', isExcluded: !isSymmetric, isSymmetric },
      { name: right || 'HEAD', isExcluded: false, isSymmetric: false },
    ];
  }
  const isExcluded = word.startsWith('^');
  return [{ name: isExcluded ? word.slice(1) : word, isExcluded, isSymmetric: false }];
};

const linesOf = (ends: readonly End[], oids: readonly Oid[]): readonly string[] =>
  ends.flatMap(({ isExcluded, isSymmetric }, index) => {
    if (ends[index - 1]?.isSymmetric) return [];
    if (isSymmetric) return [`${oids[index]}...${oids[index + 1]}`];
    return [`${isExcluded ? '^' : ''}${oids[index]}`];
  });

/** What the file holds may be anything where the wrong one was named: its lines are not repeated. */
const named = async (names: Names, file: string | null): Promise<ChosenCommits> => {
  const what = file === null ? 'Standard input' : display(file);
  const lines = (await readNames(file, what))
    .split('\n')
    .map((line, index) => ({ name: line.trim(), number: index + 1 }))
    .filter(({ name }) => name !== '');
  const found = await resolveNames(
    names.repoGit,
    lines.map(({ name }) => (name.startsWith('-') ? '' : name)),
  );
  const bad = lines.find((_, index) => !found[index]);
  if (bad !== undefined) {
    throw new BadRevisionError(
      `${what}, line ${bad.number}: this names no commit here.`,
      hintFor(names, 'Write one commit, branch or tag a line, and nothing else.'),
    );
  }
  const commits = [...new Set(found.filter((oid) => oid !== null))];
  return { commits, since: null, range: null, base: null, isUpToRefs: false };
};

const mostNameBytes = 64 << 20;

const readNames = async (file: string | null, what: string): Promise<string> => {
  try {
    if (file !== null) return await readFile(file, 'utf8');
    let text = '';
    for await (const chunk of process.stdin) {
      text += String(chunk);
      if (text.length > mostNameBytes) throw new RangeError('more than any list of commits');
    }
    return text;
  } catch (cause) {
    throw new BadRevisionError(
      `${what} cannot be read.`,
      'Name a file with one commit a line, or - for standard input.',
      {
        cause,
      },
    );
  }
};

const fullOid = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const namesACall = 1000;

/** Names → commits, tags peeled; null from the first name on that leads to none. No name is taken for an option or a file. */
const resolveNames = async (repoGit: RepoGit, names: readonly string[]): Promise<readonly (Oid | null)[]> => {
  const found: Oid[] = [];
  const firstBad = names.findIndex((name) => !isName(name));
  const good = firstBad < 0 ? names : names.slice(0, firstBad);
  for (let at = 0; at < good.length && found.length === at; at += namesACall) {
    // Git stops at the first name that it does not know.
    found.push(...(await askForCommits(repoGit, good.slice(at, at + namesACall))));
  }
  return names.map((_, index) => found[index] ?? null);
};

/** Not what git would take for an option, for several revisions, or for two arguments. */
const isName = (name: string): boolean =>
  name !== '' && name.length <= 4096 && !/^[-^]|\0|\n|\.\.|\^[@!]$|\^-\d*$/.test(name);

const askForCommits = async (repoGit: RepoGit, names: readonly string[]): Promise<Oid[]> => {
  const args = names.map((name) => `${name}^{commit}`);
  const { stdout } = await repoGit.run(['rev-parse', '--end-of-options', ...args]);
  return Buffer.from(stdout)
    .toString('latin1')
    .split('\n')
    .flatMap((line) => (fullOid.test(line) ? (parseOid(line) ?? []) : []));
};

/** Which commits git reaches, newest first. */
const walk = async (readGit: ReadGit, lines: readonly string[], args: readonly string[] = []): Promise<Oid[]> => {
  // Without a line git has nothing to walk, and says how it is used.
  if (lines.length === 0) return [];
  const { stdout, code, reason } = await readGit.run(['rev-list', ...args, '--stdin'], `${lines.join('\n')}\n`);
  if (code !== 0 || reason !== 'exit') {
    throw new BrokenWalkError(
      'The commits cannot be walked: one on the way is missing or damaged.',
      'Scan without a range: the whole scan reads what is there, and names what is not.',
    );
  }
  const text = Buffer.from(stdout).toString('latin1');
  return text.split('\n').flatMap((line) => parseOid(line) ?? []);
};

const hintFor = ({ repository }: Names, hint: string): string =>
  repository.shallowCommits.length === 0
    ? hint
    : `This clone is shallow, the commit may lie beyond its end: git fetch --unshallow (in GitHub Actions: fetch-depth: 0). ${hint}`;
