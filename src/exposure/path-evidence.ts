/** What a path says about its content, surest first. A weight, never a reason to be silent. */
export const pathClasses = [
  'lock-file',
  'template',
  'example',
  'fixture',
  'test',
  'docs',
  'localisation',
  'vendored',
  'generated',
] as const;
export type PathClass = (typeof pathClasses)[number];

/** All classes that fit, in the order of `pathClasses`; none for an ordinary path. */
export interface PathEvidence {
  readonly classes: readonly PathClass[];
}

/** @param path slash-separated, Latin-1 of its bytes; case does not matter. */
export const judgePath = (path: string): PathEvidence => {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  const found = new Set<PathClass>();
  for (const folder of folders) for (const each of classesOfFolder(folder.toLowerCase())) found.add(each);
  const lower = name.toLowerCase();
  if (lockFiles.has(lower)) found.add('lock-file');
  for (const [each, pattern] of namePatterns) if (pattern.test(lower)) found.add(each);
  // `UserTest.java`, but not `latest.java`: here the capital is the border of the word.
  if (/(?:Tests?|Spec|IT|TestCase)\.[A-Za-z]{1,6}$/.test(name)) found.add('test');
  return { classes: pathClasses.filter((each) => found.has(each)) };
};

/** A folder by its whole name, or by one of its words: `integration-tests`, `test_data`. */
const classesOfFolder = (folder: string): PathClass[] => {
  const whole = folders.get(folder);
  if (whole) return [whole];
  if (folder.endsWith('.lproj') || /^values-[a-z]{2}(?:-r[a-z]{2})?$/.test(folder)) return ['localisation'];
  const words = folder.split(/[-_. ]+/);
  return folderWords.flatMap(([each, pattern]) => (words.some((word) => pattern.test(word)) ? [each] : []));
};

// A map, not an object: a folder may be called `constructor`.
const folders: ReadonlyMap<string, PathClass> = new Map(
  (
    [
      ['fixture', 'testdata test-data test_data __fixtures__ __mocks__ __snapshots__ cassettes vcr_cassettes'],
      ['test', '__tests__ e2e cypress t'],
      ['docs', 'doc docs documentation website wiki man javadoc'],
      ['localisation', 'locale locales i18n l10n lang langs languages translations'],
      [
        'vendored',
        'vendor vendors vendored node_modules third_party third-party thirdparty 3rdparty external externals deps pods ' +
          'bower_components jspm_packages site-packages dist-packages .venv venv gems godeps carthage wp-includes .yarn',
      ],
      // No `bin`, `build` or `target` by themselves: scripts that people write, with real passwords, stand there too.
      [
        'generated',
        'dist out obj .next .nuxt .output coverage _site __generated__ generated htmlcov .gradle __pycache__',
      ],
    ] as const
  ).flatMap(([each, names]) => names.split(' ').map((name): [string, PathClass] => [name, each])),
);

const folderWords: readonly (readonly [PathClass, RegExp])[] = [
  ['example', /^(?:examples?|samples?|demos?|tutorials?|quickstarts?|playgrounds?)$/],
  ['fixture', /^(?:fixtures?|mocks?|snapshots?|stubs?)$/],
  ['test', /^(?:tests?|specs?|testing|unittests?)$/],
  ['template', /^(?:templates?|skeletons?|boilerplate)$/],
];

const namePatterns: readonly (readonly [PathClass, RegExp])[] = [
  ['template', /(?:^|[-_. ])(?:templates?|tmpl|tpl|skel|skeleton|j2)(?:$|[-_. ])|\.dist$/],
  ['example', /(?:^|[-_. ])(?:examples?|samples?|demos?|quickstart|tutorial)(?:$|[-_. ])/],
  ['fixture', /(?:^|[-_. ])(?:fixtures?|mocks?|stubs?)(?:$|[-_. ])|\.snap$/],
  ['test', /(?:^|[-_. ])(?:tests?|specs?|unittests?)(?:$|[-_. ])|^conftest\.py$/],
  [
    'docs',
    /^(?:readme|changelog|changes|contributing|history|news|faq)(?:$|\.)|\.(?:md|mdx|markdown|rst|adoc|asciidoc)$/,
  ],
  ['localisation', /\.(?:po|pot|xlf|xliff|arb|strings|resx|ftl)$/],
  [
    'generated',
    /\.min\.(?:js|css|mjs)$|\.bundle\.js$|\.(?:js|css|mjs)\.map$|\.pb\.(?:go|cc|h)$|_pb2\.py$|\.generated\.|\.g\.dart$/,
  ],
];

const lockFiles: ReadonlySet<string> = new Set(
  (
    'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock composer.lock gemfile.lock ' +
    'poetry.lock pipfile.lock uv.lock pdm.lock pixi.lock conda-lock.yml cargo.lock go.sum go.work.sum mix.lock pubspec.lock ' +
    'podfile.lock cartfile.resolved package.resolved flake.lock packages.lock.json project.assets.json gradle.lockfile ' +
    'conan.lock .terraform.lock.hcl module.bazel.lock paket.lock stack.yaml.lock rebar.lock shard.lock'
  ).split(' '),
);
