import type { RepoBuilder } from '../build-repo.ts';
import type { Planter } from './planter.ts';

/** What refs reach: files that came, went, moved, changed their kind, and the merges that brought or took them. */
export const plantHistory = (r: RepoBuilder, p: Planter): void => {
  r.commit('start', { 'readme.txt': 'A shop.\n', 'src/shop.js': 'export const shop = {};\n' });
  plantDeleted(r, p);
  plantReintroduced(r, p);
  plantEditedOften(r, p);
  plantTwice(r, p);
  plantRenames(r, p);
  plantTypeChange(r, p);
  plantHiddenFromDiffs(r, p);
  plantEdges(r, p);
  plantBesideSubmodule(r, p);
  plantSideBranch(r, p);
  plantEvilMerges(r, p);
  plantDroppedByMerge(r, p);
  plantOctopus(r, p);
  plantSecondRoot(r, p);
};

const plantDeleted = (r: RepoBuilder, p: Planter): void => {
  const path = 'config/billing.conf';
  const seedling = p.plant({ id: 'deleted', place: 'deleted file', state: 'deleted', format: 'stripe-live-key' });
  const introduced = r.commit('add billing', { [path]: seedling.file });
  const removed = r.commit('remove billing', { [path]: null });
  seedling.expect({ path, introduced, removed, inTips: false, reachable: true, occurrences: 1 });
};

const plantReintroduced = (r: RepoBuilder, p: Planter): void => {
  const path = 'tools/publish.conf';
  const seedling = p.plant({ id: 'again', place: 'file that came back', state: 're-introduced', format: 'npm-token' });
  const first = r.commit('add publishing', { [path]: seedling.file });
  const removed = r.commit('clean publishing', { [path]: 'NPM_TOKEN=\n' });
  const second = r.commit('publish again', { [path]: seedling.file });
  seedling.expect({ path, introduced: first, removed, inTips: false, reachable: true });
  seedling.expect({ path, introduced: second, removed: null, inTips: true, reachable: true });
};

const plantEditedOften = (r: RepoBuilder, p: Planter): void => {
  const path = 'deploy/settings.conf';
  const seedling = p.plant({
    id: 'edited',
    place: 'file edited around the secret',
    state: 'in-a-tip',
    format: 'postgres-uri',
  });
  const version = (number: number): Buffer => Buffer.concat([Buffer.from(`WORKERS=${number}\n`), seedling.file]);
  const introduced = r.commit('deploy', { [path]: version(1) });
  for (const number of [2, 3, 4]) r.commit(`deploy with ${number} workers`, { [path]: version(number) });
  seedling.expect({ path, introduced, removed: null, inTips: true, reachable: true });
};

const plantTwice = (r: RepoBuilder, p: Planter): void => {
  const seedling = p.plant({
    id: 'twice',
    place: 'two files, twice in each',
    state: 'in-a-tip',
    format: 'slack-bot-token',
  });
  const file = Buffer.concat([seedling.file, seedling.file]);
  const paths = ['notify/day.conf', 'notify/night.conf'];
  const introduced = r.commit('notify', Object.fromEntries(paths.map((path) => [path, file])));
  for (const path of paths) {
    seedling.expect({ path, introduced, removed: null, inTips: true, reachable: true, occurrences: 2 });
  }
};

const plantRenames = (r: RepoBuilder, p: Planter): void => {
  const edited = p.plant({ id: 'rename', place: 'rename with edit', state: 'deleted', format: 'aws-key' });
  const moved = p.plant({ id: 'folder-rename', place: 'folder moved', state: 'in-a-tip', format: 'ec-key' });
  const introduced = r.commit('add cloud', { 'cloud.conf': edited.file, 'keys/api/server': moved.file });
  const renamed = r.commit('move cloud', {
    'cloud.conf': null,
    'cloud/main.conf': Buffer.concat([Buffer.from('REGION=eu-central-1\n'), edited.file]),
    'keys/api/server': null,
    'services/api/keys/server': moved.file,
  });
  const removed = r.commit('remove cloud', { 'cloud/main.conf': null });
  const reachable = true;
  edited.expect({ path: 'cloud.conf', introduced, removed: renamed, inTips: false, reachable });
  edited.expect({ path: 'cloud/main.conf', introduced: renamed, removed, inTips: false, reachable });
  moved.expect({ path: 'keys/api/server', introduced, removed: renamed, inTips: false, reachable });
  moved.expect({ path: 'services/api/keys/server', introduced: renamed, removed: null, inTips: true, reachable });
};

const plantTypeChange = (r: RepoBuilder, p: Planter): void => {
  const path = 'current';
  const seedling = p.plant({
    id: 'symlink',
    place: 'target of a symbolic link, after a type change',
    state: 'deleted',
  });
  r.commit('add pointer', { [path]: 'none\n' });
  const introduced = r.commit('point', { [path]: { symlink: `/var/run/${seedling.secret.value}` } });
  const removed = r.commit('point elsewhere', { [path]: { symlink: 'readme.txt' } });
  seedling.expect({ path, introduced, removed, inTips: false, reachable: true });
};

const plantHiddenFromDiffs = (r: RepoBuilder, p: Planter): void => {
  const state = 'in-a-tip';
  const attribute = p.plant({ id: 'no-diff', place: '-diff attribute', state, format: 'rsa-key' });
  const withNul = p.plant({ id: 'nul', place: 'NUL in text', state, format: 'openssh-key' });
  const exported = p.plant({ id: 'export-ignore', place: 'export-ignore and a work-tree encoding', state });
  const introduced = r.commit('hide', {
    '.gitattributes': '*.bundle -diff\n*.hidden export-ignore\n',
    'assets/site.bundle': attribute.file,
    'assets/site.bin': Buffer.concat([Buffer.from('head\0\n'), withNul.file, Buffer.from('\0tail')]),
    'assets/site.hidden': exported.file,
  });
  const common = { introduced, removed: null, inTips: true, reachable: true };
  attribute.expect({ path: 'assets/site.bundle', ...common });
  withNul.expect({ path: 'assets/site.bin', ...common });
  exported.expect({ path: 'assets/site.hidden', ...common });
};

const plantEdges = (r: RepoBuilder, p: Planter): void => {
  const state = 'in-a-tip';
  const filler = (length: number): string => 'var counter=counter+1;'.repeat(length / 22).slice(0, length);
  const first = p.plant({ id: 'first-byte', place: 'first byte of a blob', state });
  const last = p.plant({ id: 'last-byte', place: 'last byte of a blob', state });
  const middle = p.plant({ id: 'long-line', place: 'in a line of 1.5 MB, over a 1 MiB border', state });
  const border = p.plant({ id: 'border', place: 'over a 64 KiB border', state, format: 'ed25519-key' });
  const introduced = r.commit('build', {
    'dist/first.txt': `${first.secret.value}\nrest\n`,
    'dist/last.txt': `rest\n${last.secret.value}`,
    'dist/app.min.js': `${filler(1048560)}"${middle.secret.value}";${filler(500_000)}`,
    'dist/border.txt': `${filler(65_500)}\n${border.secret.text}`,
  });
  const common = { introduced, removed: null, inTips: true, reachable: true };
  first.expect({ path: 'dist/first.txt', ...common });
  last.expect({ path: 'dist/last.txt', ...common });
  middle.expect({ path: 'dist/app.min.js', ...common });
  border.expect({ path: 'dist/border.txt', ...common });
};

const plantBesideSubmodule = (r: RepoBuilder, p: Planter): void => {
  const path = 'vendor/access.conf';
  const seedling = p.plant({ id: 'submodule', place: 'beside a submodule', state: 'deleted' });
  const pin = '1'.repeat(40);
  r.branch('submodule');
  r.git('update-index', '--add', '--cacheinfo', `160000,${pin},vendor/library`);
  r.write({ 'vendor/library/.keep': '' });
  const introduced = r.commit('vendor', {
    '.gitmodules': '[submodule "library"]\n\tpath = vendor/library\n\turl = https://git.acme-corp.net/library.git\n',
    [path]: seedling.file,
  });
  const removed = r.commit('unvendor', { [path]: null });
  r.checkout('main');
  seedling.expect({ path, introduced, removed, inTips: false, reachable: true });
};

const plantSideBranch = (r: RepoBuilder, p: Planter): void => {
  const path = 'feature/mail.conf';
  const seedling = p.plant({ id: 'side', place: 'came and went on a branch before its merge', state: 'deleted' });
  r.branch('feature');
  const introduced = r.commit('try mail', { [path]: seedling.file });
  const removed = r.commit('tidy mail', { [path]: 'MAIL=\n' });
  r.checkout('main');
  r.commit('meanwhile', { 'src/meanwhile.js': 'export {};\n' });
  r.merge('feature', 'merge feature');
  seedling.expect({ path, introduced, removed, inTips: false, reachable: true });
};

const plantEvilMerges = (r: RepoBuilder, p: Planter): void => {
  const kept = p.plant({ id: 'evil-merge', place: 'only a merge brings it', state: 'in-a-tip', format: 'openssh-key' });
  const gone = p.plant({ id: 'evil-merge-gone', place: 'only a merge brings it, deleted after', state: 'deleted' });
  const conflict = p.plant({ id: 'conflict', place: 'in the resolution of a conflict', state: 'deleted' });
  r.branch('evil');
  r.commit('evil side', { 'shared.conf': 'A=1\n', 'src/side.js': '1\n' });
  r.checkout('main');
  r.commit('evil main', { 'shared.conf': 'A=2\n' });
  const introduced = r.merge('evil', 'merge evil', {
    'deploy/id_deploy': kept.file,
    'deploy/merge.conf': gone.file,
    'shared.conf': conflict.file,
  });
  const removed = r.commit('clean after merge', { 'deploy/merge.conf': null, 'shared.conf': 'A=3\n' });
  kept.expect({ path: 'deploy/id_deploy', introduced, removed: null, inTips: true, reachable: true });
  gone.expect({ path: 'deploy/merge.conf', introduced, removed, inTips: false, reachable: true });
  conflict.expect({ path: 'shared.conf', introduced, removed, inTips: false, reachable: true });
};

const plantDroppedByMerge = (r: RepoBuilder, p: Planter): void => {
  const path = 'src/dropped.conf';
  const seedling = p.plant({ id: 'dropped', place: 'taken away by a merge', state: 'deleted' });
  r.branch('drop');
  r.commit('drop side', { 'src/drop.js': '1\n' });
  r.checkout('main');
  const introduced = r.commit('drop main', { [path]: seedling.file });
  const removed = r.merge('drop', 'merge drop', { [path]: null });
  seedling.expect({ path, introduced, removed, inTips: false, reachable: true });
};

const plantOctopus = (r: RepoBuilder, p: Planter): void => {
  const arm = p.plant({
    id: 'octopus-arm',
    place: 'an arm of an octopus merge',
    state: 'in-a-tip',
    format: 'slack-bot-token',
  });
  const head = p.plant({
    id: 'octopus',
    place: 'only an octopus merge brings it',
    state: 'deleted',
    format: 'npm-token',
  });
  for (const name of ['arm-1', 'arm-2', 'arm-3']) {
    r.branch(name);
    r.commit(name, { [`arms/${name}.txt`]: name });
    r.checkout('main');
  }
  r.checkout('arm-2');
  const brought = r.commit('arm-2 again', { 'arms/two.conf': arm.file });
  r.checkout('main');
  const introduced = r.merge(['arm-1', 'arm-2', 'arm-3'], 'octopus', { 'arms/head.conf': head.file });
  const removed = r.commit('after octopus', { 'arms/head.conf': null });
  arm.expect({ path: 'arms/two.conf', introduced: brought, removed: null, inTips: true, reachable: true });
  head.expect({ path: 'arms/head.conf', introduced, removed, inTips: false, reachable: true });
};

const plantSecondRoot = (r: RepoBuilder, p: Planter): void => {
  const path = 'pages/a/b/c/d/e/site.conf';
  const seedling = p.plant({ id: 'root', place: 'deep in the tree of a second root', state: 'in-a-tip' });
  r.git('checkout', '--quiet', '--orphan', 'pages');
  r.git('rm', '-r', '--quiet', '--force', '.');
  const introduced = r.commit('pages', { [path]: seedling.file });
  r.git('checkout', '--quiet', '--force', 'main');
  seedling.expect({ path, introduced, removed: null, inTips: true, reachable: true });
};
