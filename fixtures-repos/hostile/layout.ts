import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostileBuild, HostileBuilds, Kit } from './kit.ts';
import { putLoose } from './raw-objects.ts';

/** A folder beside the repository. */
const beside = (kit: Kit, name: string): string => {
  const path = join(kit.r.path, '..', name);
  mkdirSync(path, { recursive: true });
  return path;
};

const alternates = (kit: Kit, text: string): void => {
  mkdirSync(join(kit.gitDir, 'objects', 'info'), { recursive: true });
  writeFileSync(join(kit.gitDir, 'objects', 'info', 'alternates'), text);
};

/** Moves what only the victim's blob needs into another store. */
const lend = (kit: Kit, store: string): void => {
  const { secret, oid } = kit.victim();
  kit.found(secret);
  rmSync(join(kit.gitDir, 'objects', oid.slice(0, 2), oid.slice(2)));
  putLoose(store, 'blob', Buffer.from(`# ${'filler '.repeat(40)}\n${secret.text}`));
};

const gitFile =
  (content: string | Uint8Array): HostileBuild =>
  (kit) => {
    const path = beside(kit, 'pointer');
    writeFileSync(join(path, '.git'), content);
    kit.scan(path);
    kit.fails();
  };

const withConfig =
  (lines: string): HostileBuild =>
  (kit) => {
    kit.survivor();
    appendFileSync(join(kit.gitDir, 'config'), lines);
  };

/** The format is not one we know: nothing may be guessed. */
const refused =
  (lines: string): HostileBuild =>
  (kit) => {
    kit.r.commit('start', { 'readme.txt': 'A shop.\n' });
    const config = join(kit.gitDir, 'config');
    writeFileSync(config, `${readFileSync(config, 'utf8').replace(/repositoryformatversion = 0/, '')}${lines}`);
    kit.fails();
  };

export const layoutBuilds: HostileBuilds = {
  'alternates-relative': (kit) => {
    kit.survivor();
    lend(kit, beside(kit, 'store'));
    alternates(kit, '../../../store/objects\n');
  },
  'alternates-quoted-comment': (kit) => {
    kit.survivor();
    lend(kit, beside(kit, 'st"ore'));
    alternates(kit, `# a comment\n"${join(beside(kit, 'st"ore'), 'objects').replaceAll('"', '\\"')}"\n`);
  },
  'alternates-missing-dir': (kit) => {
    kit.survivor();
    alternates(kit, '/nonexistent/objects\n');
    kit.named('/nonexistent/objects', { complete: null });
  },
  'alternates-cycle': (kit) => {
    kit.survivor();
    const store = beside(kit, 'store');
    lend(kit, store);
    mkdirSync(join(store, 'objects', 'info'), { recursive: true });
    writeFileSync(join(store, 'objects', 'info', 'alternates'), `${join(kit.gitDir, 'objects')}\n`);
    alternates(kit, `${join(store, 'objects')}\n`);
  },
  'alternates-is-fifo': (kit) => {
    kit.survivor();
    mkdirSync(join(kit.gitDir, 'objects', 'info'), { recursive: true });
    execFileSync('mkfifo', [join(kit.gitDir, 'objects', 'info', 'alternates')]);
    kit.named('alternates', { complete: null });
  },
  'gitfile-loop': gitFile('gitdir: .git\n'),
  'gitfile-huge': gitFile(Buffer.alloc(2 << 20, 'gitdir: x')),
  'gitfile-missing': gitFile('gitdir: ../nowhere\n'),
  'gitfile-nonsense': gitFile('\0\u001b[31mnonsense'),
  'gitfile-unc': gitFile('gitdir: //server/share/repo.git\n'),
  'extension-unknown': refused('[core]\n\trepositoryformatversion = 1\n[extensions]\n\tunheardof = true\n'),
  'object-format-unknown': refused('[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha512\n'),
  'repo-version-99': refused('[core]\n\trepositoryformatversion = 99\n'),
  'config-broken': (kit) => {
    kit.r.commit('start', { 'readme.txt': 'A shop.\n' });
    writeFileSync(join(kit.gitDir, 'config'), '[core\n\tbare = \n"');
    kit.fails();
  },
  'config-includes-itself': withConfig('[include]\n\tpath = config\n\tpath = /etc/hostname\n'),
  'not-a-repo': (kit) => {
    kit.scan(beside(kit, 'folder'));
    kit.fails();
  },
  'no-such-folder': (kit) => {
    kit.scan(join(kit.r.path, 'nowhere'));
    kit.fails();
  },
  'empty-repo': (kit) => kit.named('no-commits'),
  'unborn-branch-staged': (kit) => {
    kit.r.stage({ 'staged.conf': kit.found(kit.secret('staged')).text });
    kit.mayBeIncomplete();
  },
  'index-hostile': (kit) => {
    kit.survivor();
    kit.found(kit.victim().secret);
    writeFileSync(
      join(kit.gitDir, 'index'),
      Buffer.concat([Buffer.from('DIRC\0\0\0\x02\xff\xff\xff\xff', 'latin1'), Buffer.alloc(64, 0xff)]),
    );
    // It only names blobs, and every blob of the store was read.
    kit.named('index', { complete: true });
  },
  'index-is-fifo': (kit) => {
    kit.survivor();
    rmSync(join(kit.gitDir, 'index'));
    execFileSync('mkfifo', [join(kit.gitDir, 'index')]);
    kit.named('index', { complete: true });
  },
  'fifo-everywhere': (kit) => {
    kit.survivor();
    for (const name of ['config.worktree', 'shallow', 'FETCH_HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'commondir.x', 'info']) {
      execFileSync('mkfifo', [join(kit.gitDir, name)]);
    }
    kit.mayBeIncomplete();
  },
  'shallow-nonsense': (kit) => {
    kit.survivor();
    writeFileSync(join(kit.gitDir, 'shallow'), 'not an object id\n');
    kit.mayBeIncomplete();
  },
  'objects-is-link': (kit) => {
    kit.survivor();
    const elsewhere = join(beside(kit, 'elsewhere'), 'objects');
    execFileSync('mv', [join(kit.gitDir, 'objects'), elsewhere]);
    symlinkSync(elsewhere, join(kit.gitDir, 'objects'));
    kit.mayBeIncomplete();
  },
  'commit-graph-lies': (kit) => {
    kit.survivor();
    kit.found(kit.victim().secret);
    kit.r.git('commit-graph', 'write', '--reachable');
    const graph = join(kit.gitDir, 'objects', 'info', 'commit-graph');
    const bytes = readFileSync(graph);
    execFileSync('chmod', ['644', graph]);
    // Another root tree and no parents, for every commit: it is a cache, and whoever believes it misses a commit.
    writeFileSync(graph, Buffer.concat([bytes.subarray(0, -100), Buffer.alloc(80, 0x70), bytes.subarray(-20)]));
  },
};
