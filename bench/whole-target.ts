import { join } from 'node:path';
import { cutHistory, wholeCommits } from './cut-history.ts';
import { describeTarget, nameOf, type Target } from './repository.ts';

/** The repository, or where it lacks objects a copy in `folder` of the history that is whole: there others get to the end, too. */
export const wholeTarget = (path: string, folder: string): Target => {
  const commits = wholeCommits(path);
  if (commits === null) return describeTarget(path);
  const copy = join(folder, `${nameOf(path).replaceAll('/', '-')}.git`);
  cutHistory(path, copy, commits);
  return { ...describeTarget(copy), name: `${nameOf(path)}, what is whole` };
};
