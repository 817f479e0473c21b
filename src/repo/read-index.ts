import { type IndexContent, listIndex, ReadGit } from '../git/index.ts';
import type { Repository, Worktree } from './repository.ts';

/**
 * Lists what is staged in one work tree. Never throws for a bad index: that is its `problem`.
 * @param door one that is open already; it stays open.
 * @throws GitNotFoundError
 */
export const readIndex = async (repository: Repository, worktree: Worktree, door?: ReadGit): Promise<IndexContent> => {
  if (door !== undefined) return listIndex(door, worktree.indexPath);
  // `return await` below: the door must stay open until the answer is here.
  await using own = await ReadGit.open({
    objectDirectory: repository.objectDirectory,
    alternateDirectories: repository.alternates.map(({ directory }) => directory),
    format: repository.format,
    outside: repository.path,
  });
  return await listIndex(own, worktree.indexPath);
};
