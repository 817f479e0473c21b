import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BuiltRepo, buildRepo } from '../../../fixtures-repos/index.ts';
import { cachedIn, newCache, scanned, settled, token } from './scans.ts';

const honestContent = `token = ${token('honest')}`;

const packed = (content: string): Promise<BuiltRepo> =>
  buildRepo((r) => {
    r.commit('configure', { 'app.conf': content });
    r.git('repack', '-q', '-a', '-d', '--window=0');
  });

const packOf = ({ gitDir }: BuiltRepo): string =>
  join(
    gitDir,
    'objects/pack',
    readdirSync(join(gitDir, 'objects/pack')).find((name) => name.endsWith('.idx')) ?? '',
  ).slice(0, -4);

/** Says in an index (version 2, few objects) that what lies there as one object is another one. */
const claim = (pack: string, from: string, to: string, packChecksum?: Uint8Array): void => {
  const bytes = readFileSync(`${pack}.idx`);
  const count = bytes.readUInt32BE(8 + 255 * 4);
  const at = { oids: 1032, crcs: 1032 + count * 20, offsets: 1032 + count * 24 };
  const entries = Array.from({ length: count }, (_, i) => ({
    oid: bytes.toString('hex', at.oids + i * 20, at.oids + i * 20 + 20).replace(from, to),
    crc: bytes.readUInt32BE(at.crcs + i * 4),
    offset: bytes.readUInt32BE(at.offsets + i * 4),
  })).sort((a, b) => (a.oid < b.oid ? -1 : 1));
  for (let first = 0; first < 256; first++) {
    const below = entries.filter(({ oid }) => Number.parseInt(oid.slice(0, 2), 16) <= first);
    bytes.writeUInt32BE(below.length, 8 + first * 4);
  }
  for (const [i, { oid, crc, offset }] of entries.entries()) {
    bytes.write(oid, at.oids + i * 20, 'hex');
    bytes.writeUInt32BE(crc, at.crcs + i * 4);
    bytes.writeUInt32BE(offset, at.offsets + i * 4);
  }
  if (packChecksum !== undefined) bytes.set(packChecksum, bytes.length - 40);
  bytes.set(createHash('sha1').update(bytes.subarray(0, -20)).digest(), bytes.length - 20);
  chmodSync(`${pack}.idx`, 0o644);
  writeFileSync(`${pack}.idx`, bytes);
};

/** A repository in which the oid of the honest secret leads to harmless bytes. */
const forged = async (honest: BuiltRepo): Promise<BuiltRepo> => {
  const repo = await packed('token = none');
  claim(packOf(repo), repo.git('rev-parse', 'HEAD:app.conf'), honest.git('rev-parse', 'HEAD:app.conf'));
  repo.git('update-ref', '--no-deref', 'refs/heads/claimed', repo.git('rev-parse', 'HEAD'));
  return repo;
};

/** The same, in a pack that bears the honest one's name and checksum. */
const forgedUnderItsName = async (honest: BuiltRepo): Promise<BuiltRepo> => {
  const repo = await forged(honest);
  const [own, other] = [packOf(repo), packOf(honest)];
  const checksum = readFileSync(`${other}.pack`).subarray(-20);
  const bytes = readFileSync(`${own}.pack`);
  bytes.set(checksum, bytes.length - 20);
  chmodSync(`${own}.pack`, 0o644);
  writeFileSync(`${own}.pack`, bytes);
  claim(own, '', '', checksum);
  for (const ending of ['.pack', '.idx'])
    renameSync(own + ending, join(repo.gitDir, 'objects/pack', (other + ending).split('/').at(-1) ?? ''));
  return repo;
};

test.for([
  ['an index that maps it to harmless bytes', forged],
  ['a pack with the name and the checksum of its own', forgedUnderItsName],
] as const)('the secret of an honest repository is found whatever was scanned before: %s', async ([, forge]) => {
  const honest = await packed(honestContent);
  const other = await forge(honest);
  await settled();
  const claimed = honest.git('rev-parse', 'HEAD:app.conf');
  // The forgery works: git itself reads harmless bytes under that oid.
  expect(other.git('cat-file', 'blob', claimed)).toBe('token = none');
  for (const order of [
    [other, honest],
    [honest, other],
  ]) {
    const cacheDirectory = newCache();
    for (const repo of order) {
      const report = await scanned(repo, { cacheDirectory });
      expect(report.credentials).toHaveLength(repo === honest ? 1 : 0);
    }
    // Something new, so that there is no report to show, and what is known of packs is asked.
    honest.git('update-ref', `refs/heads/${order[0] === honest ? 'second' : 'first'}`, 'HEAD');
    const again = await scanned(honest, { cacheDirectory });
    expect(cachedIn(again)).toBe(again.coverage.objects);
    expect(again.credentials).toHaveLength(1);
  }
});
