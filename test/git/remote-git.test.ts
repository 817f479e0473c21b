import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildRepo, temporaryFolder } from '../../fixtures-repos/index.ts';
import { runGit } from '../../fixtures-repos/run-git.ts';
import { clone, lsRemote, splitRemoteUrl } from '../../src/git/index.ts';

// This door takes the user's own settings; the tests take nobody's.
beforeEach(() => {
  vi.stubEnv('HOME', '/nonexistent');
  vi.stubEnv('XDG_CONFIG_HOME', '/nonexistent');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const served = () =>
  buildRepo(
    (r) => {
      r.commit('one', { a: '1' });
      r.tag('v1', 'first');
      r.git('update-ref', 'refs/pull/1/head', 'HEAD');
    },
    { bare: true },
  );

test('lists what a remote has, and clones it: all refs into a mirror, branches and tags else', async () => {
  const repo = await served();
  const head = repo.git('rev-parse', 'HEAD');
  const tag = repo.git('rev-parse', 'refs/tags/v1');
  expect(await lsRemote(`file://${repo.path}`, { isFileAllowed: true })).toEqual([
    { name: 'HEAD', oid: head, peeled: null, symbolic: 'refs/heads/main' },
    { name: 'refs/heads/main', oid: head, peeled: null, symbolic: null },
    { name: 'refs/pull/1/head', oid: head, peeled: null, symbolic: null },
    { name: 'refs/tags/v1', oid: tag, peeled: head, symbolic: null },
  ]);
  const folder = temporaryFolder().path;
  await clone(repo.path, join(folder, 'mirror'), true, { isFileAllowed: true });
  await clone(repo.path, join(folder, 'bare'), false, { isFileAllowed: true });
  const refs = (name: string): string =>
    runGit(['for-each-ref', '--format=%(refname)'], { cwd: join(folder, name) }).toString();
  expect(refs('mirror')).toBe('refs/heads/main\nrefs/pull/1/head\nrefs/tags/v1\n');
  expect(refs('bare')).toBe('refs/heads/main\nrefs/tags/v1\n');
});

test.each([
  ['/srv/x.git', 'the protocol file is not allowed'],
  ['file:///srv/x.git', 'the protocol file is not allowed'],
  ['ext::sh -c true', 'the protocol ext is not allowed'],
  ['ftp://example.org/x', 'the protocol ftp is not allowed'],
  ['--upload-pack=touch', 'the address looks like an option'],
  ['https://example.org/\nhost=x', 'the address holds a control character'],
])('refuses %j before git is asked', async (address, why) => {
  await expect(lsRemote(address)).rejects.toMatchObject({
    code: 'remote-failed',
    cause: expect.objectContaining({ message: why }),
  });
});

test('a remote that is not there is a known failure, and nothing is left behind', async () => {
  const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('unleak-remote-'));
  const before = leftovers();
  const error: unknown = await lsRemote('/nonexistent/x.git', { isFileAllowed: true }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'remote-failed', message: 'Could not list the refs of /nonexistent/x.git.' });
  expect(leftovers().filter((name) => !before.includes(name))).toEqual([]);
});

const execPath = execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim();

test.runIf(existsSync(join(execPath, 'git-remote-http')))(
  'a password in the address reaches the host that it is for, and no message',
  async () => {
    const password = ['p@ss', 'word'].join('');
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === undefined) response.setHeader('WWW-Authenticate', 'Basic realm="x"');
      response.writeHead(request.headers.authorization === undefined ? 401 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const address = `http://someone:${encodeURIComponent(password)}@127.0.0.1:${port}/x.git`;
      const error: unknown = await lsRemote(address).catch((reason: unknown) => reason);
      expect(seen).toEqual([undefined, `Basic ${Buffer.from(`someone:${password}`).toString('base64')}`]);
      expect(error).toMatchObject({ message: `Could not list the refs of http://127.0.0.1:${port}/x.git.` });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(password);
    } finally {
      server.close();
    }
  },
);

test('an address is shown without what is secret in it, whatever it looks like', () => {
  const word = fc.stringMatching(/^[a-z0-9]{8,20}$/);
  const host = fc.constantFrom('example.org', 'example.org:8080', '[::1]:80');
  fc.assert(
    fc.property(word, word, host, fc.constantFrom('https', 'http', 'ssh'), (user, password, at, scheme) => {
      const { url, ...rest } = splitRemoteUrl(`${scheme}://${user}:x${password}@${at}/a/b.git`);
      expect(url).toBe(`${scheme}://${scheme === 'ssh' ? `${user}@` : ''}${at}/a/b.git`);
      expect(rest).toEqual({ user, password: `x${password}`, hasSecret: true });
    }),
  );
});

test.each([
  ['git@example.org:a/b.git', 'git@example.org:a/b.git', false],
  ['../sibling', '../sibling', false],
  ['/srv/a@b:c', '/srv/a@b:c', false],
  ['https://example.org/a.git', 'https://example.org/a.git', false],
  ['https://0123456789@example.org/a.git', 'https://example.org/a.git', true],
  ['https://example.org/a.git?token=0123456789', 'https://example.org/a.git', true],
])('%s is shown as %s', (address, shown, hasSecret) => {
  expect(splitRemoteUrl(address)).toMatchObject({ url: shown, hasSecret });
});
