import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

/**
 * What is published: the sources in few files. A small scan is mostly start-up, of the process and again of every thread, and most of
 * that was finding and opening some 200 modules (docs/engine.md, "Start-up"). All files lie in one folder, so that
 * `new URL('./x.js', import.meta.url)` names the same module from any chunk; two folders deep like the sources, for what lies beside them.
 */
export default defineConfig({
  input: Object.fromEntries(['src/cli/start.ts', ...startedByUrl()].map((file) => [basename(file, '.ts'), file])),
  platform: 'node',
  // The kernel is a file of its own; the two large libraries are for few commands, and are loaded when those need them.
  external: [/^#/, 'isomorphic-git', 'simple-git'],
  // No module is imported for its effect alone; so a thread does not load what its modules do not use of a door.
  treeshake: { moduleSideEffects: false },
  plugins: [bakedRulesVersion(), builtins(), licenses()],
  output: { dir: 'dist/js', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', sourcemap: true },
});

/** Modules that are loaded by their URL: workers, and the visitors that they are told of. */
function startedByUrl(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', name))
    .filter((file) => /-(?:worker|visitor)\.ts$/.test(file))
    .filter((file) => file.endsWith('-worker.ts') || /^export const createVisitor\b/m.test(readFileSync(file, 'utf8')))
    .sort();
}

/**
 * Takes of a built-in module what is used of it. An `import` reads all that it has, and of node:fs and node:crypto some properties are
 * whole libraries that are made when they are read: 8 ms of every start of a process or thread.
 */
function builtins(): Plugin {
  return {
    name: 'builtins',
    renderChunk: (code) =>
      code.replaceAll(
        /^import (?:(\w+)(?:, )?)?(\{[^}]*\})? ?from "(node:[^"]+)";$/gm,
        (_all, whole: string | undefined, named: string | undefined, id: string) => {
          const names = [whole, named?.replaceAll(' as ', ': ')].filter((each) => each !== undefined);
          return `const ${names.map((name) => `${name} = process.getBuiltinModule("${id}")`).join(', ')};`;
        },
      ),
  };
}

/** The version of the rules, worked out once and not by every scan. */
function bakedRulesVersion(): Plugin {
  return {
    name: 'baked-rules-version',
    async load(id) {
      if (!id.endsWith(join('src', 'scan', 'rules-version.ts'))) return null;
      const { rulesVersion } = await import('./src/scan/rules-version.ts');
      return `export const rulesVersion = '${rulesVersion}';`;
    },
  };
}

/** The licences of the libraries that went into the files go with them. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(id) ?? []));
      const texts = [...folders].sort().map((folder) => {
        const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
        if (file === undefined) throw new Error(`${folder} has no licence file`);
        return `${folder.replace(/^.*node_modules\/|\/$/g, '')}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}
