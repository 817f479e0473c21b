import type { Coverage, Incomplete } from '../exposure/index.ts';
import { type Oid, oidBytes, oidFromBytes } from '../git/index.ts';
import { typeCodes } from '../objects/index.ts';
import type { ScannedRepository } from './scanned-repository.ts';

interface Problem {
  readonly oid: Oid | null;
  readonly where: string;
  readonly reason: string;
}

/** What was read, and what was not: counted, named, with a remedy. @param late problems that the second look met. */
export const coverageOf = (scanned: ScannedRepository, late: readonly Problem[]): Coverage => {
  const { repository, inventory, swept, refs, request } = scanned;
  // What was asked for: of a range the inventory numbers more, the commits around it.
  const counts = [0, 0, 0, 0, 0];
  let bytes = 0;
  for (const object of inventory.order) {
    const type = inventory.types[object] ?? 0;
    counts[type] = (counts[type] ?? 0) + 1;
    bytes += inventory.sizes[object] ?? 0;
  }
  const count = (type: number): number => counts[type] ?? 0;
  const problems = distinct([...swept.problems, ...late]);
  const files = [...repository.problems, ...scanned.indexProblems];
  const incomplete = [
    ...(scanned.signal.aborted ? [interrupted] : []),
    ...(hasGit(scanned) ? [] : [noGit]),
    ...shallow(scanned),
    ...missing(scanned),
    // A ref, a reflog or an index that cannot be read hides no object: named below, but every object was read.
    ...unreadable(
      problems,
      files.filter(({ where }) => where.startsWith('objects')),
    ),
    ...(scanned.signal.aborted ? [] : noCommits(scanned)),
  ];
  return {
    objects: inventory.order.length,
    blobs: count(typeCodes.blob),
    trees: count(typeCodes.tree),
    commits: count(typeCodes.commit),
    tags: count(typeCodes.tag),
    refs: refs.names.length,
    bytes,
    scannedBlobs: swept.scannedBlobs,
    skipped: [
      ...swept.skipped.map((object) => ({
        oid: oidText(scanned, object),
        source: 'blob',
        reason: 'larger than --max-blob-size',
      })),
      ...scanned.cut.map((tree) => ({
        oid: oidText(scanned, tree),
        source: 'tree',
        reason: 'limit: it unfolds into more paths than can be listed',
      })),
      ...problems.map(({ oid, where, reason }) => ({ oid, source: where, reason })),
      ...files.map(({ where, reason }) => ({ oid: null, source: where, reason })),
    ],
    missing: [...new Set([...swept.missing, ...refs.broken.map(({ oid }) => oid)])].sort(),
    suppressed: [],
    outside: [
      ...(repository.isForeignOwned
        ? [{ what: 'owner', detail: 'another user owns this repository: it is only read, what writes would refuse it' }]
        : []),
      ...repository.submodules.map(({ name, path, gitDir }) => ({
        what: 'submodule',
        detail: `${name}, a repository of its own: unleak scan ${path ?? gitDir}`,
      })),
      ...repository.outside,
      ...inventory.leftovers.map((where) => ({
        what: 'left-over file',
        detail: `${where}, of an interrupted command: not read`,
      })),
      ...inventory.salvaged.map(({ where, reason }) => ({
        what: 'index of a pack, not used',
        detail: `${where}: ${reason}; its objects were read`,
      })),
      ...(inventory.passedOver > 0
        ? [
            {
              what: 'objects of alternates',
              detail: `${inventory.passedOver} objects that no ref of this repository reaches: read them with --alternates all`,
            },
          ]
        : []),
      ...repository.alternates.map(({ directory }) => ({ what: 'alternate', detail: directory })),
    ],
    incomplete,
    complete: incomplete.length === 0,
    engine: hasGit(scanned) ? request.engine : 'isomorphic-git',
    stats: { ...swept.stats, cached: swept.cached },
  };
};

const interrupted: Incomplete = {
  reason: 'interrupted',
  detail: 'The scan was interrupted before everything was read.',
  remedy: 'Run it again and let it finish.',
};

const hasGit = ({ source }: ScannedRepository): boolean => typeof source !== 'function';

const noGit: Incomplete = {
  reason: 'no-git',
  detail:
    'There is no git on PATH: only what refs reach was read, not what lies unreachable in the object store, and no index.',
  remedy: 'Install Git 2.39 or later, put it on PATH, and scan again.',
};

const shallow = ({ repository, range }: ScannedRepository): Incomplete[] => {
  const count = range?.cutCommits ?? repository.shallowCommits.length;
  if (count === 0) return [];
  const what =
    range === null
      ? `history is cut at ${plural(count, 'commit')}, and what is older was not read`
      : `${plural(count, 'commit')} of the range ${count === 1 ? 'has its' : 'have their'} parents cut off, so all that stood there counts as brought`;
  return [
    {
      reason: 'shallow',
      detail: `This clone is shallow: ${what}.`,
      remedy:
        'git fetch --unshallow (in GitHub Actions: actions/checkout with fetch-depth: 0; in GitLab CI: GIT_DEPTH: 0)',
    },
  ];
};

const missing = ({ repository, swept, refs, range }: ScannedRepository): Incomplete[] => {
  const count = swept.missing.length + refs.broken.length;
  if (repository.isPartial && (range === null || count > 0)) {
    const counted =
      count === 0 ? '' : ` ${plural(count, 'object')} that it names ${count === 1 ? 'is' : 'are'} not here.`;
    return [
      {
        reason: 'partial',
        detail: `This is a partial clone: objects were left at the remote, and a scan fetches nothing.${counted}`,
        remedy: 'git fetch --refetch --no-filter, or scan a full clone',
      },
    ];
  }
  if (count === 0) return [];
  return [
    {
      reason: 'missing-objects',
      detail: `${plural(count, 'object')} that commits, trees or refs name ${count === 1 ? 'is' : 'are'} not in the object store${brokenRefs(refs.broken)}.`,
      remedy: 'git fsck names them; fetch them again, or scan a complete clone',
    },
  ];
};

const brokenRefs = (broken: readonly { readonly name: string }[]): string => {
  if (broken.length === 0) return '';
  const more = broken.length > 3 ? ` and ${broken.length - 3} more refs` : '';
  return `, among them what is named by ${broken
    .slice(0, 3)
    .map(({ name }) => name)
    .join(', ')}${more}`;
};

const unreadable = (objects: readonly Problem[], files: readonly { where: string; reason: string }[]): Incomplete[] => {
  const list = [
    ...objects.map(({ oid, where, reason }) => `${oid ?? where}: ${reason}`),
    ...files.map(({ where, reason }) => `${where}: ${reason}`),
  ];
  if (list.length === 0) return [];
  const more = list.length > 3 ? `, and ${list.length - 3} more` : '';
  return [
    {
      reason: 'unreadable',
      detail: `${plural(list.length, 'object or file', 'objects or files')} could not be read: ${list.slice(0, 3).join('; ')}${more}.`,
      remedy: 'git fsck names what is damaged; scan a fresh clone beside this one',
    },
  ];
};

const noCommits = ({ swept, range }: ScannedRepository): Incomplete[] => {
  if (range !== null) return range.commits > 0 ? [] : [emptyRange];
  return swept.commits.count > 0
    ? []
    : [
        {
          reason: 'no-commits',
          detail: 'This repository has no commits: there was no history to read.',
          remedy: 'Check that it is the right one.',
        },
      ];
};

const emptyRange: Incomplete = {
  reason: 'empty-range',
  detail: 'No commit was chosen: there was nothing to read.',
  remedy: 'Check the range or the date; where it may be empty, --allow-incomplete makes that exit with 0.',
};

/** Written out: to ask for a locale loads all of them, a twentieth of a second. */
const plural = (count: number, one: string, many = `${one}s`): string =>
  `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')} ${count === 1 ? one : many}`;

const distinct = (problems: readonly Problem[]): readonly Problem[] => {
  const seen = new Map(problems.map((problem) => [`${problem.oid ?? ''} ${problem.where}`, problem] as const));
  return [...seen.keys()].sort().flatMap((key) => seen.get(key) ?? []);
};

const oidText = ({ inventory }: ScannedRepository, object: number): string => {
  const length = oidBytes(inventory.format);
  return oidFromBytes(inventory.oids, object * length, length);
};
