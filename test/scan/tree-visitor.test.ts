import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { entryKinds, readTreeEntries } from '../../src/objects/index.ts';
import type { TreeInit } from '../../src/scan/entry-question.ts';
import { createVisitor, type TreeVisitor } from '../../src/scan/tree-visitor.ts';
import { latin1 } from '../../src/text/index.ts';

const oidLength = 20;
/** Object n of the store has an oid of its own; those from `count` on are not there. */
const count = 24;
const oidOf = (object: number): Buffer => Buffer.alloc(oidLength, object * 9 + 3);
const oids = Buffer.concat(Array.from({ length: count }, (_, object) => oidOf(object)));
const tainted = Uint8Array.of(0b1000, 0b1, 0);
const isTainted = (object: number): boolean => object === 3 || object === 8;
const sensitive = ['.env', 'id_rsa', 'server.pem'];
const names = ['a', 'b', 'README', 'src', '', 'a\xff\x01', 'x'.repeat(300), '100644 a', ...sensitive];
const modes = ['100644', '40000', '100755', '120000', '160000', '040000', '0', '7777777777100644'];

const init = (further: TreeInit['further'] = null): TreeInit => ({
  oids,
  count,
  format: 'sha1',
  rules: { only: [], without: [] },
  tainted,
  elsewhere: new Uint8Array(count),
  further,
});

const entryOf = (mode: string, name: string, object: number): Buffer =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), oidOf(object)]);

/** A visitor, and a place in its memory for a text and for the runs of a change. */
class Looking {
  readonly init: TreeInit;
  readonly visitor: TreeVisitor;
  readonly #textAt: number;
  readonly #runsAt: number;

  constructor(of: TreeInit = init()) {
    this.init = of;
    this.visitor = createVisitor(of) as TreeVisitor;
    this.#textAt = this.visitor.memory.reserve(1 << 18) + 64;
    this.#runsAt = this.visitor.memory.reserve(1 << 16) / 4;
  }

  visit(number: number, bytes: Uint8Array): void {
    this.visitor.inputFor(bytes.length).set(bytes);
    const whole = { offset: 0, isFirst: true, isLast: true };
    this.visitor.visit({ number, type: 'tree', sizeBytes: bytes.length }, bytes.length, whole);
  }

  look(number: number, bytes: Uint8Array, from: { base: Looked; runs: readonly number[] } | null): Looked {
    const { memory } = this.visitor;
    const text = { at: this.#textAt, length: bytes.length };
    memory.bytes.set(bytes, text.at);
    memory.pad(text);
    const object = { number, type: 'tree', sizeBytes: bytes.length } as const;
    if (from === null) return { bytes, state: this.visitor.look(object, text, null) };
    memory.words.set(from.runs, this.#runsAt);
    const change = {
      baseLength: from.base.bytes.length,
      length: bytes.length,
      runCount: from.runs.length / 3,
      runsAt: this.#runsAt,
      hasNewZeros: false,
    };
    return { bytes, state: this.visitor.look(object, text, { change, base: from.base.state }) };
  }

  /** What was found since the last call, in a form that can be compared. */
  take() {
    const { nameTexts, isMarkedName, malformed, missing, ...lists } = this.visitor.take().result;
    const { trees, starts, rows, nameIds, children, isSubtree } = lists;
    const entries = (list: number) => [...rows.subarray(starts[list], starts[list + 1])];
    return {
      rows: [...trees].flatMap((tree, list) =>
        entries(list).map((entry) => [tree, nameTexts[nameIds[entry] ?? -1], children[entry], isSubtree[entry]]),
      ),
      markedNames: nameTexts.filter((_, id) => isMarkedName[id] === 1).sort(),
      malformed,
      missing: Buffer.from(missing).toString('hex'),
      elsewhere: [...this.init.elsewhere],
    };
  }
}

interface Looked {
  readonly bytes: Uint8Array;
  readonly state: unknown;
}

let visiting: Looking;
let looking: Looking;
beforeEach(() => {
  visiting = new Looking();
  looking = new Looking();
});

const piece = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.constantFrom(...modes), fc.constantFrom(...names), fc.nat(count + 4))
      .map((e) => entryOf(...e)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('100648 b\0', '100644 b', ' ', '\0', '1').map((text) => Buffer.from(text, 'latin1')),
  },
);
const pieces = fc.array(piece, { maxLength: 12 });

/** A tree made of an earlier one: some of its pieces are replaced by others, and some may stand twice. */
const step = fc.record({
  base: fc.nat(20),
  from: fc.nat(12),
  remove: fc.nat(4),
  add: fc.array(piece, { maxLength: 3 }),
  repeat: fc.nat(12),
  cutBytes: fc.constantFrom(0, 0, 0, 1, 19, 30),
  /** Choices of the differ. */
  choices: fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }),
});

const follow = (
  base: readonly Buffer[],
  { from, remove, add, repeat }: { from: number; remove: number; add: readonly Buffer[]; repeat: number },
) => {
  const tree = base.toSpliced(from % (base.length + 1), remove, ...add);
  return repeat % 3 === 0 ? [...tree, ...tree.slice(repeat % (tree.length + 1))].slice(0, 40) : tree;
};

/**
 * Runs as a delta may have them: of the places in the base where the next four bytes stand too, any; as long as they can be or
 * shorter; also from the middle of an entry on.
 */
const runsBetween = (base: Uint8Array, text: Uint8Array, choices: readonly number[]): number[] => {
  const runs: number[] = [];
  let turn = 0;
  const choose = (below: number): number => (choices[turn++ % choices.length] ?? 0) % below;
  for (let at = 0; at + 4 <= text.length; ) {
    const places: number[] = [];
    const wanted = text.subarray(at, at + 4);
    for (let place = 0; place + 4 <= base.length; place++)
      if (wanted.every((byte, index) => base[place + index] === byte)) places.push(place);
    if (places.length === 0 || choose(9) === 0) {
      at += 1 + choose(8);
      continue;
    }
    const place = places[choose(places.length)] ?? 0;
    let length = 4;
    while (at + length < text.length && place + length < base.length && base[place + length] === text[at + length])
      length++;
    if (choose(4) === 0) length = 1 + choose(length);
    runs.push(at, place, length);
    at += length;
  }
  return runs;
};

test('looking at deltas gives the rows of looking at whole trees, through chains and siblings, also of malformed trees', () => {
  let inherited = 0;
  fc.assert(
    fc.property(pieces, fc.array(step, { maxLength: 8 }), (root, steps) => {
      const trees: (readonly Buffer[])[] = [root];
      const looked = [looking.look(0, Buffer.concat(root), null)];
      visiting.visit(0, Buffer.concat(root));
      for (const [index, one] of steps.entries()) {
        const at = one.base % trees.length;
        const [parent, base] = [trees[at], looked[at]];
        if (parent === undefined || base === undefined) continue;
        const tree = follow(parent, one);
        const whole = Buffer.concat(tree);
        const bytes = whole.subarray(0, Math.max(0, whole.length - one.cutBytes));
        const runs = runsBetween(base.bytes, bytes, one.choices);
        inherited += runs.length;
        trees.push(tree);
        looked.push(looking.look(index + 1, bytes, { base, runs }));
        visiting.visit(index + 1, bytes);
      }
      expect(looking.take()).toEqual(visiting.take());
    }),
    { numRuns: 300 },
  );
  expect(inherited).toBeGreaterThan(1000);
});

test('of a delta only the entries that are new are asked', () => {
  const entries = [0, 1, 2, 3, 4, 5].map((object) => entryOf('100644', `file ${object}`, object));
  const base = looking.look(0, Buffer.concat(entries), null);
  looking.init.elsewhere.fill(0);
  const changed = Buffer.concat(entries.with(2, entryOf('100644', 'file 2', 10)));
  const at = 2 * 28 + 14;
  const state = looking.look(1, changed, { base, runs: [0, 0, at, at + 20, at + 20, changed.length - at - 20] });
  expect(looking.init.elsewhere.indexOf(1)).toBe(10);
  expect(looking.init.elsewhere.lastIndexOf(1)).toBe(10);
  looking.init.elsewhere.fill(0);
  looking.look(2, changed, { base: state, runs: [0, 0, changed.length] });
  const rows = [0, 1, 2].map((tree) => [tree, 'file 3', 3, 0]);
  expect(looking.take()).toMatchObject({ rows, elsewhere: new Array(count).fill(0) });
});

test('a name that makes the memory grow in the middle of a tree harms nothing', () => {
  const long = 'n'.repeat(70_000);
  const entries = [entryOf('100644', long, 1), entryOf('40000', `${long}m`, 2), entryOf('100644', '.env', 4)];
  const before = looking.visitor.memory.bytes;
  looking.look(0, Buffer.concat(entries), null);
  expect(before.length).toBe(0);
  const { rows, missing, malformed } = looking.take();
  expect({ missing, malformed }).toEqual({ missing: '', malformed: [] });
  expect(rows).toEqual([
    [0, `${long}m`, 2, 1],
    [0, '.env', 4, 0],
  ]);
});

test('a tree that comes in parts is read as one', () => {
  const entries = Array.from({ length: 40 }, (_, index) =>
    entryOf(index % 5 === 0 ? '40000' : '100644', `n${index}`, index % count),
  );
  const bytes = Buffer.concat(entries);
  visiting.visit(0, bytes);
  const whole = visiting.take();
  expect(whole.rows.length).toBeGreaterThan(8);
  const inParts = (end: number): void => {
    for (let offset = 0, isLast = false; !isLast; offset += 150) {
      isLast = offset + 250 >= end;
      const part = bytes.subarray(offset, Math.min(end, offset + 250));
      looking.visitor.inputFor(part.length).set(part);
      looking.visitor.visit({ number: 0, type: 'tree', sizeBytes: end }, part.length, {
        offset,
        isFirst: offset === 0,
        isLast,
      });
    }
  };
  inParts(bytes.length);
  expect(looking.take()).toEqual(whole);
  inParts(bytes.length - 1);
  expect(looking.take().malformed).toEqual([0]);
  bytes[Buffer.concat(entries.slice(0, 3)).length] = 0x39;
  inParts(bytes.length);
  expect(looking.take()).toMatchObject({ malformed: [0], rows: [[0, 'n0', 0, 1]] });
});

test('a further pass finds the blob entries that the first one had no row for, and no other', () => {
  fc.assert(
    fc.property(
      pieces,
      fc.array(step, { maxLength: 4 }),
      fc.option(fc.uniqueArray(fc.nat(count - 1))),
      (root, steps, blobs) => {
        const bits = new Uint8Array(3);
        for (const blob of blobs ?? []) bits[blob >> 3] = (bits[blob >> 3] ?? 0) | (1 << (blob & 7));
        const trees = [root];
        for (const one of steps) trees.push(follow(trees.at(-1) ?? [], one));
        const lookAtAll = (at: Looking) => {
          let base: Looked | null = null;
          for (const [index, tree] of trees.entries()) {
            const bytes = Buffer.concat(tree);
            const runs: number[] = base === null ? [] : runsBetween(base.bytes, bytes, steps[index - 1]?.choices ?? []);
            base = at.look(index, bytes, base === null ? null : { base, runs });
          }
          return at.take();
        };
        const first = lookAtAll(looking);
        const { markedNames } = first;
        const further = lookAtAll(new Looking(init({ blobs: blobs === null ? null : bits, markedNames })));
        const isWanted = ([, name, child, isSubtree]: Row): boolean =>
          isSubtree === 1 || blobs === null || markedNames.includes(name) || isTainted(child) || blobs.includes(child);
        const all = trees.flatMap((tree, index) => allEntries(index, Buffer.concat(tree)));
        expect([...first.rows, ...further.rows].map(String).sort()).toEqual(all.filter(isWanted).map(String).sort());
      },
    ),
    { numRuns: 60 },
  );
});

type Row = readonly [tree: number, name: string, child: number, isSubtree: 0 | 1];

const allEntries = (tree: number, bytes: Uint8Array): Row[] => {
  const rows: Row[] = [];
  readTreeEntries(bytes, 0, bytes.length, oidLength, (kind, nameStart, nameEnd, oidAt) => {
    if (kind === entryKinds.gitlink) return;
    const oid = bytes.subarray(oidAt, oidAt + oidLength);
    const child = Array.from({ length: count }, (_, object) => object).findIndex((object) =>
      oid.every((byte) => byte === 3 + 9 * object),
    );
    rows.push([tree, latin1(bytes, nameStart, nameEnd), child, kind === entryKinds.tree ? 1 : 0]);
  });
  return rows;
};
