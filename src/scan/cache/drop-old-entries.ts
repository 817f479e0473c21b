import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** All entries together; the least recently used go first. */
export const largestCacheBytes = 1024 ** 3;
/** An entry that nobody used for so long is dropped. */
const oldestMs = 90 * 86_400_000;
/** What a killed run left half written. */
const oldestTemporaryMs = 3_600_000;

/** Keeps the cache within its bounds. @param now milliseconds since 1970. */
export const dropOldEntries = (folder: string, now: number, limitBytes = largestCacheBytes): void => {
  const files = readdirSync(folder).flatMap((name) => {
    const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stats?.isFile() === true ? [{ name, sizeBytes: stats.size, usedAt: stats.mtimeMs }] : [];
  });
  const drop = (name: string): void => rmSync(join(folder, name), { force: true });
  for (const { name, usedAt } of files) if (name.startsWith('tmp-') && now - usedAt > oldestTemporaryMs) drop(name);
  let kept = 0;
  for (const { name, sizeBytes, usedAt } of files.filter(isEntry).sort((a, b) => b.usedAt - a.usedAt)) {
    kept += sizeBytes;
    if (kept > limitBytes || now - usedAt > oldestMs) drop(name);
  }
};

const isEntry = ({ name }: { readonly name: string }): boolean => /^[0-9a-f]{32}\.[a-z]+$/.test(name);
