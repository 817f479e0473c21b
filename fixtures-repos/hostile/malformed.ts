import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostileBuild, HostileBuilds, Kit } from './kit.ts';
import { oidOf, person, putLoose, type RawEntry, rawTree } from './raw-objects.ts';
import { putPack, rawPack } from './raw-pack.ts';

const headTree = (kit: Kit): string => kit.r.git('rev-parse', 'HEAD^{tree}');

/** A commit of any bytes on a branch of its own; its tree holds one secret, its message another. */
const rawCommit =
  (make: (tree: string, message: string, parent: string) => string | Uint8Array): HostileBuild =>
  (kit) => {
    kit.survivor();
    const inFile = kit.found(kit.secret('file'));
    const inMessage = kit.found(kit.secret('message'));
    const blob = putLoose(kit.gitDir, 'blob', Buffer.from(inFile.text));
    const tree = putLoose(kit.gitDir, 'tree', rawTree([{ mode: '100644', name: 'raw.conf', oid: blob }]));
    const parent = kit.r.git('rev-parse', 'HEAD');
    reach(kit, putLoose(kit.gitDir, 'commit', Buffer.from(make(tree, inMessage.text, parent))));
  };

/** By hand: git would not write a ref to some of these. */
const reach = (kit: Kit, oid: string): void => {
  mkdirSync(join(kit.gitDir, 'refs', 'keep-around'), { recursive: true });
  writeFileSync(join(kit.gitDir, 'refs', 'keep-around', kit.name), `${oid}\n`);
};

/** A tree of any entries, shown by a commit; `blob` stores a secret of its own for an entry. */
const rawTreeCommit =
  (make: (blob: (id: string) => string, kit: Kit) => readonly RawEntry[] | Uint8Array): HostileBuild =>
  (kit) => {
    kit.survivor();
    const blob = (id: string): string => putLoose(kit.gitDir, 'blob', Buffer.from(kit.found(kit.secret(id)).text));
    const made = make(blob, kit);
    commitTree(kit, putLoose(kit.gitDir, 'tree', made instanceof Uint8Array ? made : rawTree(made)));
  };

const commitTree = (kit: Kit, tree: string): void => {
  const text = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nraw tree\n`;
  reach(kit, putLoose(kit.gitDir, 'commit', Buffer.from(text)));
};

const file = (name: string | Uint8Array, oid: string, mode = '100644'): RawEntry => ({ mode, name, oid });

const commits: HostileBuilds = {
  'commit-missing-author': rawCommit((tree, message) => `tree ${tree}\ncommitter ${person}\n\n${message}`),
  'commit-missing-committer': rawCommit((tree, message) => `tree ${tree}\nauthor ${person}\n\n${message}`),
  'commit-multiple-authors': rawCommit(
    (tree, message) => `tree ${tree}\nauthor ${person}\nauthor ${person}\ncommitter ${person}\n\n${message}`,
  ),
  'commit-nul-in-message': rawCommit(
    (tree, message) => `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\na\0${message}`,
  ),
  'commit-nul-in-header': rawCommit(
    (tree, message) => `tree ${tree}\nauthor A\0B <a@example.com> 1704067260 +0000\ncommitter ${person}\n\n${message}`,
  ),
  'commit-no-blank-line': rawCommit(
    (tree, message) => `tree ${tree}\nauthor ${person}\ncommitter ${person}\nnote ${message}`,
  ),
  'commit-encoding-bogus': rawCommit(
    (tree, message) => `tree ${tree}\nauthor ${person}\ncommitter ${person}\nencoding ../../x\n\n\u00ff${message}`,
  ),
  'commit-bad-dates': rawCommit(
    (tree, message) =>
      `tree ${tree}\nauthor A <a@example.com> 99999999999999999999 +051800\ncommitter A <a@example.com> -1 -0000\n\n${message}`,
  ),
  'commit-bad-idents': rawCommit(
    (tree, message) => `tree ${tree}\nauthor <<>\ncommitter A <a@example.com>\n\n${message}`,
  ),
  'commit-huge-headers': rawCommit(
    (tree, message) =>
      `tree ${tree}\nauthor ${person}\ncommitter ${person}\n${'x-note of a review\n'.repeat(60_000)}\n${message}`,
  ),
  'commit-huge-message': rawCommit(
    (tree, message) => `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\n${'long '.repeat(800_000)}${message}`,
  ),
  'commit-hostile-text': rawCommit(
    (tree, message) =>
      `tree ${tree}\nauthor \u001b[2J\u202e <x@example.com> 1704067260 +0000\ncommitter ${person}\n\n\u001b]0;x\u0007 ${message}`,
  ),
  'commit-many-parents': rawCommit(
    (tree, message, parent) =>
      `tree ${tree}\n${`parent ${parent}\n`.repeat(64)}author ${person}\ncommitter ${person}\n\n${message}`,
  ),
  'commit-own-parent-missing': (kit) => {
    rawCommit(
      (tree, message) => `tree ${tree}\nparent ${'a'.repeat(40)}\nauthor ${person}\ncommitter ${person}\n\n${message}`,
    )(kit);
    kit.named('a'.repeat(40));
  },
  'commit-parent-is-tree': (kit) => {
    rawCommit((tree, message) => `tree ${tree}\nparent ${tree}\nauthor ${person}\ncommitter ${person}\n\n${message}`)(
      kit,
    );
    kit.mayBeIncomplete();
  },
  'commit-tree-is-blob': (kit) => {
    kit.survivor();
    const secret = kit.found(kit.secret('as-tree'));
    const blob = putLoose(kit.gitDir, 'blob', Buffer.from(secret.text));
    commitTree(kit, blob);
    kit.mayBeIncomplete();
  },
  'commit-tree-missing': (kit) => {
    kit.survivor();
    commitTree(kit, 'a'.repeat(40));
    kit.named('a'.repeat(40));
  },
  'commit-empty': (kit) => {
    kit.survivor();
    putLoose(kit.gitDir, 'commit', Buffer.alloc(0));
    kit.mayBeIncomplete();
  },
  'tag-malformed': (kit) => {
    kit.survivor();
    const head = kit.r.git('rev-parse', 'HEAD');
    const tags = [
      `object ${head}\ntype commit\ntag no-tagger\n\n${kit.found(kit.secret('no-tagger')).text}`,
      `object ${head}\ntype commit\ntag nul\ntagger ${person}\n\na\0${kit.found(kit.secret('nul')).text}`,
      `object ${head}\ntype tree\ntag liar\ntagger ${person}\nx-more 1\n\n${kit.found(kit.secret('liar')).text}`,
      `object ${'a'.repeat(40)}\ntype commit\ntag dangling\ntagger ${person}\n\n${kit.found(kit.secret('dangling')).text}`,
    ];
    for (const tag of tags) putLoose(kit.gitDir, 'tag', Buffer.from(tag));
    kit.mayBeIncomplete();
  },
};

const trees: HostileBuilds = {
  'tree-duplicate-entries': rawTreeCommit((blob) => [file('same.conf', blob('one')), file('same.conf', blob('two'))]),
  'tree-unsorted': rawTreeCommit((blob) => [
    file('z.conf', blob('z')),
    file('m.conf', blob('m')),
    file('a.conf', blob('a')),
  ]),
  'tree-odd-modes': rawTreeCommit((blob) => [
    file('group.conf', blob('group'), '100664'),
    file('padded.conf', blob('padded'), '0100644'),
    file('zero.conf', blob('zero'), '0'),
    file('huge.conf', blob('huge'), '7777777'),
  ]),
  'tree-dotgit-and-dots': rawTreeCommit((blob, kit) => [
    file('.', blob('dot')),
    file('..', blob('dots')),
    file('.git', headTree(kit), '40000'),
    file('.GIT', blob('upper')),
    file('git~1', blob('short')),
    file('.g\u200cit', blob('hfs')),
  ]),
  'tree-slash-in-name': rawTreeCommit((blob) => [
    file('/etc/shadow', blob('absolute')),
    file('../up.conf', blob('up')),
    file('a\\b', blob('backslash')),
    file('C:\\x', blob('drive')),
    file('CON', blob('device')),
  ]),
  'tree-empty-name-null-oid': (kit) => {
    rawTreeCommit((blob) => [file('', blob('nameless')), file('null', '0'.repeat(40)), file('z.conf', blob('after'))])(
      kit,
    );
    kit.mayBeIncomplete();
  },
  'tree-truncated': (kit) => {
    rawTreeCommit((blob) => rawTree([file('a.conf', blob('whole')), file('b.conf', blob('cut'))]).subarray(0, -7))(kit);
    kit.mayBeIncomplete();
  },
  'tree-nonsense': (kit) => {
    rawTreeCommit(() => Buffer.from('this is no tree at all'))(kit);
    kit.mayBeIncomplete();
  },
  'tree-entry-type-lies': (kit) => {
    rawTreeCommit((blob) => [file('folder', blob('as-folder'), '40000'), file('text.conf', headTree(kit))])(kit);
    kit.mayBeIncomplete();
  },
  'tree-wide-20k': rawTreeCommit((blob, kit) => {
    const empty = putLoose(kit.gitDir, 'blob', Buffer.alloc(0));
    const names = Array.from({ length: 20_000 }, (_, number) => file(`f${String(number).padStart(5, '0')}`, empty));
    return [...names, file('last.conf', blob('last'))];
  }),
  'tree-long-names': rawTreeCommit((blob) => [file('n'.repeat(5000), blob('long'))]),
  'tree-case-and-nfc': rawTreeCommit((blob) => [
    file('CAF\u00c9.conf', blob('upper')),
    file('caf\u00e9.conf', blob('composed')),
    file('cafe\u0301.conf', blob('decomposed')),
  ]),
  'tree-hostile-names': rawTreeCommit((blob) => [
    file('\u001b]0;title\u0007.conf', blob('title')),
    file('a\nb\r.conf', blob('lines')),
    file(Buffer.of(0xff, 0xfe, 0x2e), blob('bytes')),
    file('__proto__', blob('proto')),
    file('constructor', blob('constructor')),
  ]),
  'tree-deep-4000': rawTreeCommit((blob, kit) => {
    const trees = [rawTree([file('deep.conf', blob('deep'))])];
    const oids = trees.map((tree) => oidOf('tree', tree));
    while (trees.length < 4000) {
      const tree = rawTree([file('d', oids.at(-1) ?? '', '40000')]);
      trees.push(tree);
      oids.push(oidOf('tree', tree));
    }
    putPack(kit.gitDir, rawPack(trees.map((data, depth) => ({ oid: oids[depth] ?? '', type: 'tree', data }))));
    return [file('d', oids.at(-1) ?? '', '40000')];
  }),
  'tree-git-bomb': rawTreeCommit((blob, kit) => {
    const names = '0123456789'.split('');
    let tree = putLoose(
      kit.gitDir,
      'tree',
      rawTree(names.map((name) => file(name, putLoose(kit.gitDir, 'blob', Buffer.from('x'))))),
    );
    for (let level = 0; level < 9; level += 1) {
      tree = putLoose(kit.gitDir, 'tree', rawTree(names.map((name) => file(name, tree, '40000'))));
    }
    return [file('beside.conf', blob('beside')), file('bomb', tree, '40000')];
  }),
  'tree-git-bomb-of-secrets': (kit) => {
    rawTreeCommit((blob, { gitDir }) => {
      const names = '0123456789'.split('');
      const secret = blob('everywhere');
      let tree = putLoose(gitDir, 'tree', rawTree(names.map((name) => file(`${name}.conf`, secret))));
      for (let level = 0; level < 9; level += 1) {
        tree = putLoose(gitDir, 'tree', rawTree(names.map((name) => file(name, tree, '40000'))));
      }
      return [file('bomb', tree, '40000')];
    })(kit);
    // 10^10 paths of one secret: found, and its paths counted up to a limit that coverage names.
    kit.mayBeIncomplete();
  },
};

export const malformedBuilds: HostileBuilds = { ...commits, ...trees };
