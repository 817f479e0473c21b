import { expect } from 'vitest';
import type { ObjectFormat } from '../../src/git/index.ts';
import { entryKinds, readTreeEntries } from '../../src/objects/index.ts';
import { latin1 } from '../../src/text/index.ts';
import { askGit, emptyRepo, writeLoose } from './ask-git.ts';
import { fuzz } from './fuzz.ts';
import { mutateBytes } from './mutate.ts';

interface Entry {
  readonly type: string;
  readonly oid: string;
  readonly name: string;
}

const ourEntries = (tree: Uint8Array, oidLength: number): { entries: readonly Entry[]; isWhole: boolean } => {
  const entries: Entry[] = [];
  const names = { [entryKinds.tree]: 'tree', [entryKinds.blob]: 'blob', [entryKinds.gitlink]: 'commit' };
  const end = readTreeEntries(tree, 0, tree.length, oidLength, (kind, nameStart, nameEnd, oidAt) => {
    expect(nameStart).toBeLessThanOrEqual(nameEnd);
    expect(oidAt + oidLength).toBeLessThanOrEqual(tree.length);
    const oid = Buffer.from(tree).toString('hex', oidAt, oidAt + oidLength);
    entries.push({ type: names[kind], oid, name: latin1(tree, nameStart, nameEnd) });
  });
  return { entries, isWhole: end === tree.length };
};

const gitEntries = (listing: Buffer): readonly (Entry & { readonly mode: string })[] =>
  listing
    .toString('latin1')
    .split('\0')
    .slice(0, -1)
    .map((line) => {
      const [mode = '', type = '', oid = ''] = line.slice(0, line.indexOf('\t')).split(' ');
      return { mode, type, oid, name: line.slice(line.indexOf('\t') + 1) };
    });

/** Types that git does not know it calls gitlinks; we would rather read one blob too many. */
const asBlob = ({ type, oid, name }: Entry): Entry => ({ type: type === 'commit' ? 'blob' : type, oid, name });

const fuzzTree = (format: ObjectFormat, rounds: number): void => {
  const oidLength = format === 'sha1' ? 20 : 32;
  let gitDir = '';
  fuzz(`tree-${format}`, {
    seeds: () => {
      gitDir = emptyRepo(format);
      const entry = (mode: string, name: string, byte: number): Buffer =>
        Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.alloc(oidLength, byte)]);
      const first = [entry('100644', 'README', 1), entry('40000', 'src', 0x30), entry('160000', 'sub', 0x20)];
      const odd = [
        entry('0100755', 'a\xff', 0x31),
        entry('120000', 'b b', 0),
        entry('040000', 'c', 9),
        entry('100644', 'c', 7),
      ];
      return [Buffer.concat(first), Buffer.concat(odd), Buffer.concat([...first, ...odd]), Buffer.alloc(0)];
    },
    rounds,
    mutate: mutateBytes(['100644 ', '40000 ', '160000 ', '0 ', ' ', '\0', '8', '7777777777777777', 'x\0']),
    ask: (inputs) =>
      askGit(
        gitDir,
        inputs.map((input) => ({ args: ['ls-tree', '-z', '--full-tree', writeLoose(gitDir, 'tree', input, format)] })),
      ),
    check: (input, { code, stdout }) => {
      const ours = ourEntries(input, oidLength);
      const theirs = gitEntries(stdout);
      if (code === 0) {
        expect(ours.entries.map(asBlob)).toEqual(theirs.map(asBlob));
        expect(ours.isWhole).toBe(true);
        for (const [i, { mode, type }] of theirs.entries()) {
          if (mode !== '160000') expect(ours.entries[i]?.type).toBe(type);
        }
      } else {
        // What git has no patience with: it refuses an empty name, which is well-formed to us, and prints nothing then.
        expect(ours.isWhole && ours.entries.every(({ name }) => name !== '')).toBe(false);
      }
    },
  });
};

fuzzTree('sha1', 250);
fuzzTree('sha256', 60);
