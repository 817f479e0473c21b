import type { Run } from '../exposure/index.ts';
import { typeCodes } from '../objects/index.ts';
import type { Draft } from './draft.ts';
import type { ScannedRepository } from './scanned-repository.ts';
import { subjectOf } from './subject-numbers.ts';

/** Everything that a report may show, in no promised order. */
export const draftsOf = (scanned: ScannedRepository): readonly Draft[] => [
  ...fromRuns(scanned),
  ...withoutPlace(scanned),
  ...fromObjects(scanned),
  ...fromRefNames(scanned),
];

const fromRuns = (scanned: ScannedRepository): readonly Draft[] => {
  const isNotes = scanned.refs.names.map((name) => name.startsWith('refs/notes/'));
  // Refs of a run are unpacked at every reading, and most repositories have no notes.
  const isNote = isNotes.includes(true)
    ? ({ refs }: Run): boolean => refs.length > 0 && refs.every((ref) => isNotes[ref])
    : () => false;
  return scanned.runs.filter((run) => isFileOrBlob(scanned, run)).map((run) => draftOfRun(scanned, run, isNote(run)));
};

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

const draftOfRun = (scanned: ScannedRepository, run: Run, isNote: boolean): Draft => {
  const { subject, isName } = subjectOf(run.subject);
  return {
    subject,
    source: isName ? 'path' : isNote ? 'note' : isInIndex(scanned, run) ? 'index' : 'blob',
    path: run.path,
    object: run.firstBlob,
    lastObject: run.lastBlob,
    blobs: run.blobs,
    origins: run.origins,
    introduced: run.introduced,
    removed: run.removed,
    last: run.last,
    get refs() {
      return run.refs;
    },
    inTips: run.inTips,
    reachable: run.reachable,
  };
};

/** What only the index holds: no commit shows it. */
const isInIndex = ({ indexBlobs }: ScannedRepository, run: Run): boolean =>
  run.introduced < 0 && indexBlobs.has(run.firstBlob) && run.refs.length === 0;

/** Commits and tags: their messages and people. One exposure a credential, kind and object. */
const fromObjects = (scanned: ScannedRepository): readonly Draft[] => {
  const { subjects, messageStarts } = scanned.swept;
  const { types } = scanned.inventory;
  const tips = new Set(scanned.refs.tips.map((tip) => tip.commit));
  return subjects.objects().flatMap((object) => {
    const type = types[object];
    if (type !== typeCodes.commit && type !== typeCodes.tag) return [];
    const commit = scanned.commitIndex.get(object) ?? -1;
    const refs = (commit >= 0 ? scanned.refsOfCommits.get(commit) : scanned.refs.direct.get(object)) ?? [];
    const isTip = commit < 0 ? refs.length > 0 : tips.has(commit);
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
