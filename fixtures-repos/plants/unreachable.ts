import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepoBuilder } from '../build-repo.ts';
import type { Planter } from './planter.ts';

/** What no branch shows: refs that nobody lists, other roots of git, and what nothing reaches any more. */
export const plantElsewhere = (r: RepoBuilder, p: Planter): void => {
  r.commit('start', { 'readme.txt': 'A shop.\n', 'app.conf': 'PORT=80\n' });
  plantHiddenRefs(r, p);
  plantReplaced(r, p);
  plantNote(r, p);
  plantGrafted(r, p);
  plantOddTags(r, p);
  plantOtherWorktree(r, p);
  plantAmended(r, p);
  plantReset(r, p);
  plantDeletedBranch(r, p);
  plantDangling(r, p);
  plantStashes(r, p);
  plantStaged(r, p);
};

/** Off every branch: whatever `work` commits is held only by the refs that it makes itself. */
const offMain = (r: RepoBuilder, work: () => void): void => {
  r.git('checkout', '--quiet', '--detach', 'main');
  work();
  r.git('checkout', '--quiet', '--force', 'main');
};

const plantHiddenRefs = (r: RepoBuilder, p: Planter): void => {
  const refs = {
    pull: 'refs/pull/7/head',
    original: 'refs/original/refs/heads/main',
    change: 'refs/changes/34/1234/1',
    custom: 'refs/keep-around/x',
    remote: 'refs/remotes/origin/wip',
  };
  for (const [id, ref] of Object.entries(refs)) {
    const path = `${id}/service.conf`;
    const tip = p.plant({ id: `${id}-tip`, place: ref, state: 'in-a-tip' });
    const deleted = p.plant({ id: `${id}-deleted`, place: `${ref}, deleted`, state: 'deleted' });
    offMain(r, () => {
      const introduced = r.commit(`${id} adds`, { [path]: tip.file, 'old.conf': deleted.file });
      const removed = r.commit(`${id} removes`, { 'old.conf': null });
      r.git('update-ref', ref, 'HEAD');
      tip.expect({ path, introduced, removed: null, inTips: true, reachable: true });
      deleted.expect({ path: 'old.conf', introduced, removed, inTips: false, reachable: true });
    });
  }
};

const plantReplaced = (r: RepoBuilder, p: Planter): void => {
  const path = 'replaced.conf';
  const original = p.plant({ id: 'replaced', place: 'object that refs/replace hides', state: 'in-a-tip' });
  const replacement = p.plant({ id: 'replacement', place: 'object that replaces another', state: 'hidden-from-git' });
  const introduced = r.commit('to be replaced', { [path]: original.file, 'clean.conf': 'CLEAN=1\n' });
  r.git('replace', r.git('rev-parse', `HEAD:${path}`), r.hashObject('SERVICE=\n'));
  r.git('replace', r.git('rev-parse', 'HEAD:clean.conf'), r.hashObject(replacement.file));
  original.expect({ path, introduced, removed: null, inTips: true, reachable: true });
  replacement.expect({ introduced: null, removed: null, reachable: true });
};

const plantGrafted = (r: RepoBuilder, p: Planter): void => {
  const path = 'grafted.conf';
  const seedling = p.plant({ id: 'grafted', place: 'behind a graft', state: 'deleted' });
  const introduced = r.commit('behind the graft', { [path]: seedling.file });
  const removed = r.commit('before the graft', { [path]: null });
  mkdirSync(join(r.gitDir, 'info'), { recursive: true });
  writeFileSync(join(r.gitDir, 'info', 'grafts'), `${removed}\n`);
  seedling.expect({ path, introduced, removed, inTips: false, reachable: true });
};

const plantNote = (r: RepoBuilder, p: Planter): void => {
  const seedling = p.plant({ id: 'note', place: 'note', state: 'in-a-tip' });
  const gone = p.plant({ id: 'old-note', place: 'note that was overwritten', state: 'deleted' });
  r.gitWith({ input: gone.file }, 'notes', 'add', '--file=-', 'HEAD~1');
  const before = r.git('rev-parse', 'refs/notes/commits');
  r.gitWith({ input: 'reviewed\n' }, 'notes', 'add', '--force', '--file=-', 'HEAD~1');
  const removed = r.git('rev-parse', 'refs/notes/commits');
  r.gitWith({ input: seedling.file }, 'notes', 'add', '--file=-', 'HEAD');
  const introduced = r.git('rev-parse', 'refs/notes/commits');
  seedling.expect({ source: 'note', introduced, removed: null, inTips: true, reachable: true });
  gone.expect({ source: 'note', introduced: before, removed, inTips: false, reachable: true });
};

const plantOddTags = (r: RepoBuilder, p: Planter): void => {
  const state = 'in-a-tip';
  const plain = p.plant({ id: 'tag-blob', place: 'plain tag of a blob', state, format: 'rsa-key' });
  const annotated = p.plant({ id: 'tag-blob-annotated', place: 'annotated tag of a blob', state });
  const tree = p.plant({ id: 'tag-tree', place: 'tag of a tree', state });
  const nested = p.plant({ id: 'tag-tag', place: 'commit behind a tag of a tag', state });
  r.tag('maintainer-key', undefined, r.hashObject(plain.file));
  r.tag('signed-blob', 'a blob', r.hashObject(annotated.file));
  const treeOid = r.gitWith({ input: `100644 blob ${r.hashObject(tree.file)}\tservice.conf\n` }, 'mktree');
  r.tag('a-tree', undefined, treeOid);
  offMain(r, () => {
    const introduced = r.commit('behind tags', { 'nested.conf': nested.file });
    r.tag('inner', 'inner');
    r.tag('outer', 'outer', 'refs/tags/inner');
    r.git('tag', '--delete', 'inner');
    nested.expect({ path: 'nested.conf', introduced, removed: null, inTips: true, reachable: true });
  });
  for (const seedling of [plain, annotated]) seedling.expect({ path: null, introduced: null, reachable: true });
  tree.expect({ introduced: null, reachable: true });
};

const plantOtherWorktree = (r: RepoBuilder, p: Planter): void => {
  const seedling = p.plant({ id: 'worktree-head', place: 'detached HEAD of another worktree', state: 'in-a-tip' });
  const path = 'linked.conf';
  offMain(r, () => {
    const introduced = r.commit('only in a linked worktree', { [path]: seedling.file });
    r.git('worktree', 'add', '--quiet', '--detach', '../linked', 'HEAD');
    seedling.expect({ path, introduced, removed: null, inTips: true, reachable: true });
  });
  const staged = p.plant({ id: 'worktree-index', place: 'index of another worktree', state: 'unreachable' });
  const linked = join(r.path, '..', 'linked');
  writeFileSync(join(linked, 'staged-there.conf'), staged.file);
  r.git('-C', linked, 'add', 'staged-there.conf');
  staged.expect({ source: 'index', path: null, introduced: null, inTips: false, reachable: false });
};

const plantAmended = (r: RepoBuilder, p: Planter): void => {
  const path = 'amended.conf';
  const seedling = p.plant({ id: 'amended', place: 'amended away', state: 'unreachable', format: 'stripe-live-key' });
  const introduced = r.commit('oops', { [path]: seedling.file });
  r.commit('no oops', { [path]: 'STRIPE_KEY=\n' }, { amend: true });
  seedling.expect({ path, introduced, removed: null, inTips: false, reachable: false });
};

const plantReset = (r: RepoBuilder, p: Planter): void => {
  const path = 'reset.conf';
  const seedling = p.plant({ id: 'reset', place: 'reflog only', state: 'unreachable', format: 'aws-key' });
  const introduced = r.commit('to be reset', { [path]: seedling.file });
  const removed = r.commit('also reset', { [path]: null });
  r.git('reset', '--quiet', '--hard', 'HEAD~2');
  seedling.expect({ path, introduced, removed, inTips: false, reachable: false });
};

const plantDeletedBranch = (r: RepoBuilder, p: Planter): void => {
  const path = 'experiment/run.conf';
  const seedling = p.plant({ id: 'branch', place: 'deleted branch', state: 'unreachable', format: 'slack-bot-token' });
  r.branch('experiment');
  const introduced = r.commit('experiment', { [path]: seedling.file });
  r.commit('experiment more', { 'experiment/more.txt': 'more\n' });
  r.checkout('main');
  r.git('branch', '--quiet', '-D', 'experiment');
  seedling.expect({ path, introduced, removed: null, inTips: false, reachable: false });
};

/** Neither a ref nor a reflog names these. */
const plantDangling = (r: RepoBuilder, p: Planter): void => {
  const state = 'unreachable';
  const unreachable = { removed: null, inTips: false, reachable: false };
  const blob = p.plant({ id: 'dangling-blob', place: 'dangling blob', state, format: 'ed25519-key' });
  const tree = p.plant({ id: 'dangling-tree', place: 'dangling tree', state, format: 'npm-token' });
  const commit = p.plant({ id: 'dangling-commit', place: 'dangling commit', state, format: 'postgres-uri' });
  const message = p.plant({ id: 'dangling-message', place: 'message of a dangling commit', state });
  const tag = p.plant({ id: 'dangling-tag', place: 'message of a dangling tag', state });
  r.hashObject(blob.file);
  const treeOf = (file: Buffer): string =>
    r.gitWith({ input: `100644 blob ${r.hashObject(file)}\tlost.conf\n` }, 'mktree');
  treeOf(tree.file);
  const introduced = r.git('commit-tree', '-m', 'lost', treeOf(commit.file));
  const spoken = r.git('commit-tree', '-m', `lost ${message.secret.text}`, r.git('rev-parse', 'HEAD^{tree}'));
  r.tag('lost', `lost ${tag.secret.text}`);
  r.git('tag', '--delete', 'lost');
  blob.expect({ path: null, introduced: null, ...unreachable });
  tree.expect({ introduced: null, ...unreachable });
  commit.expect({ path: 'lost.conf', introduced, ...unreachable });
  message.expect({ source: 'commit-message', path: null, introduced: spoken, ...unreachable });
  tag.expect({ source: 'tag-message', path: null, inTips: false, reachable: false });
};

/** refs/stash names the newest entry; the older ones stand in its reflog alone. */
const plantStashes = (r: RepoBuilder, p: Planter): void => {
  const older = p.plant({ id: 'stash-old', place: 'stash, older entry', state: 'unreachable' });
  const newest = p.plant({ id: 'stash', place: 'stash', state: 'in-a-tip' });
  const untracked = p.plant({ id: 'stash-untracked', place: 'stash, file that was not tracked', state: 'deleted' });
  const staged = p.plant({ id: 'stash-index', place: 'stash, only in its index', state: 'deleted' });
  r.write({ 'app.conf': older.file });
  r.git('stash', 'push', '--quiet');
  const first = r.git('rev-parse', 'refs/stash');
  r.stage({ 'readme.txt': staged.file });
  r.write({ 'app.conf': newest.file, 'readme.txt': 'A shop.\n', 'untracked.conf': untracked.file });
  r.git('stash', 'push', '--quiet', '--include-untracked');
  const [second = '', index = '', lost = ''] = r
    .git('rev-parse', 'refs/stash', 'refs/stash^2', 'refs/stash^3')
    .split('\n');
  older.expect({ path: 'app.conf', introduced: first, removed: null, inTips: false, reachable: false });
  newest.expect({ path: 'app.conf', introduced: second, removed: null, inTips: true, reachable: true });
  staged.expect({ path: 'readme.txt', introduced: index, removed: second, inTips: false, reachable: true });
  untracked.expect({ path: 'untracked.conf', introduced: lost, removed: second, inTips: false, reachable: true });
};

const plantStaged = (r: RepoBuilder, p: Planter): void => {
  const state = 'unreachable';
  const staged = p.plant({ id: 'staged', place: 'index', state });
  const conflict = p.plant({ id: 'stage-2', place: 'index, stage of a conflict', state });
  const overwritten = p.plant({ id: 'staged-over', place: 'staged, then staged clean', state });
  const unstaged = p.plant({ id: 'unstaged', place: 'work tree only', state: 'hidden-from-git' });
  r.stage({ 'over.conf': overwritten.file });
  r.stage({ 'staged.conf': staged.file, 'over.conf': 'TOKEN=\n' });
  const entry = `100644 ${r.hashObject(conflict.file)} 2\tconflict.conf\n`;
  r.gitWith({ input: entry }, 'update-index', '--index-info');
  appendFileSync(join(r.path, 'readme.txt'), unstaged.file);
  for (const seedling of [staged, conflict]) {
    seedling.expect({ source: 'index', path: null, introduced: null, inTips: false, reachable: false });
  }
  overwritten.expect({ path: null, introduced: null, removed: null, inTips: false, reachable: false });
  unstaged.expectNothing();
};
