import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { HostileBuilds, Kit } from './kit.ts';

const writeIn = (kit: Kit, path: string, text: string | Uint8Array): void => {
  const file = join(kit.gitDir, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** A commit with a secret that only the ref about to be written names. */
const detachedSecret = (kit: Kit, id: string): string => {
  const secret = kit.found(kit.secret(id));
  kit.r.git('checkout', '--quiet', '--detach', 'main');
  const oid = kit.r.commit(id, { [`${id}.conf`]: secret.text });
  kit.r.git('checkout', '--quiet', '--force', 'main');
  return oid;
};

export const refBuilds: HostileBuilds = {
  'packed-refs-only': (kit) => {
    kit.survivor();
    const oid = detachedSecret(kit, 'packed');
    // No header, a peeled line, as old clients wrote it.
    writeIn(kit, 'packed-refs', `${oid} refs/heads/packed\n${oid} refs/tags/packed\n^${oid}\n`);
  },
  'packed-refs-malformed': (kit) => {
    kit.survivor();
    const oid = detachedSecret(kit, 'packed');
    writeIn(
      kit,
      'packed-refs',
      `# pack-refs with: peeled\n${oid} refs/heads/good\nnonsense\n${oid} refs/heads/unterminated`,
    );
    kit.named('packed-refs', { complete: null });
  },
  'refs-broken': (kit) => {
    kit.survivor();
    writeIn(kit, 'refs/heads/empty', '');
    writeIn(kit, 'refs/heads/nonsense', 'not an object id\n');
    writeIn(kit, 'refs/heads/short', `${'a'.repeat(39)}\n`);
    writeIn(kit, 'refs/heads/loop-a', 'ref: refs/heads/loop-b\n');
    writeIn(kit, 'refs/heads/loop-b', 'ref: refs/heads/loop-a\n');
    writeIn(kit, 'refs/heads/escape', 'ref: ../../../../etc/hostname\n');
    for (const name of ['empty', 'nonsense', 'short']) kit.named(`refs/heads/${name}`, { complete: null });
  },
  'refs-to-missing': (kit) => {
    kit.survivor();
    writeIn(kit, 'refs/heads/missing', `${'a'.repeat(40)}\n`);
    kit.named('refs/heads/missing', { complete: null });
  },
  'refs-lenient': (kit) => {
    kit.survivor();
    writeIn(kit, 'refs/heads/crlf', `${detachedSecret(kit, 'crlf')}\r\n`);
    writeIn(kit, 'refs/heads/bare-end', detachedSecret(kit, 'bare-end'));
    writeIn(kit, 'refs/heads/upper', `${detachedSecret(kit, 'upper').toUpperCase()}\n`);
    writeIn(kit, 'refs/heads/spaced', 'ref:   refs/heads/crlf   \n');
  },
  'refs-symlinks': (kit) => {
    kit.survivor();
    const heads = join(kit.gitDir, 'refs', 'heads');
    symlinkSync('.', join(heads, 'self'));
    symlinkSync('/etc', join(heads, 'outside'));
    symlinkSync('/etc/hostname', join(heads, 'file'));
    kit.mayBeIncomplete();
  },
  'refs-fifo': (kit) => {
    kit.survivor();
    execFileSync('mkfifo', [join(kit.gitDir, 'refs', 'heads', 'fifo')]);
    kit.named('refs/heads/fifo', { complete: null });
  },
  'refs-locked': (kit) => {
    kit.survivor();
    writeIn(kit, 'refs/heads/main.lock', '');
    writeIn(kit, 'packed-refs.lock', '');
  },
  'refs-many': (kit) => {
    kit.survivor();
    const oid = detachedSecret(kit, 'many');
    const line = (number: number): string => `${oid} refs/heads/b${String(number).padStart(5, '0')}\n`;
    writeIn(kit, 'packed-refs', Array.from({ length: 20_000 }, (_, number) => line(number)).join(''));
  },
  'head-broken': (kit) => {
    kit.survivor();
    // Still a repository for git: HEAD must only look like one.
    writeIn(kit, 'HEAD', 'ref: refs/heads/nowhere\n');
  },
  'head-is-fifo': (kit) => {
    kit.r.commit('start', { 'readme.txt': 'A shop.\n' });
    execFileSync('rm', [join(kit.gitDir, 'HEAD')]);
    execFileSync('mkfifo', [join(kit.gitDir, 'HEAD')]);
    kit.named('HEAD', { complete: true });
  },
  'reflog-broken': (kit) => {
    kit.survivor();
    detachedSecret(kit, 'reflog');
    writeIn(kit, 'logs/HEAD', `nonsense\n\0\0\n${'f'.repeat(200)}`);
    kit.mayBeIncomplete();
  },
};
