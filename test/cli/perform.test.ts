import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { InvariantError } from '../../src/errors.ts';
import {
  connectionPassword,
  coverage,
  credential,
  findingsReport,
  report,
  sensitiveFile,
} from '../report/sample-report.ts';
import { performIn } from './fake-world.ts';

const root = mkdtempSync(join(tmpdir(), 'unleak-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder that looks like a work tree to the command line; what is in it is up to the fake scan. */
const workTree = (name: string, config?: object): string => {
  const folder = join(root, name);
  mkdirSync(join(folder, '.git'), { recursive: true });
  if (config) writeFileSync(join(folder, '.unleak.json'), JSON.stringify(config));
  return folder;
};

const plain = workTree('plain');
const incomplete = coverage({
  complete: false,
  incomplete: [{ reason: 'shallow', detail: 'this clone is shallow', remedy: 'git fetch --unshallow' }],
});

test('a scan prints its report on standard output and nothing else, and ends by the contract', async () => {
  const ended = await performIn({ cwd: plain, report: findingsReport() }, ['scan']);
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).toContain('2 credentials were exposed');
  expect(ended.stderr).toBe('');
  expect((await performIn({ cwd: plain, report: report() }, [])).exitCode).toBe(0);
});

test('the request says what was asked, with paths made absolute', async () => {
  const { request } = await performIn({ cwd: root, report: report(), env: { SOURCE_DATE_EPOCH: '1700000000' } }, [
    'plain',
    '--staged',
    '--history',
    '--rule',
    'aws-access-key-id',
    '--published-only',
    '-j',
    '7',
    '--max-blob-size',
    '1k',
  ]);
  expect(request).toMatchObject({
    target: { kind: 'repository', path: plain },
    scope: ['history', 'staged'],
    onlyRules: ['aws-access-key-id'],
    publishedOnly: true,
    jobs: 7,
    maxBlobSizeBytes: 1024,
    minSeverity: 'low',
    minVerdict: 'possible',
    now: 1_700_000_000_000,
    fixedClock: true,
  });
  const stdin = await performIn({ cwd: root, report: report() }, ['-']);
  expect(stdin.request).toMatchObject({ target: { kind: 'stdin' }, scope: ['history'], jobs: 2, fixedClock: false });
  const files = await performIn({ cwd: root, report: report() }, ['--no-git', '.']);
  expect(files.request?.target).toEqual({ kind: 'files', path: root });
});

test('commits are chosen in one way, of a repository, and beside them may stand what is not committed', async () => {
  const world = { cwd: root, report: report() };
  const range = await performIn(world, ['plain', '--range', 'v1..v2', '--worktree']);
  expect(range.request).toMatchObject({ scope: ['history', 'worktree'], commits: { kind: 'range', text: 'v1..v2' } });
  const named = await performIn(world, ['plain', '--commits-from', 'list']);
  expect(named.request?.commits).toEqual({ kind: 'commits-from', file: join(root, 'list') });
  const stdin = await performIn(world, ['plain', '--commits-from', '-']);
  expect(stdin.request?.commits).toEqual({ kind: 'commits-from', file: null });
  expect((await performIn(world, ['plain'])).request).not.toHaveProperty('commits');
  for (const args of [
    ['plain', '--range', 'a..b', '--since', 'a'],
    ['plain', '--since', 'a', '--history'],
    ['-', '--range', 'a..b'],
    ['plain', '--no-git', '--commits-from', '-'],
  ]) {
    expect(await performIn(world, args)).toMatchObject({ exitCode: 2, request: null });
  }
});

test('what is hidden from view still makes the exit code', async () => {
  const world = { cwd: plain, report: report({ credentials: [connectionPassword()] }) };
  const hidden = await performIn(world, ['--min-verdict', 'confirmed', '--fail-on', 'possible']);
  expect(hidden.exitCode).toBe(1);
  expect(hidden.request?.minVerdict).toBe('possible');
  expect(hidden.stdout).not.toContain('connection string');
  expect(hidden.stdout).toContain('Something counts (exit code 1)');
  expect((await performIn(world, [])).exitCode).toBe(0);
});

test('an incomplete scan with nothing found ends with 2 and an error in its JSON, unless that is allowed', async () => {
  const world = { cwd: plain, report: report({ coverage: incomplete }) };
  const ended = await performIn(world, ['--format', 'json']);
  expect(ended.exitCode).toBe(2);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    command: 'scan',
    error: { code: 'incomplete', message: 'this clone is shallow', hint: 'git fetch --unshallow' },
    coverage: { complete: false },
  });
  const allowed = await performIn(world, ['--allow-incomplete', '--format', 'json']);
  expect(allowed.exitCode).toBe(0);
  expect(JSON.parse(allowed.stdout)).not.toHaveProperty('error');
});

test('an interrupted scan still prints what it found, and ends as its signal says', async () => {
  const stopped = coverage({
    complete: false,
    incomplete: [{ reason: 'interrupted', detail: 'stopped by a signal', remedy: 'Run it again.' }],
  });
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const controller = new AbortController();
    const ended = await performIn(
      {
        cwd: plain,
        signal: controller.signal,
        scan: async () => {
          controller.abort(signal);
          return report({ credentials: [credential()], coverage: stopped });
        },
      },
      ['--format', 'json'],
    );
    expect(ended.exitCode).toBe(exitCode);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'interrupted' },
      credentials: [{ rule: 'aws-access-key-id' }],
    });
  }
});

test('an interrupted scan without a report says so', async () => {
  const controller = new AbortController();
  const ended = await performIn(
    {
      cwd: plain,
      signal: controller.signal,
      scan: async (_request, _emit, signal) => {
        controller.abort('SIGINT');
        signal.throwIfAborted();
        return report();
      },
    },
    [],
  );
  expect(ended).toMatchObject({ exitCode: 130, stdout: '' });
  expect(ended.stderr).toContain('[interrupted]');
});

test('in CI one line on standard error says how it ended, and there is no colour', async () => {
  const ended = await performIn({ cwd: plain, report: findingsReport(), isTerminal: true, env: { FORCE_COLOR: '1' } }, [
    '--ci',
  ]);
  expect(ended.stderr).toBe('unleak: 2 confirmed, 1 likely, 1 possible; the scan is complete; exit code 1\n');
  expect(ended.stdout).not.toContain('\x1b');
  const forced = await performIn({ cwd: plain, report: findingsReport() }, ['--ci', '--color', 'always']);
  expect(forced.stdout).toContain('\x1b[');
});

test.each([
  [true, {}, 'auto', true],
  [true, { NO_COLOR: '1' }, 'auto', false],
  [true, { NO_COLOR: '' }, 'auto', true],
  [true, { TERM: 'dumb' }, 'auto', false],
  [false, {}, 'auto', false],
  [false, { FORCE_COLOR: '1' }, 'auto', true],
  [true, { FORCE_COLOR: '0' }, 'auto', false],
  [false, { NO_COLOR: '1' }, 'always', true],
  [true, { FORCE_COLOR: '1' }, 'never', false],
])('terminal %s, %j, --color %s: colour %s', async (isTerminal, env, choice, isColored) => {
  const ended = await performIn({ cwd: plain, report: findingsReport(), isTerminal, env }, ['--color', choice]);
  expect(ended.stdout.includes('\x1b[')).toBe(isColored);
});

test('a config in the tree may leave things out; that is counted and named', async () => {
  const config = { minVerdict: 'confirmed', rules: { without: ['aws-access-key-id'] } };
  const cwd = workTree('configured', config);
  const ended = await performIn({ cwd, report: report({ credentials: [credential(), connectionPassword()] }) }, [
    '--format',
    'json',
  ]);
  expect(ended.exitCode).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    credentials: [],
    coverage: { suppressed: [{ by: 'config', file: '.unleak.json', count: 2 }] },
  });
});

test('a config that lets large blobs pass, or wants more certainty before it fails, is named too', async () => {
  const cwd = workTree('lenient', { maxBlobSize: '1k', failOn: 'confirmed' });
  const skipped = [{ oid: '0'.repeat(40), source: 'blob', reason: 'larger than --max-blob-size' }];
  const value = report({ sensitiveFiles: [sensitiveFile()], coverage: coverage({ skipped }) });
  const ended = await performIn({ cwd, report: value }, ['--format', 'json']);
  expect(ended.exitCode).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    coverage: {
      suppressed: [
        { by: 'config maxBlobSize', file: '.unleak.json', count: 1 },
        { by: 'config failOn', file: '.unleak.json', count: 1 },
      ],
    },
  });
});

test('an option wins over the config', async () => {
  const cwd = workTree('overruled', { minSeverity: 'critical', failOn: 'confirmed', maxBlobSize: 10 });
  const ended = await performIn({ cwd, report: report({ credentials: [connectionPassword()] }) }, [
    '--min-severity',
    'medium',
    '--fail-on',
    'possible',
    '--max-blob-size',
    '20',
    '--format',
    'json',
  ]);
  expect(ended.exitCode).toBe(1);
  expect(ended.request?.maxBlobSizeBytes).toBe(20);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    credentials: [{ severity: 'medium' }],
    coverage: { suppressed: [] },
  });
});

test('a config with a typo ends with 2 before anything is scanned', async () => {
  const ended = await performIn({ cwd: workTree('typo', { minSevrity: 'low' }), report: report() }, []);
  expect(ended).toMatchObject({ exitCode: 2, stdout: '', request: null });
  expect(ended.stderr).toBe(
    'error: .unleak.json: unknown key "minSevrity". [config]\n hint: Did you mean "minSeverity"?\n',
  );
});

test('a rule that does not exist is a mistake, in options and in the config', async () => {
  const option = await performIn({ cwd: plain, report: report() }, ['--rule', 'aws-access-key-di']);
  expect(option.stderr).toContain(
    '--rule: there is no rule "aws-access-key-di". [usage]\n hint: Did you mean aws-access-key-id?',
  );
  const config = await performIn(
    { cwd: workTree('no-rule', { rules: { without: ['nothing-like-it'] } }), report: report() },
    [],
  );
  expect(config.stderr).toContain('rules.without: there is no rule "nothing-like-it". [config]');
  expect([option.exitCode, config.exitCode]).toEqual([2, 2]);
});

test.each([
  [['scna'], 'There is nothing at scna.', 'Did you mean: unleak scan?'],
  [['--', 'no\nsuch'], 'There is nothing at no\\nsuch.', 'Name a repository'],
  [['https://git.example.org/x.git'], 'not built yet', 'git clone --mirror'],
  [['git@git.example.org:x.git'], 'not built yet', 'git clone --mirror'],
  [['-', '--staged'], '--staged needs a repository', 'Leave out --staged'],
  [['--no-git', '--published-only'], '--published-only needs a repository', 'Leave out'],
  [['-f', 'text', '-f', 'text'], '2 formats and 1 output', 'one --output for each'],
  [['-o', 'a', '-o', './a'], 'the same place', 'its own name'],
  [['--config', 'nope.json'], 'nope.json: it cannot be read (ENOENT)', 'Check the name'],
  [['explain'], 'needs the id', 'u1-'],
  [['explain', 'zzz'], '"zzz" is no credential id', 'u1-'],
  [['schema'], 'needs a name', 'report, event, error'],
  [['schema', 'rport'], 'no schema "rport"', 'Did you mean report?'],
  [['completion', 'cmd'], 'no completions for "cmd"', 'bash, zsh, fish'],
  [['rules', 'show', 'aws-access-key-di'], 'no rule "aws-access-key-di"', 'Did you mean aws-access-key-id?'],
  [['rules', 'frob'], 'takes "list", or "show"', 'unleak rules --help'],
])('%j is told as an error with a hint, and ends with 2', async (argv, message, hint) => {
  const ended = await performIn({ cwd: plain, report: report() }, argv);
  expect(ended).toMatchObject({ exitCode: 2, stdout: '', request: null });
  const [error = '', hintLine = ''] = ended.stderr.split('\n');
  expect(error).toMatch(/^error: .* \[[a-z-]+\]$/);
  expect(error).toContain(message);
  expect(hintLine).toMatch(/^ hint: /);
  expect(hintLine).toContain(hint);
});

test('with --format json an error is the one JSON value on standard output', async () => {
  const ended = await performIn({ cwd: plain }, ['explain', 'zzz', '--format', 'json']);
  expect(JSON.parse(ended.stdout)).toEqual({
    schemaVersion: 1,
    command: 'explain',
    error: { code: 'usage', message: '"zzz" is no credential id.', hint: expect.any(String) },
  });
  expect(ended.stderr).toBe('');
  const unknownOption = await performIn({ cwd: plain }, ['--bogus', '--format', 'json']);
  expect(JSON.parse(unknownOption.stdout)).toMatchObject({ command: 'scan', error: { code: 'usage' } });
});

test('a mistake of ours ends with 2, a stack and how to report it; foreign errors do not get to quote what they parsed', async () => {
  const invariant = await performIn(
    { cwd: plain, scan: () => Promise.reject(new InvariantError('the table is sorted')) },
    [],
  );
  expect(invariant.exitCode).toBe(2);
  expect(invariant.stderr).toMatch(
    /^error: the table is sorted \[internal\]\n {4}at .*\n(?:.*\n)* hint: This is a mistake in unleak/,
  );
  const foreign = await performIn({ cwd: plain, scan: async () => JSON.parse('{"password": hunter2}') as never }, [
    '--format',
    'json',
  ]);
  expect(foreign.exitCode).toBe(2);
  expect(foreign.stdout + foreign.stderr).not.toContain('hunter2');
  expect(JSON.parse(foreign.stdout)).toMatchObject({
    error: { code: 'internal', message: 'Something unforeseen failed: SyntaxError.' },
  });
});

test('the n-th output takes the n-th format, and files are there whole', async () => {
  const cwd = workTree('outputs');
  const ended = await performIn({ cwd, report: findingsReport() }, [
    '-f',
    'json',
    '-o',
    'r.json',
    '-f',
    'text',
    '-o',
    '-',
    '-f',
    'jsonl',
    '-o',
    'r.jsonl',
  ]);
  expect(ended.exitCode).toBe(1);
  expect(ended.stdout).toMatch(/^unleak 1\.0\.0/);
  expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({ command: 'scan' });
  expect(readFileSync(join(cwd, 'r.jsonl'), 'utf8').trimEnd().split('\n').at(-1)).toMatch(/^\{"type":"scan-finished"/);
  expect(readdirSync(cwd).toSorted()).toEqual(['.git', 'r.json', 'r.jsonl']);
});

test('a report with secrets can be read by its owner alone, and a remark says what it is', async () => {
  const cwd = workTree('secrets');
  writeFileSync(join(cwd, 'r.json'), 'old');
  chmodSync(join(cwd, 'r.json'), 0o644);
  const ended = await performIn({ cwd, report: findingsReport() }, ['--show-secrets', '-f', 'json', '-o', 'r.json']);
  expect(ended.request?.showSecrets).toBe(true);
  expect(statSync(join(cwd, 'r.json')).mode & 0o777).toBe(0o600);
  expect(ended.stderr).toContain('holds secrets in clear');
});

test('a link, a folder or a place that a link in the tree moves elsewhere is no place for a report', async () => {
  const cwd = workTree('links');
  const outsideFolder = join(root, 'outside');
  mkdirSync(outsideFolder);
  symlinkSync(join(outsideFolder, 'target'), join(cwd, 'link.json'));
  symlinkSync(outsideFolder, join(cwd, 'out'));
  const world = { cwd, report: report() };
  for (const [name, message] of [
    ['link.json', 'is a link'],
    ['out/r.json', 'a link in the scanned tree leads to'],
    ['.git', 'is no plain file'],
    ['missing/r.json', 'cannot be written'],
    ['/dev/null', 'is no plain file'],
  ] as const) {
    const ended = await performIn(world, ['-o', name]);
    expect(ended, name).toMatchObject({ exitCode: 2, request: null });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain('[output]');
  }
  expect(readdirSync(outsideFolder)).toEqual([]);
});

test('explain shows one credential in full, also one that a scan leaves out', async () => {
  const world = { cwd: plain, report: findingsReport() };
  const ended = await performIn(world, ['explain', 'u1-q4w7']);
  expect(ended.exitCode).toBe(0);
  expect(ended.request).toMatchObject({ minSeverity: 'info', minVerdict: 'inert' });
  expect(ended.stdout).toContain('RSA private key');
  expect(ended.stdout).toContain('Silence it');
  expect(ended.stdout).not.toContain('AWS');
  const asJson = await performIn(world, ['explain', 'f1-2222222222222222', '--format', 'json']);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ command: 'explain', found: { id: 'f1-2222222222222222' } });
  const unknown = await performIn(world, ['explain', 'u1-q4w7e2r6t3y5u5i3']);
  expect(unknown.stderr).toContain('Did you mean u1-q4w7e2r6t3y5u5i2?');
  const several = await performIn(world, ['explain', 'u1-']);
  expect(several.stderr).toContain('3 credentials have ids that begin with u1-');
});

test('the catalogue is to be read, as text and as JSON', async () => {
  const list = await performIn({ cwd: plain }, ['rules', 'list']);
  expect(list.stdout).toMatch(/^aws-access-key-id +\w+ +AWS/m);
  const show = await performIn({ cwd: plain }, ['rules', 'show', 'aws-access-key-id', '--format', 'json']);
  expect(JSON.parse(show.stdout)).toMatchObject({
    command: 'rules',
    rule: { id: 'aws-access-key-id', kind: 'content' },
  });
});

test('schemas are printed as the package holds them', async () => {
  for (const name of ['report', 'event', 'error']) {
    const ended = await performIn({ cwd: plain }, ['schema', name]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  }
});

test('bash completes commands, options and choices with the printed script', async () => {
  const { stdout } = await performIn({ cwd: plain }, ['completion', 'bash']);
  const complete = (...words: readonly string[]): readonly string[] => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _unleak; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).stdout.trimEnd().split('\n');
  };
  expect(complete('unleak', 'ex')).toEqual(['explain']);
  expect(complete('unleak', 'scan', '--min-v')).toEqual(['--min-verdict']);
  expect(complete('unleak', 'scan', '--fail-on', 'l')).toEqual(['likely']);
  expect(complete('unleak', 'schema', '')).toContain('report');
  for (const shell of ['zsh', 'fish']) {
    expect((await performIn({ cwd: plain }, ['completion', shell])).stdout).toContain('min-verdict');
  }
  expect(existsSync(join(root, 'COMPREPLY'))).toBe(false);
});
