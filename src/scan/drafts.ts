import type { Run, SourceKind } from '../exposure/index.ts';
import { typeCodes } from '../objects/index.ts';
import type { Draft } from './draft.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { subjectOf } from './subject-numbers.ts';

/** Everything that a report may show, in no promised order. */
export const draftsOf = (scanned: ScannedRepository): readonly Draft[] => [
  ...scanned.runs.filter((run) => isFileOrBlob(scanned, run)).map((run) => draftOfRun(scanned, run)),
  ...withoutPlace(scanned),
  ...fromObjects(scanned),
  ...fromRefNames(scanned),
];

/** Blobs at so many paths that none could be listed: reported all the same, without a path. */
const withoutPlace = (scanned: ScannedRepository): readonly Draft[] => {
  if (scanned.cut.length === 0) return [];
  const { subjects } = scanned.swept;
  const placed = new Set(scanned.runs.map((run) => subjectOf(run.subject).subject));
  return subjects
    .objects()
    .filter((object) => scanned.inventory.types[object] === typeCodes.blob)
    .flatMap((object) =>
      subjects
        .shownBy(object)
        .filter((subject) => !placed.has(subject))
        .map((subject) => ({ subject, object })),
    )
    .map(({ subject, object }) => ({
      ...{ subject, object, lastObject: object, blobs: 1, source: 'blob' as const, path: null },
      ...{ origins: [], introduced: -1, removed: -1, last: -1, refs: [], inTips: false, reachable: false },
    }));
};

/** Commits and tags that show something come by their own way. */
const isFileOrBlob = ({ inventory }: ScannedRepository, { firstBlob }: Run): boolean => {
  const type = firstBlob < 0 ? typeCodes.blob : inventory.types[firstBlob];
  return type !== typeCodes.commit && type !== typeCodes.tag;
};

const draftOfRun = (scanned: ScannedRepository, run: Run): Draft => {
  const { subject, isName } = subjectOf(run.subject);
  const { refs } = run;
  return {
    subject,
    source: isName ? 'path' : sourceOf(scanned, run, refs),
    path: run.path,
    object: run.firstBlob,
    lastObject: run.lastBlob,
    blobs: run.blobs,
    origins: run.origins,
    introduced: run.introduced,
    removed: run.removed,
    last: run.last,
    refs,
    inTips: run.inTips,
    reachable: run.reachable,
  };
};

const sourceOf = (scanned: ScannedRepository, run: Run, refs: readonly number[]): SourceKind => {
  if (refs.length > 0 && refs.every((ref) => scanned.refs.names[ref]?.startsWith('refs/notes/') === true))
    return 'note';
  // What only the index holds: no commit shows it.
  if (run.introduced < 0 && refs.length === 0 && scanned.indexBlobs.has(run.firstBlob)) return 'index';
  return 'blob';
};

/** Commits and tags: their messages and people. One exposure a credential, kind and object. */
const fromObjects = (scanned: ScannedRepository): readonly Draft[] => {
  const { subjects, messageStarts } = scanned.swept;
  const { types } = scanned.inventory;
  return subjects.objects().flatMap((object) => {
    const type = types[object];
    if (type !== typeCodes.commit && type !== typeCodes.tag) return [];
    const commit = scanned.commitIndex.get(object) ?? -1;
    const refs = (commit >= 0 ? scanned.refsOfCommits.get(commit) : scanned.refs.direct.get(object)) ?? [];
    const isTip = commit < 0 ? refs.length > 0 : scanned.refs.tips.some((tip) => tip.commit === commit);
    const places = new Set(
      subjects
        .sightingsIn(object)
        .map(({ subject, start }) => `${subject} ${start >= (messageStarts.get(object) ?? 0) ? 'message' : 'people'}`),
    );
    return [...places].map((place): Draft => {
      const [subject, part] = place.split(' ');
      return {
        subject: Number(subject),
        source:
          type === typeCodes.tag && part === 'message'
            ? 'tag-message'
            : part === 'message'
              ? 'commit-message'
              : 'commit-people',
        path: null,
        object,
        lastObject: object,
        blobs: 0,
        origins: commit < 0 ? [] : [commit],
        introduced: commit,
        removed: -1,
        last: commit,
        refs,
        inTips: isTip,
        reachable: refs.length > 0,
      };
    });
  });
};

const fromRefNames = ({ refNames }: ScannedRepository): readonly Draft[] =>
  refNames.map(({ subject, ref }) => ({
    subject,
    source: 'ref-name',
    path: null,
    object: -1,
    lastObject: -1,
    blobs: 0,
    origins: [],
    introduced: -1,
    removed: -1,
    last: -1,
    refs: [ref],
    inTips: true,
    reachable: true,
  }));
