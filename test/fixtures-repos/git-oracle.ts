import { runGit } from '../../fixtures-repos/run-git.ts';

/** What git itself says of a repository, read once and kept: the manifest is held to it. */
export class GitOracle {
  readonly #gitDir: string;
  readonly #trees = new Map<string, ReadonlyMap<string, string>>();
  readonly #objects: ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>;
  readonly #reachable: ReadonlySet<string>;
  readonly #tips: readonly string[];
  readonly refNames: readonly string[];

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
    this.#objects = this.#readObjects();
    const refs = this.#lines('for-each-ref', '--format=%(objectname) %(refname)');
    this.refNames = refs.map((line) => line.slice(line.indexOf(' ') + 1));
    const heads = this.#lines('worktree', 'list', '--porcelain').flatMap(
      (line) => /^HEAD (.*)/.exec(line)?.slice(1) ?? [],
    );
    const born = heads.filter((oid) => !/^0+$/.test(oid));
    this.#tips = [...refs.map((line) => line.split(' ')[0] ?? ''), ...born];
    this.#reachable = new Set(
      this.#lines('rev-list', '--objects', '--no-object-names', '--missing=allow-any', '--all', ...born),
    );
  }

  isReachable(oid: string): boolean {
    return this.#reachable.has(oid);
  }

  bytes(oid: string): Buffer | undefined {
    return this.#objects.get(oid)?.bytes;
  }

  parents(commit: string): string[] {
    const [headers = ''] = (this.bytes(commit) ?? Buffer.alloc(0)).toString('latin1').split('\n\n');
    return Array.from(headers.matchAll(/^parent (.*)$/gm), ([, parent = '']) => parent);
  }

  /** The blob at a path (Latin-1 of its bytes) of a commit, tag or tree. */
  blobAt(treeish: string, path: string): string | undefined {
    return this.#tree(treeish).get(path);
  }

  /** Objects of a type whose bytes satisfy `holds`. */
  objectsWith(type: string, holds: (bytes: Buffer) => boolean): string[] {
    return Array.from(this.#objects).flatMap(([oid, object]) =>
      object.type === type && holds(object.bytes) ? oid : [],
    );
  }

  isInTips(path: string, holds: (bytes: Buffer) => boolean): boolean {
    return this.#tips.some((tip) => {
      const blob = this.bytes(this.blobAt(tip, path) ?? '');
      return blob !== undefined && holds(blob);
    });
  }

  /** Every path of every tree that a commit or a tip has. */
  allPaths(commit: string): string[] {
    return Array.from(this.#tree(commit).keys());
  }

  #tree(treeish: string): ReadonlyMap<string, string> {
    const known = this.#trees.get(treeish);
    if (known) return known;
    const tree = new Map(this.#peelsToTree(treeish) ? this.#listTree(treeish) : []);
    this.#trees.set(treeish, tree);
    return tree;
  }

  #peelsToTree(oid: string): boolean {
    const object = this.#objects.get(oid);
    if (object?.type !== 'tag') return object !== undefined && object.type !== 'blob';
    return this.#peelsToTree(/^object (.*)$/m.exec(object.bytes.toString('latin1'))?.[1] ?? '');
  }

  #listTree(treeish: string): [string, string][] {
    const entries = this.#git('ls-tree', '-r', '-z', treeish).toString('latin1').split('\0');
    return entries.flatMap((entry): [string, string][] => {
      const [, oid, path] = /^\d+ \w+ (\w+)\t(.*)$/s.exec(entry) ?? [];
      return oid !== undefined && path !== undefined ? [[path, oid]] : [];
    });
  }

  #readObjects(): Map<string, { type: string; bytes: Buffer }> {
    const stream = this.#git('cat-file', '--batch-all-objects', '--batch', '--unordered');
    const objects = new Map<string, { type: string; bytes: Buffer }>();
    for (let at = 0; at < stream.length; ) {
      const end = stream.indexOf(10, at);
      const [oid = '', type = '', size = ''] = stream.toString('latin1', at, end).split(' ');
      objects.set(oid, { type, bytes: stream.subarray(end + 1, end + 1 + Number(size)) });
      at = end + 1 + Number(size) + 1;
    }
    return objects;
  }

  #lines(...args: string[]): string[] {
    return this.#git(...args)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  #git(...args: string[]): Buffer {
    const env = { GIT_DIR: this.#gitDir, GIT_GRAFT_FILE: '/dev/null', GIT_NO_LAZY_FETCH: '1' };
    return runGit(args, { cwd: this.#gitDir, env });
  }
}
