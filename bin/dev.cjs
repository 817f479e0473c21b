'use strict';
// Set-up of a checkout: installs what is missing, builds what is stale, then runs the command. Not published. It runs
// before anything is installed, so: plain CommonJS for Node 20, built-in modules only, and it talks on standard error.
const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const nodeBinary = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const say = (text) => process.stderr.write(`${text}\n`);
class SetUpError extends Error {}

/** Settings of the caller that would leave out what we need (npm sees them as its own options). */
const setUpEnvironment = () => {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_config_(omit|only|production|global|prefix|dry_run|include)$/i.test(name)) delete env[name];
  }
  delete env.NODE_ENV;
  const own = at('node_modules', '.bin');
  env.PATH = (env.PATH || '')
    .split(path.delimiter)
    .filter((folder) => folder !== own)
    .join(path.delimiter);
  return env;
};

const digestOf = (files) => {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\0`);
  for (const file of files)
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  return hash.digest('hex');
};

const filesBelow = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath || entry.path, entry.name))
    .sort();

const stampIs = (file, value) => fs.existsSync(file) && fs.readFileSync(file, 'utf8') === value;

/** One set-up at a time: the lock names its owner, so that a killed one is noticed instead of waited for. */
const withLock = async (work) => {
  const lock = at('.unleak-setup.lock');
  const mine = `${lock}.${process.pid}`;
  fs.writeFileSync(mine, String(process.pid));
  try {
    for (let waited = false; ; ) {
      try {
        fs.linkSync(mine, lock);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      if (!isAlive(lock)) fs.rmSync(lock, { force: true });
      else {
        if (!waited) say('unleak: another set-up is running, waiting for it …');
        waited = true;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
    try {
      await work();
    } finally {
      fs.rmSync(lock, { force: true });
    }
  } finally {
    fs.rmSync(mine, { force: true });
  }
};

const isAlive = (lock) => {
  try {
    process.kill(Number(fs.readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const runStep = (what, command, args, env) => {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (result.status === 0) return;
  say((result.stdout || '') + (result.stderr || '') + (result.error ? `${result.error.message}\n` : ''));
  throw new SetUpError(`${what} failed.`);
};

const installStamp = () => ({
  file: at('node_modules', '.unleak-installed'),
  value: digestOf([at('package.json'), at('package-lock.json')]),
});

const install = (stamp) => {
  say('unleak: installing what is missing (once, about 20 s) …');
  runStep('npm ci', 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], setUpEnvironment());
  if (!fs.existsSync(nodeBinary)) {
    throw new SetUpError(
      'npm installed no Node binary: install scripts are switched off here (ignore-scripts). Run: npm rebuild node --ignore-scripts=false',
    );
  }
  fs.writeFileSync(stamp.file, stamp.value);
};

const buildStamp = () => ({
  file: at('dist', '.built'),
  value: digestOf([
    ...filesBelow(at('src')),
    ...['rolldown.config.ts', 'package.json', 'package-lock.json'].map((f) => at(f)),
  ]),
});

const build = (stamp) => {
  say('unleak: building …');
  const env = setUpEnvironment();
  fs.rmSync(at('dist'), { recursive: true, force: true });
  fs.mkdirSync(at('dist'), { recursive: true });
  runStep(
    'The kernel build',
    nodeBinary,
    [
      at('node_modules', 'assemblyscript', 'bin', 'asc.js'),
      'src/kernel/assembly/index.ts',
      '--outFile',
      'dist/kernel.wasm',
      '--enable',
      'simd',
      '--runtime',
      'stub',
      '-O3',
      '--noAssert',
      '--importMemory',
      '--noExportMemory',
    ],
    env,
  );
  runStep('The build', nodeBinary, [at('node_modules', 'rolldown', 'bin', 'cli.mjs'), '-c', 'rolldown.config.ts'], env);
  fs.writeFileSync(stamp.file, stamp.value);
};

const isFresh = (stamp) => stampIs(stamp.file, stamp.value);

const setUp = async () => {
  if (isFresh(installStamp()) && isFresh(buildStamp())) return;
  await withLock(() => {
    const installed = installStamp();
    if (!isFresh(installed)) install(installed);
    const built = buildStamp();
    if (!isFresh(built)) build(built);
  });
};

/** Runs in the foreground with our terminal; signals reach the child directly, and its end is ours. */
const runInForeground = (command, args, cwd, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    const wait = () => {};
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, wait);
    // A signal sent to us alone (not to the terminal's group) is passed on.
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      resolve(code === null ? 128 + (require('node:os').constants.signals[signal] || 0) : code),
    );
  });

const tool = (...parts) => at('node_modules', ...parts);
const commands = {
  scan: (args) => runCli(['scan', ...args]),
  unleak: (args) => runCli(args),
  build: () => 0,
  test: (args) => runInForeground(nodeBinary, [tool('vitest', 'vitest.mjs'), 'run', ...args], root, process.env),
  bench: (args) =>
    runInForeground(nodeBinary, [at('bench', 'main.ts'), ...args], process.env.INIT_CWD || root, process.env),
  format: () => runInForeground(tool('.bin', 'biome'), ['check', '--write', '.'], root, process.env),
  lint: async () => {
    const steps = [
      [tool('.bin', 'biome'), ['check', '.']],
      [tool('.bin', 'oxlint'), ['--type-aware', 'src', 'test', 'fixtures-repos', 'bench']],
      [nodeBinary, [tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']],
    ];
    for (const [command, args] of steps) {
      const code = await runInForeground(command, args, root, process.env);
      if (code !== 0) return code;
    }
    return 0;
  },
};

const runCli = (args) =>
  runInForeground(nodeBinary, [at('bin', 'unleak.cjs'), ...args], process.env.INIT_CWD || process.cwd(), process.env);

const main = async () => {
  const [name, ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command) throw new SetUpError(`unknown: ${name || '(nothing)'}. One of: ${Object.keys(commands).join(', ')}`);
  await setUp();
  return command(args);
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    say(error instanceof SetUpError ? `unleak: ${error.message}` : String(error.stack || error));
    process.exitCode = 2;
  },
);
