import type { RepoBuilder } from '../build-repo.ts';
import type { Planter } from './planter.ts';

/** Secrets that stand in no file: messages, people, names. */
export const plantTexts = (r: RepoBuilder, p: Planter): void => {
  r.commit('start', { 'readme.txt': 'A shop.\n' });
  plantMessages(r, p);
  plantPeople(r, p);
  plantTags(r, p);
  plantRefNames(r, p);
  plantPathNames(r, p);
  plantOddPaths(r, p);
};

const plantMessages = (r: RepoBuilder, p: Planter): void => {
  const state = 'in-a-tip';
  const source = 'commit-message';
  const message = p.plant({ id: 'message', place: 'commit message', state, format: 'postgres-uri' });
  const key = p.plant({ id: 'message-key', place: 'key in a commit message', state, format: 'ec-key' });
  const empty = p.plant({ id: 'message-empty', place: 'message of an empty commit', state });
  const nul = p.plant({ id: 'message-nul', place: 'commit message behind a NUL', state, format: 'slack-bot-token' });
  const header = p.plant({ id: 'header', place: 'unknown header of a commit', state, format: 'npm-token' });
  const latin = p.plant({ id: 'message-latin1', place: 'commit message', state, encoding: 'latin-1' });
  const say = (seedling: typeof message, introduced: string): void =>
    seedling.expect({ source, path: null, introduced, reachable: true });
  say(message, r.commit(`connect\n\nuse ${message.secret.text}`, { 'a.txt': 'a\n' }));
  say(key, r.commit(`deploy with\n\n${key.secret.text}`, { 'b.txt': 'b\n' }));
  say(empty, r.commit(`trigger the build ${empty.secret.value}`));
  const person = 'Bot <bot@acme-corp.net> 1704070000 +0000';
  const raw = (rest: string | Buffer): string => {
    const [tree = '', parent = ''] = r.git('rev-parse', 'HEAD^{tree}', 'HEAD').split('\n');
    const headers = `tree ${tree}\nparent ${parent}\nauthor ${person}\ncommitter ${person}\n`;
    const oid = r.hashObject(Buffer.concat([Buffer.from(headers), Buffer.from(rest)]), 'commit');
    r.git('update-ref', 'HEAD', oid);
    return oid;
  };
  say(nul, raw(`\nquiet\0 ${nul.secret.text}`));
  const reviewed = raw(`x-review ${header.secret.value}\n\nwith a header\n`);
  header.expect({ source: 'commit-people', path: null, introduced: reviewed, reachable: true });
  say(latin, raw(Buffer.concat([Buffer.from('encoding ISO-8859-1\n\n'), latin.file])));
};

const plantPeople = (r: RepoBuilder, p: Planter): void => {
  const author = p.plant({ id: 'author', place: 'author', state: 'in-a-tip' });
  const committer = p.plant({ id: 'committer', place: 'committer', state: 'in-a-tip' });
  const bot = { name: 'Bot', email: 'bot@acme-corp.net' };
  const wrote = r.commit('by an author', {}, { author: { ...bot, name: author.secret.value }, committer: bot });
  const made = r.commit('by a committer', {}, { author: bot, committer: { ...bot, email: committer.secret.value } });
  author.expect({ source: 'commit-people', path: null, introduced: wrote, reachable: true });
  committer.expect({ source: 'commit-people', path: null, introduced: made, reachable: true });
};

const plantTags = (r: RepoBuilder, p: Planter): void => {
  const message = p.plant({
    id: 'tag-message',
    place: "annotated tag's message",
    state: 'in-a-tip',
    format: 'npm-token',
  });
  const ofBlob = p.plant({ id: 'tag-of-blob-message', place: 'message of a tag of a blob', state: 'in-a-tip' });
  r.tag('v1', `release\n\n${message.secret.text}`);
  r.tag('blob', `a blob\n\n${ofBlob.secret.text}`, r.hashObject('nothing\n'));
  for (const seedling of [message, ofBlob]) seedling.expect({ source: 'tag-message', path: null, reachable: true });
};

const plantRefNames = (r: RepoBuilder, p: Planter): void => {
  const branch = p.plant({ id: 'branch-name', place: 'branch name', state: 'in-a-tip' });
  const packed = p.plant({
    id: 'packed-ref-name',
    place: 'tag name, packed',
    state: 'in-a-tip',
    format: 'slack-bot-token',
  });
  r.tag(`was-${packed.secret.value}`);
  r.git('pack-refs', '--all');
  r.git('branch', `try/${branch.secret.value}`);
  for (const seedling of [branch, packed]) seedling.expect({ source: 'ref-name', path: null, reachable: true });
};

const plantPathNames = (r: RepoBuilder, p: Planter): void => {
  const file = p.plant({ id: 'file-name', place: 'file name', state: 'deleted' });
  const folder = p.plant({ id: 'folder-name', place: 'folder name', state: 'in-a-tip', format: 'slack-bot-token' });
  const introduced = r.commit('odd names', {
    [`dumps/${file.secret.value}.txt`]: 'a dump\n',
    [`dumps/${folder.secret.value}/notes.txt`]: 'notes\n',
  });
  const removed = r.commit('fewer odd names', { [`dumps/${file.secret.value}.txt`]: null });
  // The path holds the value, so a report shows it redacted: not compared.
  file.expect({ source: 'path', introduced, removed, inTips: false, reachable: true });
  folder.expect({ source: 'path', introduced, removed: null, inTips: true, reachable: true });
};

const plantOddPaths = (r: RepoBuilder, p: Planter): void => {
  const state = 'in-a-tip';
  const escaped = p.plant({ id: 'path-escape', place: 'path with newline and escape sequence', state });
  const unicode = p.plant({ id: 'path-unicode', place: 'path with bidi controls', state });
  const bytes = p.plant({ id: 'path-bytes', place: 'path that is not UTF-8', state });
  const paths = { escape: 'odd/a\n\u001b[31mred.conf', unicode: 'odd/\u202efnoc.conf' };
  const introduced = r.commit('odd paths', { [paths.escape]: escaped.file, [paths.unicode]: unicode.file });
  const raw = Buffer.from('odd/caf\xe9\xff.conf', 'latin1');
  const last = r.commitBytes('odd bytes', raw, bytes.file);
  const common = { removed: null, inTips: true, reachable: true };
  escaped.expect({ path: Buffer.from(paths.escape).toString('latin1'), introduced, ...common });
  unicode.expect({ path: Buffer.from(paths.unicode).toString('latin1'), introduced, ...common });
  bytes.expect({ path: raw.toString('latin1'), introduced: last, ...common });
};
