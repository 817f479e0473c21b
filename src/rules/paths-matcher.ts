import { braceExpand, Minimatch } from 'minimatch';
import type { PathRule } from './rule.ts';

/** Answers which path rules a path meets. Paths are slash-separated raw bytes as Latin-1 text. */
export interface PathMatcher {
  /** Whether a path that ends in this base name can meet a rule by its name; exact, and cheap for the usual "no". */
  maybeName(baseName: string): boolean;
  /** Whether what lies below a folder of this name, at any depth, can meet a rule (`secrets/`). */
  maybeFolder(name: string): boolean;
  match(path: string): readonly PathRule[];
}

/**
 * Compiles path rules. Globs match without regard to case, dot files count; one without a slash is for the base name, one
 * with a slash for the whole path at any depth. Source code (`secrets.ts`) meets only globs that name its extension.
 */
export const createPathMatcher = (rules: readonly PathRule[]): PathMatcher => {
  const known = matchers.get(rules);
  if (known !== undefined) return known;
  const made = compileRules(rules);
  matchers.set(rules, made);
  return made;
};

/** All that ask in one thread ask the same: compiling matchers took 27 ms of a small scan. */
const matchers = new WeakMap<readonly PathRule[], PathMatcher>();

const compileRules = (rules: readonly PathRule[]): PathMatcher => {
  const globs = rules.flatMap((rule) => rule.globs.flatMap((text) => expand(text).map((glob) => compile(rule, glob))));
  const index = createIndex(globs.filter((glob) => !glob.isFolder));
  const names = {
    find: (name: string): readonly Glob[] => {
      const original = withoutBackup(name);
      return original === name ? index.find(name) : [...index.find(name), ...index.find(original)];
    },
  };
  const folders = createIndex(globs.filter((glob) => glob.isFolder));

  const maybeName = (baseName: string): boolean => names.find(lower(baseName)).some((glob) => allows(glob, baseName));
  const maybeFolder = (name: string): boolean => folders.find(lower(name)).length > 0;
  const match = (path: string): readonly PathRule[] => {
    const segments = lower(path).split('/');
    const baseName = segments.at(-1) ?? '';
    const candidates = [...names.find(baseName), ...segments.slice(0, -1).flatMap((name) => folders.find(name))];
    const met = candidates.filter((glob) => allows(glob, baseName) && meetsWhole(glob, path));
    const metRules = new Set(met.map((glob) => glob.rule));
    return metRules.size === 0 ? [] : rules.filter((rule) => metRules.has(rule));
  };
  return { maybeName, maybeFolder, match };
};

interface Glob {
  readonly rule: PathRule;
  /** What the base name (or, of a folder glob, the last folder) must look like, in lower case. */
  readonly last: string;
  readonly isFolder: boolean;
  /** For the whole path, where the last segment is not all that counts. */
  readonly whole: ((path: string) => boolean) | null;
}

const expand = (text: string): readonly string[] => braceExpand(text, { braceExpandMax: 10_000 });

const compile = (rule: PathRule, text: string): Glob => {
  const glob = lower(text);
  if (!glob.includes('/')) return { rule, last: glob, isFolder: false, whole: null };
  const isFolder = glob.endsWith('/**');
  const segments = (isFolder ? glob.slice(0, -3) : glob).split('/');
  return {
    rule,
    last: segments.at(-1) ?? '',
    isFolder,
    whole: minimatchTest(glob.startsWith('**/') ? glob : `**/${glob}`),
  };
};

/** `database.yml.bak`, `.env~`: a copy holds what the original held. */
const withoutBackup = (name: string): string => name.replace(/(?:\.(?:bak|backup|old|orig|save|swp)|~)$/, '');

const meetsWhole = (glob: Glob, path: string): boolean =>
  glob.whole === null || glob.whole(path) || (!glob.isFolder && glob.whole(withoutBackup(lower(path))));

/** Literal names and plain extensions by map; only what is left is asked pattern by pattern. */
const createIndex = (globs: readonly Glob[]): { find(lowerName: string): readonly Glob[] } => {
  const literals = Map.groupBy(globs.filter(isLiteral), (glob) => glob.last);
  const extensions = Map.groupBy(globs.filter(isExtension), (glob) => glob.last.slice(1));
  const patterns = Map.groupBy(
    globs
      .filter((glob) => !isLiteral(glob) && !isExtension(glob))
      .map((glob) => ({ glob, matches: nameTest(glob.last) })),
    ({ glob }) => bucketOf(glob.last),
  );
  const find = (name: string): readonly Glob[] => [
    ...(literals.get(name) ?? []),
    ...suffixes(name).flatMap((suffix) => extensions.get(suffix) ?? []),
    ...[`${name.at(-1)}$`, `^${name[0]}`, '']
      .flatMap((bucket) => patterns.get(bucket) ?? [])
      .filter(({ matches }) => matches(name))
      .map(({ glob }) => glob),
  ];
  return { find };
};

/** A name need only be asked about patterns that end in its last letter, begin with its first, or do neither in a letter. */
const bucketOf = (glob: string): string => {
  const last = glob.at(-1) ?? '*';
  if (!/[*\]?)]/.test(last)) return `${last}$`;
  const first = glob[0] ?? '*';
  return /[*[?(]/.test(first) ? '' : `^${first}`;
};

const magic = /[*?[\]{}()!@\\]/;
const isLiteral = ({ last }: Glob): boolean => !magic.test(last);
const isExtension = ({ last }: Glob): boolean => last.startsWith('*.') && !magic.test(last.slice(1));

/** `.tfstate.backup` and `.backup` of `a.tfstate.backup`; of a dot file the name itself, as `*.env` matches `.env`. */
const suffixes = (name: string): readonly string[] => {
  const found: string[] = [];
  // A hostile name may be all dots; no extension of a rule has more than three.
  for (let at = name.lastIndexOf('.'); at >= 0 && found.length < 4; at = name.lastIndexOf('.', at - 1)) {
    found.push(name.slice(at));
    if (at === 0) break;
  }
  return found;
};

/** Asked for every distinct name of a repository, hence no regular expression where pieces between stars will do. */
const nameTest = (glob: string): ((name: string) => boolean) => {
  if (/[?[(]/.test(glob)) return minimatchTest(glob);
  const pieces = glob.split('*');
  const head = pieces[0] ?? '';
  const tail = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '');
  return (name) => {
    if (!name.endsWith(tail) || !name.startsWith(head) || name.length < head.length + tail.length) return false;
    let at = head.length;
    for (const piece of middle) {
      const found = name.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= name.length - tail.length;
  };
};

/** Most are never asked, and compiled only then. */
const minimatchTest = (glob: string): ((path: string) => boolean) => {
  let matcher: Minimatch | undefined;
  return (path) => {
    matcher ??= new Minimatch(glob, {
      dot: true,
      nocase: true,
      nocomment: true,
      nonegate: true,
      nobrace: true,
      platform: 'linux',
    });
    return matcher.match(path);
  };
};

const lower = (text: string): string => text.toLowerCase();

const sourceCode =
  /\.(?:[cm]?[jt]sx?|go|py|pyi|java|kts?|rb|php|cs|fs|vb|rs|cc?|cpp|cxx|hh?|hpp|mm?|swift|scala|clj|exs?|erl|hs|ml|pl|pm|lua|dart|r|jl|nim|zig|d|sol|html?|xhtml|css|scss|less|vue|svelte|md|mdx|rst|adoc|svg|proto|graphql|d\.ts|png|jpe?g|gif|ico|webp|woff2?|ttf)$/;

const allows = (glob: Glob, baseName: string): boolean => {
  const extension = sourceCode.exec(withoutBackup(lower(baseName)))?.[0];
  return extension === undefined || (!glob.isFolder && glob.last.endsWith(extension));
};
