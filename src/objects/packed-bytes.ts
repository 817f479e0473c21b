import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How large the packs of an object directory are together; 0 where that cannot be told. A measure of work, no more. */
export const packedBytes = async (objectDirectory: string): Promise<number> => {
  const folder = join(objectDirectory, 'pack');
  const names = await readdir(folder).catch(() => []);
  const packs = names.filter((name) => name.endsWith('.pack'));
  const sizes = await Promise.all(
    packs.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};
