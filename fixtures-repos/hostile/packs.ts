import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostileBuild, HostileBuilds, Kit } from './kit.ts';
import { oidOf, person, putLoose, rawTree } from './raw-objects.ts';
import { type DeltaStep, type PackEntry, putPack, rawDelta, rawPack, resealed } from './raw-pack.ts';

interface PackedVictim {
  readonly kit: Kit;
  readonly pack: string;
  readonly idx: string;
  readonly secretOid: string;
}

/** Everything but the survivor stands in one pack, which is then broken; the pack or the object must be named. */
const brokenPack =
  (breakIt: (victim: PackedVictim) => void): HostileBuild =>
  (kit) => {
    const survivor = kit.survivor();
    const { secret, oid } = kit.victim();
    kit.r.git('repack', '-a', '-d', '--quiet');
    putLoose(kit.gitDir, 'blob', Buffer.from(survivor.text));
    const folder = join(kit.gitDir, 'objects', 'pack');
    const [file = ''] = readdirSync(folder).filter((entry) => entry.endsWith('.pack'));
    const pack = join(folder, file);
    const idx = pack.replace(/pack$/, 'idx');
    for (const path of [pack, idx]) chmodSync(path, 0o644);
    breakIt({ kit, pack, idx, secretOid: oid });
    kit.foundOrNamed(secret, file.replace(/\.pack$/, ''), oid);
  };

const edit = (path: string, change: (bytes: Buffer) => Uint8Array): void =>
  writeFileSync(path, change(readFileSync(path)));
const patched = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, at);
  return copy;
};

const idxHead = 8;
const fanoutEnd = idxHead + 256 * 4;
/** Where the table of offsets starts in an index of `count` objects. */
const offsetsAt = (count: number): number => fanoutEnd + count * (20 + 4);
const countOf = (idx: Buffer): number => idx.readUInt32BE(fanoutEnd - 4);

/** A byte in the middle of the packed secret, the trailers of pack and index made right again. */
const corruptEntry = ({ pack, idx, secretOid, kit }: PackedVictim): void => {
  const row =
    kit.r
      .git('verify-pack', '-v', idx)
      .split('\n')
      .find((line) => line.startsWith(secretOid)) ?? '';
  const [, , , packedSize = '0', offset = '0'] = row.split(/ +/);
  edit(pack, (bytes) => {
    const at = Number(offset) + Math.floor(Number(packedSize) / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    return resealed(bytes);
  });
  const trailer = readFileSync(pack).subarray(-20);
  edit(idx, (bytes) => resealed(Buffer.concat([bytes.subarray(0, -40), trailer, bytes.subarray(-20)])));
};

/** A pack of our own hand beside the survivor's objects; a ref names its objects through a tree. */
const handPack =
  (entries: (kit: Kit) => readonly PackEntry[]): HostileBuild =>
  (kit) => {
    kit.survivor();
    putPack(kit.gitDir, rawPack(entries(kit)));
  };

const base = Buffer.from(`${'the base of a delta\n'.repeat(8)}`);
const baseEntry: PackEntry = { oid: oidOf('blob', base), type: 'blob', data: base };
/** A name for what has no right one. */
const someOid = (digit: string): string => digit.repeat(40);

/** One delta that is wrong in itself: the object is named. */
const wrongDelta = (delta: Buffer, more: Partial<PackEntry> = {}): HostileBuild =>
  handPack((kit) => {
    const oid = oidOf('blob', Buffer.from(kit.name));
    kit.named(oid);
    return [baseEntry, { oid, type: 'ref-delta', base: baseEntry.oid, data: delta, ...more }];
  });

const insertAll = (text: string): DeltaStep[] => Array.from(text.match(/.{1,127}/gs) ?? [], (insert) => ({ insert }));

/** Every version adds one line at the end of the one before; the last adds the secret. */
const chain = (kit: Kit, length: number): PackEntry[] => {
  const secret = kit.found(kit.secret('chain'));
  let text = base.toString();
  const entries: PackEntry[] = [baseEntry];
  for (let version = 1; version <= length; version += 1) {
    const line = version === length ? secret.text : `line ${version}\n`;
    const delta = rawDelta(text.length, text.length + line.length, [{ copy: [0, text.length] }, ...insertAll(line)]);
    text += line;
    entries.push({
      oid: oidOf('blob', Buffer.from(text)),
      type: 'ofs-delta',
      base: { entry: version - 1 },
      data: delta,
    });
  }
  return entries;
};

export const packBuilds: HostileBuilds = {
  'pack-truncated': brokenPack(({ pack }) => edit(pack, (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)))),
  'pack-trailer-wrong': brokenPack(({ pack }) => edit(pack, (bytes) => patched(bytes, bytes.length - 4, 1))),
  'pack-signature-wrong': brokenPack(({ pack }) => edit(pack, (bytes) => resealed(patched(bytes, 0, 0x4b434150)))),
  'pack-version-9': brokenPack(({ pack }) => edit(pack, (bytes) => resealed(patched(bytes, 4, 9)))),
  'pack-count-mismatch': brokenPack(({ pack }) => edit(pack, (bytes) => resealed(patched(bytes, 8, 4000)))),
  'pack-bad-crc': brokenPack(corruptEntry),
  'pack-empty': brokenPack(({ pack }) => edit(pack, () => Buffer.alloc(0))),
  'pack-is-fifo': brokenPack(({ pack }) => {
    rmSync(pack);
    execFileSync('mkfifo', [pack]);
  }),
  'pack-without-idx': brokenPack(({ idx }) => rmSync(idx)),
  'idx-without-pack': brokenPack(({ pack }) => rmSync(pack)),
  'idx-truncated': brokenPack(({ idx }) => edit(idx, (bytes) => bytes.subarray(0, 600))),
  'idx-fanout-bad': brokenPack(({ idx }) => edit(idx, (bytes) => resealed(patched(bytes, idxHead + 40, 0x7fffffff)))),
  'idx-offset-out-of-range': brokenPack(({ idx }) =>
    edit(idx, (bytes) => {
      let copy: Buffer = bytes;
      for (let row = 0; row < countOf(bytes); row += 1)
        copy = patched(copy, offsetsAt(countOf(bytes)) + row * 4, 0x7ffffff0);
      return resealed(copy);
    }),
  ),
  'idx-wrong-offsets': brokenPack(({ idx }) =>
    edit(idx, (bytes) => {
      const at = offsetsAt(countOf(bytes));
      return resealed(patched(patched(bytes, at, bytes.readUInt32BE(at + 4)), at + 4, bytes.readUInt32BE(at)));
    }),
  ),
  'midx-corrupt': (kit) => {
    kit.survivor();
    kit.found(kit.victim().secret);
    kit.r.git('repack', '--quiet');
    kit.r.git('multi-pack-index', 'write', '--no-progress');
    const midx = join(kit.gitDir, 'objects', 'pack', 'multi-pack-index');
    chmodSync(midx, 0o644);
    edit(midx, (bytes) => patched(bytes.subarray(0, 200), 100, 0x7fffffff));
    kit.mayBeIncomplete();
  },
  'pack-duplicate-objects': (kit) => {
    kit.survivor();
    kit.found(kit.victim().secret);
    kit.r.git('repack', '-a', '--quiet');
    const all = kit.r.git('rev-list', '--objects', '--no-object-names', '--all');
    kit.r.gitWith(
      { input: `${all}\n` },
      'pack-objects',
      '--quiet',
      '--no-reuse-delta',
      '--depth=0',
      '.git/objects/pack/pack',
    );
  },
  'pack-thin-on-disk': handPack((kit) => {
    const secret = kit.secret('thin');
    const loose = putLoose(kit.gitDir, 'blob', base);
    const oid = oidOf('blob', Buffer.from(secret.text));
    kit.foundOrNamed(secret, oid);
    const delta = rawDelta(base.length, secret.text.length, insertAll(secret.text));
    return [{ oid, type: 'ref-delta', base: loose, data: delta }];
  }),
  'pack-ref-delta-forward': handPack((kit) => {
    const secret = kit.found(kit.secret('forward'));
    const delta = rawDelta(base.length, secret.text.length, insertAll(secret.text));
    return [
      { oid: oidOf('blob', Buffer.from(secret.text)), type: 'ref-delta', base: baseEntry.oid, data: delta },
      baseEntry,
    ];
  }),
  'pack-delta-chain-1000': handPack((kit) => chain(kit, 1000)),
  'pack-entry-size-lies': handPack((kit) => {
    kit.named(someOid('c'));
    return [{ oid: someOid('c'), type: 'blob', data: base, size: 2 ** 40 }];
  }),
  'delta-ref-cycle': handPack((kit) => {
    const step = (oid: string, to: string): PackEntry => ({
      oid: someOid(oid),
      type: 'ref-delta',
      base: someOid(to),
      data: rawDelta(base.length, base.length, [{ copy: [0, base.length] }]),
    });
    // A walk that ends early may reach none of them: which of the three is named is left open.
    kit.incomplete();
    return [step('a', 'b'), step('b', 'c'), step('c', 'a')];
  }),
  'delta-missing-base': wrongDelta(rawDelta(base.length, 4, [{ insert: 'lost' }]), { base: someOid('d') }),
  'delta-ofs-zero': wrongDelta(rawDelta(base.length, 4, [{ insert: 'zero' }]), {
    type: 'ofs-delta',
    base: { distance: 0 },
  }),
  'delta-ofs-before-start': wrongDelta(rawDelta(base.length, 4, [{ insert: 'back' }]), {
    type: 'ofs-delta',
    base: { distance: 1_000_000 },
  }),
  'delta-copy-out-of-range': wrongDelta(rawDelta(base.length, 5000, [{ copy: [base.length - 10, 5000] }])),
  'delta-size-lies': wrongDelta(rawDelta(base.length, 2 ** 40, [{ insert: 'small' }])),
  'delta-wrong-base-size': wrongDelta(rawDelta(7, 4, [{ insert: 'base' }])),
  'delta-cut': wrongDelta(rawDelta(base.length, 200, [{ insert: 'x'.repeat(100) }]).subarray(0, 20)),
  'delta-opcode-zero': wrongDelta(Buffer.concat([rawDelta(base.length, 4, [{ insert: 'zero' }]), Buffer.of(0)])),
  'delta-bomb': handPack((kit) => {
    // 0.5 KB become 128 MiB: read in a window or skipped, but not by way of all memory.
    const big = Buffer.alloc(0xffff, 'z');
    const size = 2048 * 0xffff;
    const delta = rawDelta(
      big.length,
      size,
      Array.from({ length: 2048 }, () => ({ copy: [0, 0xffff] as const })),
    );
    kit.mayBeIncomplete();
    return [
      { oid: oidOf('blob', big), type: 'blob', data: big },
      { oid: someOid('e'), type: 'ref-delta', base: oidOf('blob', big), data: delta },
    ];
  }),
  'pack-leftovers': (kit) => {
    kit.survivor();
    const secret = kit.secret('leftover');
    const { pack, idx } = rawPack([
      { oid: oidOf('blob', Buffer.from(secret.text)), type: 'blob', data: Buffer.from(secret.text) },
    ]);
    const name = putPack(kit.gitDir, { pack, idx: null });
    const folder = join(kit.gitDir, 'objects', 'pack');
    renameSync(join(folder, `${name}.pack`), join(folder, 'tmp_pack_Ab12Cd'));
    writeFileSync(join(folder, 'tmp_idx_Ab12Cd'), idx);
    kit.named('tmp_pack_Ab12Cd', { complete: null });
  },
  'commit-in-hand-pack': handPack((kit) => {
    const secret = kit.found(kit.secret('hand'));
    const blob = Buffer.from(secret.text);
    const tree = rawTree([{ mode: '100644', name: 'hand.conf', oid: oidOf('blob', blob) }]);
    const commit = Buffer.from(`tree ${oidOf('tree', tree)}\nauthor ${person}\ncommitter ${person}\n\nby hand\n`);
    return [
      { oid: oidOf('commit', commit), type: 'commit', data: commit },
      { oid: oidOf('tree', tree), type: 'tree', data: tree },
      { oid: oidOf('blob', blob), type: 'blob', data: blob },
    ];
  }),
};
