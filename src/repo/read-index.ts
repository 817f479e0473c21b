import { type IndexContent, listIndex, ReadGit } from '../git/index.ts';
import type { Repository, Worktree } from './repository.ts';

/** Lists what is staged in one work tree. Never throws for a bad index: that is its `problem`. @throws GitNotFoundError */
export const readIndex = async (repository: Repository, worktree: Worktree): Promise<IndexContent> => {
  // `return await` below: the door must stay open until the answer is here.
  await using door = await ReadGit.open({
    objectDirectory: repository.objectDirectory,
    alternateDirectories: repository.alternates.map(({ directory }) => directory),
    format: repository.format,
    outside: repository.path,
  });
  return await listIndex(door, worktree.indexPath);
};
